//! Means of exponentials.
//!
//! `E exp(c + b·ε - ½ a ‖ε‖²) = (1 + a)^{-d/2} exp(c + ‖b‖² / (2 (1 + a)))`
//! for `ε ~ N(0, I)` and `1 + a > 0`; otherwise the mean is infinite.

use super::process::mentions;
use crate::algebra::Normalizer;
use crate::term::{Atom, Combination, Op, Term, Terms};
use crate::value::{Q, Signs, Trouble};

/// The mean of the exponential of a quadratic function of the noise, over one
/// noise after the other; nothing for a function that is not quadratic.
pub(super) fn mean_of_exp(
    terms: &mut Terms,
    exponent: Term,
    noises: &[Atom],
    dimension: Term,
) -> Result<Option<Term>, Trouble> {
    let mut exponent = exponent;
    let mut logs = vec![];
    for noise in noises {
        if !mentions(terms, &[exponent], *noise) {
            continue;
        }
        let parts = match quadratic(terms, exponent, *noise) {
            Err(Trouble::Unsupported(_)) => return Ok(None),
            parts => parts?,
        };
        let Quadratic { constant, linear, square } = parts;
        // square = -a/2
        let minus_two = terms.whole(-2);
        let a = terms.mul(minus_two, square);
        let one = terms.whole(1);
        let total = terms.add(one, a);
        let mut normalizer = Normalizer::new(terms);
        if !normalizer.signs(total)?.are(Signs::POSITIVE) {
            let why = "the mean of an exponential that may be infinite";
            return Err(Trouble::Unsupported(why.into()));
        }
        let log = terms.log(total)?;
        let half = terms.number(Q::new((-1).into(), 2.into()));
        logs.push(terms.product(&[half, dimension, log]));
        let length = terms.inner(&linear, &linear);
        let two = terms.whole(2);
        let under = terms.mul(two, total);
        let share = terms.div(length, under)?;
        exponent = terms.add(constant, share);
    }
    logs.push(exponent);
    let sum = terms.sum(&logs);
    terms.exp(sum).map(Some)
}

/// `c + b·ε + s ‖ε‖²`.
struct Quadratic {
    constant: Term,
    linear: Combination,
    square: Term,
}

fn quadratic(
    terms: &mut Terms,
    of: Term,
    noise: Atom,
) -> Result<Quadratic, Trouble> {
    let why = || {
        let why = "the mean of the exponential of what is not quadratic";
        Trouble::Unsupported(why.into())
    };
    if !mentions(terms, &[of], noise) {
        let square = terms.zero();
        let linear = Combination::zero();
        return Ok(Quadratic { constant: of, linear, square });
    }
    match terms.op(of).clone() {
        Op::Inner(a, b) if a == noise && b == noise => {
            let (constant, square) = (terms.zero(), terms.whole(1));
            Ok(Quadratic { constant, linear: Combination::zero(), square })
        }
        Op::Inner(a, b) if a == noise || b == noise => {
            let other = if a == noise { b } else { a };
            if super::process::mentions_in_atom(terms, other, noise) {
                return Err(why());
            }
            let linear = terms.vector_of(other);
            let zero = terms.zero();
            Ok(Quadratic { constant: zero, linear, square: zero })
        }
        Op::Sum(parts) => {
            let zero = terms.zero();
            let mut sum = Quadratic {
                constant: zero,
                linear: Combination::zero(),
                square: zero,
            };
            for part in parts {
                let next = quadratic(terms, part, noise)?;
                sum = Quadratic {
                    constant: terms.add(sum.constant, next.constant),
                    linear: terms.add_vectors(&sum.linear, &next.linear),
                    square: terms.add(sum.square, next.square),
                };
            }
            Ok(sum)
        }
        Op::Product(factors) => {
            let (with, without): (Vec<Term>, Vec<Term>) = factors
                .into_iter()
                .partition(|f| mentions(terms, &[*f], noise));
            let [only] = with.as_slice() else { return Err(why()) };
            let factor = terms.product(&without);
            let inner = quadratic(terms, *only, noise)?;
            Ok(Quadratic {
                constant: terms.mul(factor, inner.constant),
                linear: terms.scale_vector(factor, &inner.linear),
                square: terms.mul(factor, inner.square),
            })
        }
        Op::Quotient(a, b) if !mentions(terms, &[b], noise) => {
            let one = terms.whole(1);
            let factor = terms.div(one, b)?;
            let inner = quadratic(terms, a, noise)?;
            Ok(Quadratic {
                constant: terms.mul(factor, inner.constant),
                linear: terms.scale_vector(factor, &inner.linear),
                square: terms.mul(factor, inner.square),
            })
        }
        _ => Err(why()),
    }
}
