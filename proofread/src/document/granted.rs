//! Conditions that the notation grants: `w \ge 0` for a symbol that lies in
//! `[0, oo)`.

use crate::expr::{Condition, Expr, Kind};
use crate::notation::Notation;
use crate::read::Relation;
use crate::value::{Interval, Q};

/// Whether the domain of a symbol already says what a condition says of it.
pub(super) fn granted(condition: &Condition, notation: &Notation) -> bool {
    let (left, relation, right) = condition;
    let flipped = match relation {
        Relation::Less => Relation::Greater,
        Relation::LessEqual => Relation::GreaterEqual,
        Relation::Greater => Relation::Less,
        Relation::GreaterEqual => Relation::LessEqual,
        _ => return false,
    };
    match (domain(left, notation), domain(right, notation)) {
        (Some(domain), None) => grants(domain, *relation, number(right)),
        (None, Some(domain)) => grants(domain, flipped, number(left)),
        _ => false,
    }
}

fn grants(domain: Interval, relation: Relation, bound: Option<Q>) -> bool {
    let Some(bound) = bound else { return false };
    let strictly = |with: bool| {
        matches!(relation, Relation::GreaterEqual | Relation::LessEqual)
            || !with
    };
    let end = match relation {
        Relation::GreaterEqual | Relation::Greater => {
            domain.low.map(|low| (low > bound, low == bound, domain.with_low))
        }
        Relation::LessEqual | Relation::Less => domain
            .high
            .map(|high| (high < bound, high == bound, domain.with_high)),
        _ => None,
    };
    end.is_some_and(|(beyond, at, with)| beyond || at && strictly(with))
}

fn domain(expr: &Expr, notation: &Notation) -> Option<Interval> {
    let Kind::Symbol(symbol) = &expr.kind else { return None };
    let declaration = notation.symbols.get(&symbol.id())?;
    declaration.means.is_none().then(|| declaration.domain.clone())
}

fn number(expr: &Expr) -> Option<Q> {
    let Kind::Number { digits, decimals } = expr.kind else { return None };
    let ten = num_bigint::BigInt::from(10);
    Some(Q::new(digits.into(), ten.pow(decimals)))
}
