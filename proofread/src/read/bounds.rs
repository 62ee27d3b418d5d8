//! Bounds behind a comma or a wide space: `\sqrt{a^2} = a, \quad a > 0`.

use super::Scope;
use super::clauses::Clause;
use super::expression::expression;
use super::relations::is_membership;
use crate::expr::{Expr, Kind, Symbol};
use crate::span::{Problem, Span};
use std::collections::BTreeSet;

/// Returns whether a bound is a condition on a claim: the claim, or a
/// definition of a symbol in the claim, contains the bounded symbol. Without a
/// word such as `for`, a bound on another symbol may be a claim.
pub(super) fn is_about(
    bound: &Clause,
    claim: &Clause,
    scope: &mut Scope,
) -> bool {
    let element = |clause: &Clause| {
        clause.relations.last().is_some_and(|(sign, ..)| is_membership(sign))
    };
    if element(claim) {
        return false;
    }
    let bounded: Vec<Symbol> = bound
        .sides
        .iter()
        .chain(&bound.also)
        .filter_map(|side| match expression(side, scope).ok()?.kind {
            Kind::Symbol(symbol) if !scope.is_whole(&symbol.name) => {
                Some(symbol)
            }
            _ => None,
        })
        .collect();
    let sides = claim.sides.iter().chain(&claim.also);
    let sides: Vec<Expr> =
        sides.filter_map(|side| expression(side, scope).ok()).collect();
    bounded.iter().all(|symbol| holds(&sides, symbol, scope))
}

/// Returns whether expressions or their symbols' definitions contain a symbol.
fn holds(sides: &[Expr], symbol: &Symbol, scope: &Scope) -> bool {
    let mut found = false;
    let mut seen = BTreeSet::new();
    let mut todo: Vec<&Expr> = sides.iter().collect();
    while let Some(expr) = todo.pop() {
        expr.visit(&mut |e| {
            let Kind::Symbol(other) = &e.kind else { return };
            found |=
                symbol.arguments == other.arguments && symbol.may_be(other);
            let known = scope.notation.symbols.get(&other.id());
            let means = known.and_then(|known| known.means.as_ref());
            if let Some(means) = means
                && seen.insert(other.id())
            {
                todo.push(means);
            }
        });
    }
    found
}

/// Returns the problem of a bound on a symbol that the claim lacks.
pub(super) fn of_another(bound: &Clause) -> Problem {
    bound_or_claim(bound.span())
}

/// Returns the problem of a bound that may be a condition or a claim.
pub(crate) fn bound_or_claim(bound: Span) -> Problem {
    let message = "is this a condition on what stands before, or a claim?";
    Problem::new(bound, message).hint(
        "write a condition with 'for' or 'if', and a claim in a formula of its own",
    )
}
