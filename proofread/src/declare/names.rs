//! Clashes between the names of a notation.

use crate::expr::{Expr, Id, Kind};
use crate::notation::Notation;
use crate::read::Scope;
use crate::read::layout::pieces;
use crate::read::names::separates;
use crate::read::whole_script;

impl Notation {
    /// Returns a message if a symbol clashes with another name: with a size or
    /// an index, or, as `a_1` does, with a family.
    pub(crate) fn clash(&self, id: &Id) -> Option<String> {
        let name = &id.name;
        if id.indices == 0 {
            for (what, known) in [
                ("a size", self.sizes.contains_key(name)),
                ("an index", self.indices.contains_key(name)),
            ] {
                if known {
                    return Some(format!(
                        "{name} is {what}, and cannot be a symbol, too"
                    ));
                }
            }
        }
        let mut all = self.symbols.keys();
        let (one, family) = if id.indices == 0 {
            let family = all.find(|other| self.is_entry(name, other))?;
            (name, family)
        } else {
            let one =
                all.find(|o| o.indices == 0 && self.is_entry(&o.name, id));
            (&one?.name, id)
        };
        Some(format!(
            "{one} is an entry of the family {}, and cannot be a symbol of its \
             own",
            family.name
        ))
    }

    /// Returns a message if a number and a function have the same name: `G(2)`
    /// could be a product or a call. Both may exist if one is defined by a
    /// call, as in `\hat x := \hat x(z)`. `means` is the definition that the
    /// symbol is about to get.
    pub(crate) fn call_or_product(
        &self,
        id: &Id,
        means: Option<&Expr>,
    ) -> Option<(String, &'static str)> {
        let calls = |e: &Expr| {
            let mut found = false;
            e.visit(&mut |e| {
                found |= matches!(&e.kind, Kind::Symbol(other)
                    if other.name == id.name && other.arguments.len() == 1);
            });
            found
        };
        let other = self.symbols.values().find(|other| {
            other.name == id.name && other.parameters.len() + id.arguments == 1
        })?;
        let short = [means, other.means.as_ref()];
        if short.into_iter().flatten().any(calls) {
            return None;
        }
        let message =
            format!("{} is a function and a symbol without arguments", id.name);
        let hint = "a bracket behind it would be a call and a product: name \
                    it otherwise";
        Some((message, hint))
    }

    /// Returns whether a name, such as `a_{1}`, is an entry of a family.
    fn is_entry(&self, name: &str, family: &Id) -> bool {
        let script = name
            .strip_prefix(&family.name)
            .and_then(|rest| rest.strip_prefix("_{"))
            .and_then(|rest| rest.strip_suffix('}'));
        let Some(script) = script.filter(|_| family.indices > 0) else {
            return false;
        };
        let Ok(found) = pieces(script, false) else { return false };
        let parts = found.split(separates).count();
        parts == family.indices && whole_script(&found, &Scope::new(self))
    }
}
