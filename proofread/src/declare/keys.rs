//! The keys of the file: names, indices and parameters.

use crate::expr::{Id, Symbol};
use crate::notation::Notation;
use crate::read::Scope;
use crate::read::known;
use crate::read::layout::pieces;
use crate::read::names::{Head, head, separates, spelled, with_sub};
use crate::read::pieces::Piece;
use crate::span::{Problem, Span};

impl Notation {
    /// Returns the parameters in a key such as `f(x_t, t)`.
    pub(super) fn parameters(
        &self,
        rest: &[Piece],
    ) -> Result<Vec<Symbol>, String> {
        use crate::read::pieces::Kind as P;
        let bad = || "after the name come parameters, such as (x_t, t)".into();
        if rest.is_empty() {
            return Ok(vec![]);
        }
        let [open, inner @ .., close] = rest else { return Err(bad()) };
        let (P::Open(_), P::Close(_)) = (&open.kind, &close.kind) else {
            return Err(bad());
        };
        let mut parameters = vec![];
        for part in inner.split(|p| matches!(p.kind, P::Comma(_))) {
            let [piece] = part else { return Err(bad()) };
            let head = head(piece).ok_or_else(bad)?;
            let scope = Scope::new(self);
            let symbol = scope.parameter(&head).map_err(|p| p.message)?;
            parameters.push(symbol);
        }
        Ok(parameters)
    }

    pub(super) fn id(&self, key: &str) -> Result<Id, Problem> {
        let found = pieces(key, false)?;
        let here = Span::new(0, key.len());
        let none = || Problem::new(here, "a symbol has a name");
        let (first, rest) = found.split_first().ok_or_else(none)?;
        let (name, indices) = self.family(&head(first).ok_or_else(none)?);
        let parameters = self
            .parameters(rest)
            .map_err(|message| Problem::new(here, message))?;
        let arguments = parameters.len();
        Ok(Id { name, indices: indices.len(), arguments })
    }

    /// Returns the standard spelling of a name.
    pub(super) fn plain_name(&self, key: &str) -> Result<String, Problem> {
        let found = pieces(key, false)?;
        let span = Span::new(0, key.len());
        let [only] = found.as_slice() else {
            return Err(Problem::new(span, "a name is one symbol"));
        };
        let head = head(only)
            .ok_or_else(|| Problem::new(span, "this is not a name"))?;
        let (name, _) = self.family(&head);
        match known::fault(&name) {
            Some(message) => Err(Problem::new(span, message)),
            None => Ok(name),
        }
    }

    /// Returns the name and the indices of a family. A subscript that is not
    /// made of indices alone is a part of the name.
    pub(crate) fn family(&self, head: &Head) -> (String, Vec<String>) {
        let Some(sub) = &head.sub else { return (head.name.clone(), vec![]) };
        let names: Vec<String> = sub.split(separates).map(spelled).collect();
        if names.iter().all(|name| self.indices.contains_key(name)) {
            return (head.name.clone(), names);
        }
        (with_sub(&head.name, sub), vec![])
    }
}
