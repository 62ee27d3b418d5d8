//! Circular definitions.

use super::file::{File, at};
use crate::expr::{Id, Kind};
use crate::notation::Notation;
use crate::span::Problem;
use std::collections::BTreeSet;

impl Notation {
    /// Refuses indices that run over ranges of each other, or of themselves.
    pub(super) fn check_ranges(
        &self,
        file: &File,
        problems: &mut Vec<Problem>,
    ) {
        for (name, range) in &file.indices {
            let mut above = vec![name];
            let mut next = 0;
            while let Some(one) = above.get(next).copied() {
                next += 1;
                let Some((low, high)) = self.indices.get(one) else { continue };
                for end in [low, high] {
                    let Some(other) = &end.size else { continue };
                    if other == name {
                        let message =
                            format!("the range of {name} depends on {name}");
                        problems.push(at(range, &message));
                        return;
                    }
                    if !above.contains(&other) {
                        above.push(other);
                    }
                }
            }
        }
    }

    /// Refuses circular definitions, which use themselves at the same index.
    /// Definitions that go down, such as `a_t = a_{t-1} b_t`, are checked when
    /// they are evaluated and leave their range.
    pub(super) fn check_circles(
        &self,
        file: &File,
        problems: &mut Vec<Problem>,
    ) {
        for (key, entry) in &file.symbols {
            let Ok(id) = self.id(key.get_ref()) else { continue };
            let mut path = vec![];
            if entry.get_ref().means.is_some()
                && self.comes_back(&id, &mut path, &mut BTreeSet::new())
            {
                let names: Vec<_> =
                    path.iter().map(|id| id.name.as_str()).collect();
                let message = format!(
                    "this definition goes in a circle: {}",
                    names.join(" → ")
                );
                problems.push(at(key, &message));
            }
        }
    }

    fn comes_back(
        &self,
        id: &Id,
        path: &mut Vec<Id>,
        seen: &mut BTreeSet<Id>,
    ) -> bool {
        if let Some(first) = path.first()
            && first == id
        {
            path.push(id.clone());
            return true;
        }
        if !seen.insert(id.clone()) {
            return false;
        }
        let Some(declaration) = self.symbols.get(id) else { return false };
        let Some(means) = &declaration.means else { return false };
        path.push(id.clone());
        let mut next = vec![];
        means.visit(&mut |e| {
            if let Kind::Symbol(symbol) = &e.kind
                && !declaration.parameters.contains(symbol)
                // With a sum or a number as an index, it is another symbol.
                && !symbol.indices.iter().any(|i| {
                    matches!(i.kind, Kind::Sum(_) | Kind::Number { .. })
                })
            {
                next.push(symbol.id());
            }
        });
        if next.iter().any(|id| self.comes_back(id, path, seen)) {
            return true;
        }
        path.pop();
        false
    }
}
