//! Conditions that the notation grants: `w \ge 0` for a symbol that lies in
//! `[0, oo)`.

use crate::expr::{Condition, Expr, Kind};
use crate::notation::{Interval, Notation};
use crate::read::Relation;

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

fn grants(domain: Interval, relation: Relation, bound: Option<f64>) -> bool {
    let Some(bound) = bound else { return false };
    let Interval { low, high, with_low, with_high } = domain;
    match relation {
        Relation::GreaterEqual => low >= bound,
        Relation::Greater => low > bound || (low >= bound && !with_low),
        Relation::LessEqual => high <= bound,
        Relation::Less => high < bound || (high <= bound && !with_high),
        _ => false,
    }
}

fn domain(expr: &Expr, notation: &Notation) -> Option<Interval> {
    let Kind::Symbol(symbol) = &expr.kind else { return None };
    let declaration = notation.symbols.get(&symbol.id())?;
    declaration.means.is_none().then_some(declaration.domain)
}

fn number(expr: &Expr) -> Option<f64> {
    let Kind::Number { digits, decimals } = expr.kind else { return None };
    let decimals = i32::try_from(decimals).ok()?;
    #[allow(clippy::cast_precision_loss)] // far more than a bound needs
    Some(digits as f64 / 10_f64.powi(decimals))
}
