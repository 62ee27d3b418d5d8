//! Claims: relations with everything that is needed to decide them.

use crate::expr::{Condition, Expr, Id, Kind, Rewriting, Symbol};
use crate::notation::Notation;
use crate::relation::Relation;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A relation with everything that is needed to decide it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    pub(crate) left: Expr,
    pub(crate) relation: Relation,
    pub(crate) right: Expr,
    /// The conditions under which the claim applies.
    pub(crate) conditions: Vec<(Expr, Relation, Expr)>,
    /// The definitions that the claim may use.
    pub(crate) uses: Vec<Rewriting>,
    pub(crate) notation: Arc<Notation>,
    /// The tolerance of ≈, relative to the size of the sides.
    pub(crate) tolerance: Option<f64>,
    /// The variable of a proportionality or of a limit; for a limit, also the
    /// point that the variable approaches.
    pub(crate) varies: Option<(Symbol, Option<Limit>)>,
}

/// The point or the infinity that the variable of a limit approaches.
pub(crate) use crate::expr::Destination as Limit;

impl Claim {
    /// Returns the seed of the sample points. The same claim is always tested
    /// at the same points.
    pub(crate) fn seed(&self) -> u64 {
        crate::value::hash(&format!("{} {}", self.left, self.right))
    }

    /// Returns the largest number in the conditions, or 0. A condition may
    /// compare an index with this number. Decimal points are ignored: 0.5
    /// counts as 5.
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

    /// Returns the claim as a condition on another one.
    pub(crate) fn as_condition(&self) -> Condition {
        (self.left.clone(), self.relation, self.right.clone())
    }

    /// Returns both sides of the claim and of each condition.
    pub(crate) fn expressions(&self) -> Vec<&Expr> {
        let conditions = self.conditions.iter().flat_map(|(a, _, b)| [a, b]);
        [&self.left, &self.right].into_iter().chain(conditions).collect()
    }

    /// Returns whether a side has a derivative of an expression with a root, a
    /// norm, an extremum, cases or the like. The rules of differentiation
    /// divide by such a part, so where the part is 0 they do not tell whether
    /// the derivative exists. At 0, `\|x\|^3` has one.
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
                    // The definition of the symbol may contain such a part.
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
        for expr in self.sides_and_definitions() {
            expr.visit(&mut |e| {
                if let Kind::Derivative(derivative) = &e.kind {
                    found |= rough(&derivative.of);
                }
            });
        }
        found
    }

    /// Returns both sides, and the definitions that may be put in for their symbols.
    fn sides_and_definitions(&self) -> Vec<&Expr> {
        let uses = self.uses.iter().map(|used| &used.body);
        let mut all: Vec<&Expr> =
            [&self.left, &self.right].into_iter().chain(uses).collect();
        let mut seen = BTreeSet::new();
        let mut next = 0;
        while let Some(expr) = all.get(next).copied() {
            next += 1;
            expr.visit(&mut |e| {
                let Kind::Symbol(symbol) = &e.kind else { return };
                if seen.insert(symbol.id()) {
                    let known = self.notation.symbols.get(&symbol.id());
                    all.extend(known.and_then(|known| known.means.as_ref()));
                }
            });
        }
        all
    }

    /// Returns whether a text may mean the claim as a condition on its symbols: an
    /// inequality, or an equation for a symbol without a meaning.
    pub(crate) fn may_restrict(&self) -> bool {
        let is_free = |side: &Expr| self.notation.domain(side).is_some();
        match self.relation {
            Relation::Equal => is_free(&self.left) || is_free(&self.right),
            Relation::Less
            | Relation::LessEqual
            | Relation::Greater
            | Relation::GreaterEqual
            | Relation::NotEqual => true,
            _ => false,
        }
    }

    /// Returns whether the claim or a definition that it uses contains a
    /// symbol.
    pub(crate) fn speaks_of(&self, id: &Id) -> bool {
        let uses = self.uses.iter().map(|used| &used.body);
        let mut all = self.expressions().into_iter().chain(uses);
        all.any(|expr| mentions(expr, id))
    }

    /// Returns whether a side contains a Gaussian, a density, an expectation or
    /// a divergence.
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

/// Returns whether an expression contains a symbol, with any indices.
pub(crate) fn mentions(expr: &Expr, id: &Id) -> bool {
    let mut found = false;
    expr.visit(&mut |e| {
        found |= matches!(&e.kind, Kind::Symbol(symbol) if symbol.id() == *id);
    });
    found
}
