//! Terms as one fraction: sums get a common denominator.

use crate::term::{Op, Term, Terms};
use crate::value::Trouble;

/// Returns the numerator and the denominator of a term as one fraction.
pub(in crate::solve) fn fraction(
    terms: &mut Terms,
    of: Term,
) -> Result<(Term, Term), Trouble> {
    if terms.is_full() {
        return Err(Trouble::Budget);
    }
    let one = terms.whole(1);
    match terms.op(of).clone() {
        Op::Sum(parts) => {
            let (mut over, mut under) = (terms.zero(), one);
            for part in parts {
                let (a, b) = fraction(terms, part)?;
                let first = terms.mul(over, b);
                let second = terms.mul(a, under);
                over = terms.add(first, second);
                under = terms.mul(under, b);
            }
            Ok((over, under))
        }
        Op::Product(parts) => {
            let (mut over, mut under) = (one, one);
            for part in parts {
                let (a, b) = fraction(terms, part)?;
                over = terms.mul(over, a);
                under = terms.mul(under, b);
            }
            Ok((over, under))
        }
        Op::Quotient(a, b) => {
            let (a, b) = (fraction(terms, a)?, fraction(terms, b)?);
            Ok((terms.mul(a.0, b.1), terms.mul(a.1, b.0)))
        }
        Op::Power(a, exponent) => {
            let (a, b) = fraction(terms, a)?;
            let size = exponent.abs();
            let (a, b) = (terms.power(a, size)?, terms.power(b, size)?);
            Ok(if exponent < 0 { (b, a) } else { (a, b) })
        }
        _ => Ok((of, one)),
    }
}
