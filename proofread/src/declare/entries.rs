//! Notation entries that contradict themselves or one another.

use super::file::{Entry, File, at};
use crate::expr::{Expr, Id, Kind, Symbol};
use crate::notation::{Bound, Declaration, Notation, Sort};
use crate::read::Relation;
use crate::read::known;
use crate::span::{Problem, Span};
use crate::types;
use toml::Spanned;

impl Notation {
    /// Returns what is wrong with a symbol by itself, if anything.
    pub(super) fn entry_fault(
        &self,
        declaration: &Declaration,
        entry: &Entry,
    ) -> Option<String> {
        if let Some(fault) = known::fault(&declaration.name) {
            return Some(fault);
        }
        let parameters = &declaration.parameters;
        let again = |(i, p): (usize, &Symbol)| parameters[..i].contains(p);
        if parameters.iter().enumerate().any(again) {
            return Some("two parameters of one name".into());
        }
        let is_vector = declaration.sort == Sort::Vector;
        if is_vector && (entry.domain.is_some() || entry.draw.is_some()) {
            return Some("an interval, but this is a vector".into());
        }
        if declaration.standard_normal && entry.domain.is_some() {
            let message = "standard normal, and in an interval: a normal \
                           number may lie anywhere";
            return Some(message.into());
        }
        if entry.means.is_some() && declaration.standard_normal {
            let message = "random by itself, and defined: it can be only one";
            return Some(message.into());
        }
        if entry.means.is_some() && entry.draw.is_some() {
            let message = "defined, so it is not drawn: leave out `draw`";
            return Some(message.into());
        }
        let (low, high) = declaration.range.as_ref()?;
        self.is_empty(low, high).then(|| "its range is empty".into())
    }

    /// Returns whether no number lies between two bounds, for any size that the
    /// notation lists.
    fn is_empty(&self, low: &Bound, high: &Bound) -> bool {
        self.never(high, low)
    }

    /// Returns whether the first bound is below the second for all sizes that
    /// the notation lists.
    pub(super) fn never(&self, low: &Bound, high: &Bound) -> bool {
        if low.size == high.size {
            return low.offset < high.offset;
        }
        match (self.extent(low), self.extent(high)) {
            (Some((_, most)), Some((least, _))) => most < least,
            _ => false,
        }
    }

    /// Returns the least and the largest value of a bound; none if the bound is
    /// an index.
    fn extent(&self, bound: &Bound) -> Option<(i64, i64)> {
        let (low, high) = match &bound.size {
            None => (0, 0),
            Some(name) => *self.sizes.get(name)?,
        };
        Some((low + bound.offset, high + bound.offset))
    }

    /// Refuses names that have two meanings.
    pub(super) fn check_names(&self, file: &File, problems: &mut Vec<Problem>) {
        for name in file.indices.keys() {
            if let Some(range) = file.sizes.get(name) {
                let message = format!("{name} is a size and an index");
                problems.push(at(range, &message));
            }
        }
        for key in file.symbols.keys() {
            let Ok(id) = self.id(key.get_ref()) else { continue };
            if let Some(message) = self.clash(&id) {
                problems.push(at(key, &message));
            }
        }
    }

    /// Refuses symbols after which a bracket could be a call or a product.
    pub(super) fn check_calls(&self, file: &File, problems: &mut Vec<Problem>) {
        for key in file.symbols.keys() {
            let Ok(id) = self.id(key.get_ref()) else { continue };
            let Some(plain) = self.symbols.get(&id) else { continue };
            let function = Id { arguments: 1, ..id.clone() };
            if id.arguments == 0
                && self.symbols.contains_key(&function)
                && let Some((message, hint)) =
                    self.call_or_product(&id, plain.means.as_ref())
            {
                problems.push(at(key, &message).hint(hint));
            }
        }
    }

    /// Refuses a definition whose type does not fit its symbol, or in which a
    /// sum captures a name that another definition uses.
    pub(super) fn check_meanings(
        &self,
        defined: &[(Id, &Spanned<String>)],
        problems: &mut Vec<Problem>,
    ) {
        for (id, text) in defined {
            let Some(known) = self.symbols.get(id) else { continue };
            let Some(means) = &known.means else { continue };
            let symbol = named(known);
            let caught = self.captures_in_definition(&symbol, means, &[]);
            let fault = if let Some(problem) = caught {
                Err(problem)
            } else {
                let left = Expr::new(Kind::Symbol(symbol), Span::default());
                types::check(&left, Relation::Equal, means, self)
            };
            if let Err(problem) = fault {
                let message = format!("{}: {}", known.name, problem.message);
                let mut problem = Problem { message, ..problem };
                problem.span = at(*text, "").span;
                problems.push(problem);
            }
        }
    }
}

/// Returns a declared symbol, with its indices and parameters standing for
/// themselves.
fn named(declaration: &Declaration) -> Symbol {
    let whole = |kind| Expr::new(kind, Span::default());
    let index = |name: &String| {
        let (name, indices, arguments) = (name.clone(), vec![], vec![]);
        whole(Kind::Symbol(Symbol { name, indices, arguments }))
    };
    let parameter = |p: &Symbol| whole(Kind::Symbol(p.clone()));
    Symbol {
        name: declaration.name.clone(),
        indices: declaration.indices.iter().map(index).collect(),
        arguments: declaration.parameters.iter().map(parameter).collect(),
    }
}
