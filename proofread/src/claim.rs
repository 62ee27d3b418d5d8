//! A claim: a relation with all that is needed to decide it.

use crate::expr::{Expr, Id, Kind, Rewriting, Symbol};
use crate::notation::Notation;
use crate::relation::Relation;
use std::sync::Arc;

/// A relation with all that is needed to decide it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    pub(crate) left: Expr,
    pub(crate) relation: Relation,
    pub(crate) right: Expr,
    /// What must hold for the claim to apply.
    pub(crate) conditions: Vec<(Expr, Relation, Expr)>,
    /// The definitions that it may use.
    pub(crate) uses: Vec<Rewriting>,
    pub(crate) notation: Arc<Notation>,
    /// How near the sides of ≈ are, relative to their size.
    pub(crate) tolerance: Option<f64>,
    /// The symbol that a proportionality or a limit is about, and where it
    /// goes.
    pub(crate) varies: Option<(Symbol, Option<Limit>)>,
}

/// Where the variable of a limit goes.
pub(crate) use crate::expr::Destination as Limit;

impl Claim {
    /// The same claim is always tested at the same points.
    pub(crate) fn seed(&self) -> u64 {
        crate::value::hash(&format!("{} {}", self.left, self.right))
    }

    /// The largest whole number in the conditions, or 0: an index may be compared
    /// with it.
    pub(crate) fn largest_number(&self) -> i64 {
        let mut largest = 0;
        for side in self.conditions.iter().flat_map(|(a, _, b)| [a, b]) {
            side.visit(&mut |e| {
                if let Kind::Number { digits, .. } = e.kind {
                    largest = largest.max(digits);
                }
            });
        }
        largest
    }

    /// Both sides, and what the conditions compare.
    pub(crate) fn expressions(&self) -> Vec<&Expr> {
        let conditions = self.conditions.iter().flat_map(|(a, _, b)| [a, b]);
        [&self.left, &self.right].into_iter().chain(conditions).collect()
    }

    /// Whether a side has a derivative through a root or a norm: the rules of
    /// derivatives divide by it, so where it is 0 they do not tell whether the
    /// derivative has a value, as that of `\|x\|^3` has.
    pub(crate) fn has_rough_derivative(&self) -> bool {
        let rough = |of: &Expr| {
            let mut found = false;
            of.visit(&mut |e| {
                found |= match &e.kind {
                    Kind::Norm(_)
                    | Kind::Root(_)
                    | Kind::OddRoot(..)
                    | Kind::Extremum(_)
                    | Kind::Cases(_) => true,
                    Kind::Power(_, exponent) => {
                        !matches!(exponent.kind, Kind::Number { .. })
                    }
                    // What defines it may have one.
                    Kind::Symbol(symbol) => {
                        let known = self.notation.symbols.get(&symbol.id());
                        known.is_some_and(|known| known.means.is_some())
                            || self
                                .uses
                                .iter()
                                .any(|u| u.symbol.name == symbol.name)
                    }
                    _ => false,
                };
            });
            found
        };
        let mut found = false;
        for side in [&self.left, &self.right] {
            side.visit(&mut |e| {
                if let Kind::Derivative(derivative) = &e.kind {
                    found |= rough(&derivative.of);
                }
            });
        }
        found
    }

    /// Whether the claim, or what it rests on, holds a symbol.
    pub(crate) fn speaks_of(&self, id: &Id) -> bool {
        let uses = self.uses.iter().map(|used| &used.body);
        let mut all = self.expressions().into_iter().chain(uses);
        all.any(|expr| mentions(expr, id))
    }

    /// Whether it is about densities, expectations or divergences.
    pub(crate) fn is_about_probabilities(&self) -> bool {
        let mut found = false;
        for side in [&self.left, &self.right] {
            side.visit(&mut |e| {
                found |= matches!(
                    e.kind,
                    Kind::Normal(_)
                        | Kind::Density(_)
                        | Kind::Expectation(_)
                        | Kind::Divergence(..)
                );
            });
        }
        found
    }
}

fn mentions(expr: &Expr, id: &Id) -> bool {
    let mut found = false;
    expr.visit(&mut |e| {
        found |= matches!(&e.kind, Kind::Symbol(symbol) if symbol.id() == *id);
    });
    found
}
