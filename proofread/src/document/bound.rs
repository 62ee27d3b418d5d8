//! Conditions on variables that a claim binds. In
//! `\mathbb E[g h] = 0 \text{ where } g = h`, the condition would hold at one
//! value of `g`, and the mean is over all of them.

use super::binders::{Binder, Scope};
use crate::expr::{Condition, Expr, Kind, Symbol};
use crate::read::Relation;
use crate::span::{Problem, Span};
use std::collections::BTreeSet;

/// Refuses a condition that speaks of a variable that the claim binds.
pub(super) fn on_bound(
    sides: [&Expr; 2],
    conditions: &[Condition],
    varies: Option<&Symbol>,
    scope: &Scope,
) -> Option<Problem> {
    if conditions.is_empty() {
        return None;
    }
    let mut binders = vec![];
    for side in sides {
        scope.binders(side, true, &mut BTreeSet::new(), &mut binders);
    }
    let checked =
        |(_, relation, _): &&Condition| *relation != Relation::Distributed;
    for condition in conditions.iter().filter(checked) {
        let (left, _, right) = condition;
        let speaks_of = |symbol: &Symbol| {
            scope.speaks_of(left, symbol) || scope.speaks_of(right, symbol)
        };
        let span = left.span.to(right.span);
        for binder in &binders {
            let (symbol, what) = match binder {
                Binder::All(symbol, what) => (symbol, *what),
                Binder::By(by, of)
                    if scope.couples(condition, by)
                        && !scope.is_point(condition, by, of) =>
                {
                    (*by, "differentiates by")
                }
                Binder::By(..) => continue,
            };
            if speaks_of(symbol) {
                return Some(refused(symbol, what, span));
            }
        }
        let couples = |symbol: &&Symbol| scope.couples(condition, symbol);
        if let Some(symbol) = varies.filter(couples).filter(|s| speaks_of(s)) {
            return Some(refused(symbol, "varies", span));
        }
    }
    None
}

/// Refuses `f(2) = 2 \text{ where } f(x) = x`: the condition is on the value at
/// `x` only, and reads like a definition of `f`.
pub(super) fn on_function(
    sides: [&Expr; 2],
    conditions: &[Condition],
) -> Option<Problem> {
    conditions.iter().find_map(|(left, relation, right)| {
        let Kind::Symbol(symbol) = &left.kind else { return None };
        if symbol.arguments.is_empty() || *relation != Relation::Equal {
            return None;
        }
        let mut other = false;
        for side in sides {
            side.visit(&mut |e| {
                other |= matches!(&e.kind, Kind::Symbol(of)
                    if of.id() == symbol.id() && of != symbol);
            });
        }
        other.then(|| {
            let message = format!(
                "is this what {} is, or its value at one point?",
                symbol.name
            );
            Problem::new(left.span.to(right.span), message)
                .hint("define a function in a formula before, with :=")
        })
    })
}

fn refused(symbol: &Symbol, what: &str, span: Span) -> Problem {
    let name = &symbol.name;
    let message = format!(
        "this condition speaks of {name}, which the claim {what}: the \
         condition would hold at one value only"
    );
    Problem::new(span, message).hint(
        "put the condition into the claim itself: replace a symbol by its \
         value, or write the range below the sign",
    )
}
