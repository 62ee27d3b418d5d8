//! What definitions depend on, and whether they come back to themselves.

use super::file::{File, at};
use super::{Declaration, Notation};
use crate::expr::{Id, Kind};
use crate::span::Problem;
use std::collections::BTreeSet;

impl Notation {
    /// Finds the definitions that depend on where they stand, through others
    /// if need be.
    pub(crate) fn find_ambient(&mut self) {
        self.find_dependences();
        loop {
            let found: Vec<Id> = self
                .symbols
                .values()
                .filter(|d| !d.ambient && self.is_ambient(d))
                .map(Declaration::id)
                .collect();
            if found.is_empty() {
                return;
            }
            for id in found {
                if let Some(declaration) = self.symbols.get_mut(&id) {
                    declaration.ambient = true;
                }
            }
        }
    }

    fn find_dependences(&mut self) {
        loop {
            let mut changed = false;
            for id in self.symbols.keys().cloned().collect::<Vec<_>>() {
                let Some(means) = &self.symbols[&id].means else { continue };
                let mut depends = self.symbols[&id].depends.clone();
                let before = depends.len();
                means.visit(&mut |e| {
                    let names = crate::needs::names(e);
                    for name in names {
                        let others =
                            self.symbols.values().filter(|d| d.name == name);
                        let through = others.flat_map(|d| d.depends.clone());
                        depends.extend(through);
                        depends.insert(name);
                    }
                });
                changed |= depends.len() > before;
                if let Some(declaration) = self.symbols.get_mut(&id) {
                    declaration.depends = depends;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn is_ambient(&self, declaration: &Declaration) -> bool {
        let Some(means) = &declaration.means else { return false };
        let mut bound = vec![];
        let mut ambient = false;
        means.visit(&mut |e| {
            if let Kind::Big(big) = &e.kind {
                bound.push(big.index.clone());
            }
        });
        means.visit(&mut |e| {
            let Kind::Symbol(symbol) = &e.kind else { return };
            let name = &symbol.name;
            let own =
                declaration.indices.contains(name) || bound.contains(name);
            ambient |= self.indices.contains_key(name) && !own;
            let other = self.symbols.get(&symbol.id());
            ambient |= other.is_some_and(|other| other.ambient);
        });
        ambient
    }

    /// Refuses definitions that come back to themselves at the same index;
    /// those that go down, such as `a_t = a_{t-1} b_t`, are found when they
    /// are evaluated and leave their range.
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
                // A lower index is another symbol.
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
