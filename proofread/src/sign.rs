//! What is positive whatever is drawn.

use crate::expr::{Expr, Kind, Symbol};
use crate::notation::{Interval, Notation};

/// Whether an expression is positive, or zero, at every point of its domain,
/// as far as simple rules tell.
pub(crate) fn is_positive(expr: &Expr, notation: &Notation) -> bool {
    let positive = |e: &Expr| is_positive(e, notation);
    match &expr.kind {
        Kind::Number { digits, .. } => *digits >= 0,
        Kind::Symbol(symbol) => {
            domain(symbol, notation).is_some_and(|domain| domain.low >= 0.0)
        }
        Kind::Sum(terms) => {
            terms.iter().all(|(minus, term)| !minus && positive(term))
                || is_gap(terms, notation)
        }
        Kind::Product(factors) => factors.iter().all(positive),
        Kind::Quotient(a, b) => positive(a) && positive(b),
        Kind::Power(base, exponent) => {
            let even = matches!(
                exponent.kind,
                Kind::Number { digits, decimals: 0 } if digits % 2 == 0
            );
            even || positive(base)
        }
        Kind::Root(_) | Kind::Norm(_) => true,
        Kind::Big(big) => positive(&big.body),
        _ => false,
    }
}

/// `1 - a` with `a` at most 1.
fn is_gap(terms: &[(bool, Expr)], notation: &Notation) -> bool {
    let [(false, first), (true, second)] = terms else { return false };
    let Kind::Number { digits, decimals } = first.kind else { return false };
    let Kind::Symbol(symbol) = &second.kind else { return false };
    #[allow(clippy::cast_possible_wrap)] // at most 18
    let number = digits as f64 / 10_f64.powi(decimals as i32);
    domain(symbol, notation).is_some_and(|domain| domain.high <= number)
}

fn domain(symbol: &Symbol, notation: &Notation) -> Option<Interval> {
    if notation.sizes.contains_key(&symbol.name)
        || notation.indices.contains_key(&symbol.name)
    {
        return Some(Interval { low: 0.0, ..Interval::REALS });
    }
    notation.symbols.get(&symbol.id()).map(|declaration| declaration.domain)
}
