//! Conditions that the notation grants: `w \ge 0` for a symbol in `[0, oo)`.

use super::Notation;
use crate::expr::{Condition, Expr, Kind};
use crate::relation::Relation;
use crate::span::Problem;
use crate::value::{Interval, Q};
use num_traits::Zero;

/// Returns whether the domain of a symbol implies a condition on the symbol.
pub(crate) fn granted(condition: &Condition, notation: &Notation) -> bool {
    let (left, relation, right) = condition;
    let flipped = relation.flipped();
    match (notation.domain(left), notation.domain(right)) {
        (Some(domain), None) => grants(domain, *relation, number(right)),
        (None, Some(domain)) => grants(domain, flipped, number(left)),
        _ => false,
    }
}

/// Returns the problem of a condition that allows more than the domain of its
/// symbol: the proof would cover less than the claim.
pub(crate) fn wider(
    condition: &Condition,
    notation: &Notation,
) -> Option<Problem> {
    let (left, relation, right) = condition;
    let exact = |domain: &Interval, relation: Relation, bound: Option<Q>| {
        let bound = bound?;
        Some(match relation {
            Relation::GreaterEqual => {
                domain.low == Some(bound) && domain.with_low
            }
            Relation::Greater => domain.low == Some(bound) && !domain.with_low,
            Relation::LessEqual => {
                domain.high == Some(bound) && domain.with_high
            }
            Relation::Less => domain.high == Some(bound) && !domain.with_high,
            _ => true,
        })
    };
    let (name, relation, domain, bound) =
        match (notation.domain(left), notation.domain(right)) {
            (Some(domain), None) => (left, *relation, domain, number(right)),
            (None, Some(domain)) => {
                (right, relation.flipped(), domain, number(left))
            }
            _ => return None,
        };
    let allows_more = granted(condition, notation)
        && !exact(domain, relation, bound.clone())?;
    // `w > 0` allows less than a domain with 0, and stays a condition.
    allows_more.then(|| {
        let message = format!(
            "{name} is in {domain} by the notation, and this allows more"
        );
        Problem::new(name.span, message)
    })
}

fn grants(domain: &Interval, relation: Relation, bound: Option<Q>) -> bool {
    let Some(bound) = bound else { return false };
    let strictly = |with: bool| {
        matches!(relation, Relation::GreaterEqual | Relation::LessEqual)
            || !with
    };
    let end = match relation {
        Relation::GreaterEqual | Relation::Greater => {
            let low = domain.low.as_ref();
            low.map(|low| (*low > bound, *low == bound, domain.with_low))
        }
        Relation::LessEqual | Relation::Less => {
            let high = domain.high.as_ref();
            high.map(|high| (*high < bound, *high == bound, domain.with_high))
        }
        _ => None,
    };
    end.is_some_and(|(beyond, at, with)| beyond || at && strictly(with))
}

fn number(expr: &Expr) -> Option<Q> {
    if let Kind::Sum(terms) = &expr.kind
        && let [(true, only)] = terms.as_slice()
    {
        return number(only).map(|x| -x);
    }
    if let Kind::Quotient(above, below) = &expr.kind {
        let below = number(below)?;
        return (!below.is_zero()).then_some(number(above)? / below);
    }
    let Kind::Number { digits, decimals } = expr.kind else { return None };
    let ten = num_bigint::BigInt::from(10);
    Some(Q::new(digits.into(), ten.pow(decimals)))
}
