//! Names that definitions depend on, also through other definitions.

use super::{Declaration, Notation};
use crate::expr::{Expr, Id, Kind, Rewriting};

impl Notation {
    /// Returns whether a definition of the text repeats the notation's.
    pub(crate) fn says(&self, rewriting: &Rewriting) -> bool {
        let Rewriting { symbol, body } = rewriting;
        let Some(declaration) = self.symbols.get(&symbol.id()) else {
            return false;
        };
        let mut named = symbol.indices.iter().zip(&declaration.indices);
        let same = |(index, name): (&Expr, &String)| matches!(&index.kind, Kind::Symbol(s) if s.name == *name);
        symbol.arguments.is_empty()
            && declaration.means.as_ref() == Some(body)
            && named.all(same)
    }

    /// Marks the definitions that depend on the place of use, also through
    /// other definitions.
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
                    let names = crate::expr::names(e);
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
}
