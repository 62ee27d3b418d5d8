//! Bounds of the symbols in a condition. A missing bound leaves the symbol
//! unbounded on that side.

use super::Scope;
use super::clauses::{Clause, Mode};
use super::expression::expression;
use super::pieces::Piece;
use super::sets::{All, within};
use crate::expr::{Condition, Expr, Kind};
use crate::relation::Relation;
use crate::span::{Problem, Result};
use crate::value::Interval;

/// Refuses a quantifier over values outside the notation's domain.
/// `\forall u > 0` claims more than the condition `u > 0`: it means every such
/// value.
pub(super) fn of_quantifier(
    clause: &Clause,
    found: &[Condition],
    scope: &mut Scope,
) -> Result<()> {
    let all = matches!(clause.mode, Mode::Quantifier | Mode::All { .. });
    if !all && !clause.list {
        return Ok(());
    }
    for side in over(clause, scope) {
        if let Ok(element) = expression(side, scope) {
            ends(&element, found, scope)?;
        }
    }
    Ok(())
}

/// Refuses `for all real v` if the domain of `v` is not all real numbers.
pub(super) fn of_reals(
    clause: &Clause,
    name: &[Piece],
    scope: &mut Scope,
) -> Result<()> {
    if clause.mode != (Mode::All { real: true }) {
        return Ok(());
    }
    match expression(name, scope) {
        Ok(element) => {
            super::is_of(&element, All::Numbers, scope)?;
            within(&element, All::Numbers, scope)
        }
        // The name may be a family without its index.
        Err(problem) => Err(problem),
    }
}

/// Returns the sides that a quantifier is about: `u` of `\forall u > 0`, the
/// middle side of `\forall 0 < u < 1`, and both of `\forall a < b`.
fn over<'a>(clause: &'a Clause, scope: &mut Scope) -> Vec<&'a [Piece]> {
    let mut symbol = |side: &&Vec<Piece>| {
        matches!(
            expression(side, scope),
            Ok(Expr { kind: Kind::Symbol(_), .. })
        )
    };
    let mut about: Vec<&Vec<Piece>> = match clause.sides.as_slice() {
        [_, middle, _] if symbol(&middle) => vec![middle],
        sides => sides.iter().filter(symbol).collect(),
    };
    if let [left, right] = about.as_slice()
        && let Ok(right) = expression(right, scope)
        && scope.notation.domain(&right).is_none()
    {
        about = vec![left]; // `\forall t < T` is about `t`
    }
    let about = about.into_iter().map(Vec::as_slice);
    clause.also.iter().map(Vec::as_slice).chain(about).collect()
}

/// Refuses conditions without a bound on a symbol where the notation has a
/// bound: the proof would cover less than the claim.
pub(super) fn ends(
    element: &Expr,
    found: &[Condition],
    scope: &Scope,
) -> Result<()> {
    let Kind::Symbol(symbol) = &element.kind else { return Ok(()) };
    let whole = symbol.indices.is_empty() && is_declared(&symbol.name, scope);
    let domain = scope.notation.domain(element);
    let (mut below, mut above) = (false, false);
    for (left, relation, right) in found {
        let (relation, end) = match (left == element, right == element) {
            (true, _) => (*relation, right),
            (_, true) => (relation.flipped(), left),
            _ => continue,
        };
        // A bound that may lie beyond the domain does not count.
        let within = whole
            || domain.is_none_or(|own| match &end.kind {
                Kind::Symbol(_) => scope
                    .notation
                    .domain(end)
                    .is_some_and(|end| is_end(own, relation, end)),
                _ => is_constant(end, scope),
            });
        let equal = relation == Relation::Equal;
        below |= within
            && (equal
                || matches!(
                    relation,
                    Relation::Greater | Relation::GreaterEqual
                ));
        above |= within
            && (equal
                || matches!(relation, Relation::Less | Relation::LessEqual));
    }
    let low = whole || domain.is_some_and(|domain| domain.low.is_some());
    let high = whole || domain.is_some_and(|domain| domain.high.is_some());
    if (below || !low) && (above || !high) {
        return Ok(());
    }
    Err(match domain {
        Some(domain) if !whole => {
            let message = format!(
                "{element} is in {domain} by the notation, and this allows more"
            );
            Problem::new(element.span, message)
                .hint("write both ends, or \\text{for} and a condition")
        }
        _ => unbounded(element),
    })
}

/// Returns whether all values of a bound lie in a domain, on the bound's side.
fn is_end(of: &Interval, relation: Relation, end: &Interval) -> bool {
    let low = || {
        let pair = of.low.as_ref().zip(end.low.as_ref());
        of.low.is_none() || pair.is_some_and(|(own, end)| own <= end)
    };
    let high = || {
        let pair = of.high.as_ref().zip(end.high.as_ref());
        of.high.is_none() || pair.is_some_and(|(own, end)| end <= own)
    };
    match relation {
        Relation::Greater | Relation::GreaterEqual => low(),
        Relation::Less | Relation::LessEqual => high(),
        _ => low() && high(),
    }
}

/// Returns whether an expression has no symbol but π, so that its value is known.
fn is_constant(expr: &Expr, scope: &Scope) -> bool {
    let mut constant = true;
    expr.visit(&mut |e| {
        constant &= match &e.kind {
            Kind::Symbol(symbol) => crate::types::is_pi(symbol, scope.notation),
            _ => true,
        };
    });
    constant
}

/// Returns the problem of an index or a size without an end.
pub(super) fn unbounded(element: &Expr) -> Problem {
    let message = format!(
        "{element} has a first and a last value by the notation, and this \
         allows more"
    );
    Problem::new(element.span, message).hint(
        "write the first and the last, as in t = 1, \\dots, T, or \\text{for} \
         and a condition, as in \\text{for } t \\ge 2",
    )
}

/// Returns the indices of the symbols in a claim. The ranges of these symbols
/// bound the indices.
pub(super) fn ranged(claim: &Clause, scope: &mut Scope) -> Vec<String> {
    let mut names = vec![];
    for side in claim.sides.iter().chain(&claim.also) {
        let Ok(expr) = expression(side, scope) else { continue };
        expr.visit(&mut |e| {
            let Kind::Symbol(symbol) = &e.kind else { return };
            for index in &symbol.indices {
                if let Kind::Symbol(index) = &index.kind {
                    names.push(index.name.clone());
                }
            }
        });
    }
    names
}

/// Returns whether the notation file has an index or a size of this name, and
/// nothing else bounds it.
pub(super) fn is_declared(name: &str, scope: &Scope) -> bool {
    let bound = scope.bound.iter().chain(&scope.ranged);
    let ends = bound.into_iter().any(|bound| bound == name);
    !ends
        && (scope.notation.indices.contains_key(name)
            || scope.notation.sizes.contains_key(name))
}
