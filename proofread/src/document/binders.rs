//! The variables that a claim binds, also by the definitions of its symbols, and
//! the conditions that speak of them.

use crate::expr::{
    Condition, Expectation, Expr, Id, Kind, Over, Rewriting, Symbol, Variables,
};
use crate::notation::Notation;
use crate::read::Relation;
use std::collections::BTreeSet;

/// The notation and the definitions in force.
pub(super) struct Scope<'a> {
    pub(super) notation: &'a Notation,
    pub(super) uses: &'a [Rewriting],
}

/// A variable that a claim binds.
pub(super) enum Binder<'a> {
    /// A variable that takes all its values, and the words for this. A symbol
    /// without an index stands for its whole family.
    All(Symbol, &'static str),
    /// The variable of a derivative, and what is differentiated.
    By(&'a Symbol, &'a Expr),
}

impl<'a> Scope<'a> {
    /// Adds the variables that an expression binds, also in the definitions of
    /// its symbols. An index that a definition binds has its own range there.
    pub(super) fn binders(
        &'a self,
        expr: &'a Expr,
        top: bool,
        seen: &mut BTreeSet<Id>,
        out: &mut Vec<Binder<'a>>,
    ) {
        let mut all = |symbol, what| out.push(Binder::All(symbol, what));
        match &expr.kind {
            Kind::Big(big) if top => {
                all(Symbol::plain(&big.index), "sums or multiplies over");
            }
            Kind::Integral(integral) => {
                all(integral.by.clone(), "integrates over");
            }
            Kind::Limit(limit) => {
                all(limit.by.clone(), "takes to a limit");
            }
            Kind::Extremum(extremum) => {
                if let Some(over) = &extremum.over {
                    all(over.clone(), "minimises or maximises over");
                }
            }
            Kind::Derivative(derivative) => {
                out.push(Binder::By(&derivative.by, &derivative.of));
            }
            Kind::Expectation(mean) => {
                let random = self.random(mean, top);
                out.extend(
                    random.into_iter().map(|s| Binder::All(s, "averages over")),
                );
            }
            Kind::Divergence(..) => {
                for side in expr.children() {
                    if let Kind::Density(density) = &side.kind {
                        for of in &density.of {
                            all(variable(of), "averages over");
                        }
                    }
                }
            }
            Kind::Symbol(symbol) => {
                for (body, _) in self.definitions(symbol) {
                    if seen.insert(symbol.id()) {
                        self.binders(body, false, seen, out);
                    }
                }
            }
            _ => {}
        }
        for child in expr.children() {
            self.binders(child, top, seen, out);
        }
    }

    /// Returns the variables that a mean is over.
    fn random(&self, mean: &Expectation, top: bool) -> Vec<Symbol> {
        let symbols = self.notation.symbols.values();
        let noise = symbols.filter(|d| d.standard_normal);
        let mut all: Vec<_> = noise.map(|d| Symbol::plain(&d.name)).collect();
        for over in &mean.over {
            match over {
                Over::Process(name) => {
                    let process = self.notation.processes.get(name);
                    all.extend(process.map(|p| Symbol::plain(&p.variable)));
                }
                Over::Density(density) => {
                    all.extend(density.of.iter().map(variable));
                }
                Over::Variable(symbol) | Over::Drawn(symbol, _) => {
                    all.push(symbol.clone());
                }
                Over::Index(name, _) if top => all.push(Symbol::plain(name)),
                Over::Index(..) => {}
            }
        }
        // The mean is over the other variables of the same family.
        all.extend(mean.given.iter().map(|v| Symbol::plain(&v.name)));
        all
    }

    /// Returns the definitions of a symbol, with the names of the parameters.
    fn definitions(
        &self,
        symbol: &Symbol,
    ) -> impl Iterator<Item = (&Expr, Vec<&str>)> {
        let id = symbol.id();
        let declared = self.notation.symbols.get(&id);
        let own = declared.and_then(|d| {
            let names = d.parameters.iter().map(|p| p.name.as_str());
            Some((d.means.as_ref()?, names.collect()))
        });
        let used = self.uses.iter().filter(move |u| u.symbol.id() == id);
        let used = used.map(|u| {
            let names = u.symbol.arguments.iter().filter_map(|e| {
                let Kind::Symbol(parameter) = &e.kind else { return None };
                Some(parameter.name.as_str())
            });
            (&u.body, names.collect())
        });
        own.into_iter().chain(used)
    }

    /// Returns whether an expression speaks of a variable, also by the
    /// definitions of its symbols.
    pub(super) fn speaks_of(&self, expr: &Expr, of: &Symbol) -> bool {
        self.speaks(expr, of, &mut BTreeSet::new())
    }

    fn speaks(
        &self,
        expr: &Expr,
        of: &Symbol,
        seen: &mut BTreeSet<Id>,
    ) -> bool {
        if let Kind::Symbol(symbol) = &expr.kind {
            if self.may_be(symbol, of) {
                return true;
            }
            // The indices of a definition are its own.
            let is_index = self.notation.indices.contains_key(&of.name);
            let mut definitions = self.definitions(symbol);
            let found = definitions.any(|(body, parameters)| {
                !is_index
                    && !parameters.contains(&of.name.as_str())
                    && seen.insert(symbol.id())
                    && self.speaks(body, of, seen)
            });
            if found {
                return true;
            }
        }
        if let Kind::Density(density) = &expr.kind {
            let mut all = density.of.iter().chain(&density.given);
            if all.any(|v| self.may_be(&variable(v), of)) {
                return true;
            }
        }
        let mut children = expr.children().into_iter();
        children.any(|child| self.speaks(child, of, seen))
    }

    /// Returns whether a symbol may be the variable, or one of its family.
    fn may_be(&self, symbol: &Symbol, of: &Symbol) -> bool {
        if symbol.name != of.name {
            return false;
        }
        let mut indices = symbol.indices.iter().zip(&of.indices);
        indices.all(|(a, b)| !self.differ(a, b) && !self.differ(b, a))
    }

    /// Returns whether two indices never agree: two numbers, or a number below
    /// the range of an index.
    fn differ(&self, a: &Expr, b: &Expr) -> bool {
        let Kind::Number { digits, .. } = a.kind else { return false };
        match &b.kind {
            Kind::Number { digits: other, .. } => digits != *other,
            Kind::Symbol(index) => {
                let range = self.notation.indices.get(&index.name);
                range.is_some_and(|(low, _)| {
                    low.size.is_none() && digits < low.offset
                })
            }
            _ => false,
        }
    }

    /// Returns whether a condition may make one symbol depend on another: an
    /// equation, or a bound that a second bound makes an equation.
    pub(super) fn couples(
        &self,
        condition: &Condition,
        symbol: &Symbol,
    ) -> bool {
        let (left, relation, right) = condition;
        let other = |side: &Expr| {
            let mut found = false;
            side.visit(&mut |e| {
                found |= matches!(&e.kind, Kind::Symbol(s) if s != symbol
                    && !self.notation.indices.contains_key(&s.name));
            });
            found
        };
        match relation {
            Relation::Equal => true,
            Relation::LessEqual
            | Relation::GreaterEqual
            | Relation::Approximately => other(left) || other(right),
            _ => false,
        }
    }

    /// Returns whether a condition says at which point a derivative is taken, as
    /// `x_t = …` does, or is about a symbol that is not differentiated.
    pub(super) fn is_point(
        &self,
        condition: &Condition,
        by: &Symbol,
        of: &Expr,
    ) -> bool {
        let (left, relation, right) = condition;
        let about = |side: &Expr| {
            let Kind::Symbol(symbol) = &side.kind else { return false };
            symbol == by || !self.speaks_of(of, symbol)
        };
        about(left) || *relation != Relation::Equal && about(right)
    }
}

/// Returns a variable of a process. A range stands for the whole family.
fn variable(of: &Variables) -> Symbol {
    let range = of.to.is_some();
    Symbol {
        name: of.name.clone(),
        indices: if range { vec![] } else { vec![of.from.clone()] },
        arguments: vec![],
    }
}
