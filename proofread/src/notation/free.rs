//! Free names of an expression, through definitions, and names that a binder
//! would capture: `\sum_{x=1}^{2} A` where `A` means `x + 1`.

use super::Notation;
use crate::expr::{Expr, Id, Kind, Over, Rewriting, Symbol};
use crate::span::Problem;
use std::collections::BTreeSet;

impl Notation {
    /// Refuses a symbol whose definition contains a name that is bound around
    /// the symbol, such as the variable of a sum. Readers may disagree on
    /// whether the definition means the bound variable.
    pub(crate) fn captures(
        &self,
        expr: &Expr,
        uses: &[Rewriting],
    ) -> Option<Problem> {
        self.captured(expr, uses, &mut vec![])
    }

    /// Refuses the same in a function's definition, where parameters bind, too.
    pub(crate) fn captures_in_definition(
        &self,
        symbol: &Symbol,
        means: &Expr,
        uses: &[Rewriting],
    ) -> Option<Problem> {
        let parameters =
            symbol.arguments.iter().filter_map(|e| match &e.kind {
                Kind::Symbol(parameter) => Some(parameter.name.clone()),
                _ => None,
            });
        let around = parameters.map(|name| (name, Binder::Variable));
        self.captured(means, uses, &mut around.collect())
    }

    fn captured(
        &self,
        expr: &Expr,
        uses: &[Rewriting],
        around: &mut Vec<(String, Binder)>,
    ) -> Option<Problem> {
        if let Kind::Symbol(symbol) = &expr.kind
            && let Some(problem) = self.caught(expr, symbol, uses, around)
        {
            return Some(problem);
        }
        let (bound, body) = match &expr.kind {
            Kind::Big(big) => {
                (vec![(big.index.clone(), Binder::Index)], &big.body)
            }
            Kind::Integral(integral) => {
                let name = integral.by.name.clone();
                (vec![(name, Binder::Variable)], &integral.body)
            }
            Kind::Limit(limit) => {
                let name = limit.by.name.clone();
                (vec![(name, Binder::Variable)], &limit.of)
            }
            Kind::Extremum(extremum) => {
                let over = extremum.over.iter();
                let bound = over.map(|s| (s.name.clone(), Binder::Variable));
                (bound.collect(), extremum.of.first().unwrap_or(expr))
            }
            Kind::Expectation(mean) => {
                let bound = mean.over.iter().filter_map(|over| match over {
                    Over::Index(name, _) => Some((name.clone(), Binder::Index)),
                    Over::Drawn(drawn, _) => {
                        Some((drawn.name.clone(), Binder::Variable))
                    }
                    _ => None,
                });
                (bound.collect(), &mean.body)
            }
            _ => (vec![], expr),
        };
        if let Some(problem) = self.bound_twice(expr, uses) {
            return Some(problem);
        }
        for child in expr.children() {
            let before = around.len();
            if std::ptr::eq(child, body) {
                around.extend(bound.iter().cloned());
            }
            let found = self.captured(child, uses, around);
            around.truncate(before);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Refuses a sum or an integral over a symbol that has a meaning: with
    /// `c = b + 1`, readers may disagree on whether `b` varies in
    /// `\int_0^1 b \, dc`.
    fn bound_twice(&self, expr: &Expr, uses: &[Rewriting]) -> Option<Problem> {
        let by = match &expr.kind {
            Kind::Big(big) => Symbol::plain(&big.index),
            Kind::Integral(integral) => integral.by.clone(),
            _ => return None,
        };
        let declared = self.symbols.get(&by.id());
        let has_meaning = declared.is_some_and(|d| d.means.is_some())
            || uses.iter().any(|used| used.symbol.may_be(&by));
        has_meaning.then(|| {
            let message = format!(
                "{} has a meaning of its own, and varies here",
                by.name
            );
            Problem::new(expr.span, message).hint(
                "give the variable of the sum or the integral another name",
            )
        })
    }

    fn caught(
        &self,
        expr: &Expr,
        symbol: &Symbol,
        uses: &[Rewriting],
        around: &[(String, Binder)],
    ) -> Option<Problem> {
        if around.is_empty() {
            return None;
        }
        let names = self.of_definitions(symbol, uses)?;
        let (name, _) = around.iter().rev().find(|(name, binder)| {
            // In `\int_0^1 y\,dx` with `y := 2x`, readers agree on `x`. A
            // symbol without an index whose definition contains an index has
            // one value for each value of the index.
            let usual = match binder {
                Binder::Index => {
                    symbol.indices.is_empty() && self.indices.contains_key(name)
                }
                Binder::Variable => symbol.arguments.is_empty(),
            };
            names.contains(name) && !usual
        })?;
        let message = format!(
            "the definition of {} speaks of {name}, and so does what stands \
             around it: which {name} is meant?",
            symbol.name
        );
        let hint = format!(
            "give the variable of the sum or the integral another name, or \
             make {} a function of {name}",
            symbol.name
        );
        Some(Problem::new(expr.span, message).hint(hint))
    }

    /// Returns the names in a symbol's definitions, or `None` without any.
    fn of_definitions(
        &self,
        symbol: &Symbol,
        uses: &[Rewriting],
    ) -> Option<BTreeSet<String>> {
        let (seen, names) = (BTreeSet::new(), BTreeSet::new());
        let mut walk = Walk { notation: self, uses, seen, names };
        walk.definitions(&symbol.id(), &[]);
        (!walk.names.is_empty()).then_some(walk.names)
    }
}

/// The kind of a binder.
#[derive(Clone, Copy)]
enum Binder {
    /// The index of a sum or a product.
    Index,
    /// The variable of an integral.
    Variable,
}

struct Walk<'a> {
    notation: &'a Notation,
    uses: &'a [Rewriting],
    seen: BTreeSet<(Id, BTreeSet<String>)>,
    names: BTreeSet<String>,
}

impl Walk<'_> {
    fn expression(&mut self, expr: &Expr, bound: &mut Vec<Symbol>) {
        let before = bound.len();
        match &expr.kind {
            Kind::Symbol(symbol) => {
                if bound.contains(symbol) {
                    return;
                }
                self.names.insert(symbol.name.clone());
                // `A_t := h_t + B` passes its `t` to `B := \beta_t`.
                let given: &[Symbol] =
                    if symbol.indices.is_empty() { bound } else { &[] };
                let given = given.to_vec();
                self.definitions(&symbol.id(), &given);
            }
            Kind::Big(big) => bound.push(Symbol::plain(&big.index)),
            Kind::Integral(integral) => bound.push(integral.by.clone()),
            Kind::Extremum(extremum) => {
                bound.extend(extremum.over.iter().cloned());
            }
            _ => self.names.extend(crate::expr::names(expr)),
        }
        for child in expr.children() {
            self.expression(child, bound);
        }
        bound.truncate(before);
    }

    /// Adds the names in a symbol's definitions, without its indices and
    /// parameters, and without the given indices of the notation.
    fn definitions(&mut self, id: &Id, given: &[Symbol]) {
        let is_index =
            |s: &&Symbol| self.notation.indices.contains_key(&s.name);
        let names: BTreeSet<_> =
            given.iter().filter(is_index).map(|s| s.name.clone()).collect();
        let given: Vec<_> = names.iter().map(|n| Symbol::plain(n)).collect();
        if !self.seen.insert((id.clone(), names)) {
            return;
        }
        for used in self.uses.iter().filter(|used| used.symbol.id() == *id) {
            let own = &used.symbol;
            let own = own.indices.iter().chain(&own.arguments);
            let own = own.filter_map(|e| match &e.kind {
                Kind::Symbol(symbol) => Some(symbol.clone()),
                _ => None,
            });
            let mut bound: Vec<_> = own.chain(given.iter().cloned()).collect();
            self.expression(&used.body, &mut bound);
        }
        let Some(declared) = self.notation.symbols.get(id) else { return };
        if let Some(means) = &declared.means {
            let own = declared.indices.iter().map(|name| Symbol::plain(name));
            let own = own.chain(declared.parameters.iter().cloned());
            let mut bound: Vec<_> = own.chain(given.iter().cloned()).collect();
            self.expression(means, &mut bound);
        }
    }
}
