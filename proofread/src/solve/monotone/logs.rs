//! Signs from a logarithm, or from the logarithms of both sides.

use super::growth::by_growth;
use super::summands::by_summands;
use super::{DEPTH, known};
use crate::expr::Function;
use crate::solve::instance::Instance;
use crate::term::{Guard, Op, Term};
use crate::value::{Signs, whole};

/// Returns whether the logarithms of two positive products show that their
/// difference has one of the signs.
pub(crate) fn shown_by_logs(
    instance: &mut Instance,
    (left, right): (Term, Term),
    signs: Signs,
    parts: &[Guard],
) -> bool {
    let [Some(left), Some(right)] =
        [left, right].map(|side| log(instance, side, parts))
    else {
        return false;
    };
    let gap = instance.store.terms.bare_difference(left, right);
    by_summands(instance, gap, signs, parts)
}

/// Returns the logarithm of a product of positive factors, as a sum.
fn log(instance: &mut Instance, of: Term, parts: &[Guard]) -> Option<Term> {
    match instance.store.terms.op(of).clone() {
        Op::Function(Function::Exp, inner) => Some(inner),
        Op::Product(factors) => {
            let mut logs = vec![];
            for factor in factors {
                logs.push(log(instance, factor, parts)?);
            }
            Some(instance.store.terms.sum(&logs))
        }
        _ if known(instance, of, Signs::POSITIVE, parts) => {
            instance.store.terms.log(of).ok()
        }
        _ => None,
    }
}

/// Returns whether a sum with a logarithm has one of the signs: `ln u + v > 0`
/// where `u > exp(-v)`.
pub(super) fn by_logarithm(
    instance: &mut Instance,
    term: Term,
    signs: Signs,
    parts: &[Guard],
) -> bool {
    let Op::Sum(summands) = instance.store.terms.op(term).clone() else {
        return false;
    };
    let terms = &mut instance.store.terms;
    for (i, summand) in summands.iter().enumerate() {
        let (inner, minus) = match terms.op(*summand).clone() {
            Op::Function(Function::Log, inner) => (inner, false),
            Op::Product(factors) => match factors.as_slice() {
                [a, b] if terms.as_number(*a) == Some(&whole(-1)) => {
                    match terms.op(*b) {
                        Op::Function(Function::Log, inner) => (*inner, true),
                        _ => continue,
                    }
                }
                _ => continue,
            },
            _ => continue,
        };
        let mut rest = summands.clone();
        rest.remove(i);
        let rest = terms.sum(&rest);
        // For ±ln u + v, u is compared with exp(∓v).
        let exponent = if minus { rest } else { terms.neg(rest) };
        let Ok(other) = terms.exp(exponent) else { continue };
        let gap = terms.sub(inner, other);
        let wanted = if minus { signs.flipped() } else { signs };
        if known(instance, gap, wanted, parts)
            || by_growth(instance, gap, wanted, parts, DEPTH)
        {
            return true;
        }
        return false;
    }
    false
}
