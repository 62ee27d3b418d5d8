//! Expectations of exponentials.
//!
//! `E exp(c + b·ε - ½ a ‖ε‖²) = (1 + a)^{-d/2} exp(c + ‖b‖² / (2 (1 + a)))` for
//! `ε ~ N(0, I)` and `1 + a > 0`. Otherwise the expectation is infinite. Scalar
//! noise `ε` is the case of one dimension.

use super::process::mentions;
use crate::algebra::Normalizer;
use crate::term::{Atom, Combination, Op, Term, Terms};
use crate::value::{Q, Signs, Trouble};

/// Returns the expectation of the exponential of a quadratic function, by
/// integrating over one noise at a time. Returns `None` for a function that is
/// not quadratic.
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
        let Quadratic { constant, linear, square, along } = parts;
        let is_number = !terms.is_zero(along);
        if is_number
            && (!terms.is_zero(square) || along_unit(terms, &linear).is_none())
        {
            return Ok(None);
        }
        let (square, dimension) = if is_number {
            (along, terms.whole(1))
        } else {
            (square, dimension)
        };
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

/// A quadratic function `c + b·ε + s ‖ε‖² + t (ε·u)²` with a unit vector `u`.
struct Quadratic {
    constant: Term,
    linear: Combination,
    square: Term,
    along: Term,
}

/// Returns the coefficient of a multiple of the unit vector.
fn along_unit(terms: &mut Terms, vector: &Combination) -> Option<Term> {
    let mut parts = vector.iter();
    match (parts.next(), parts.next()) {
        (None, _) => Some(terms.zero()),
        (Some((atom, factor)), None) if terms.unit() == Some(atom) => {
            Some(factor)
        }
        _ => None,
    }
}

/// Multiplies two functions `c + b (ε·u)`.
fn product(
    terms: &mut Terms,
    a: &Quadratic,
    b: &Quadratic,
) -> Option<Quadratic> {
    let is_linear = [a, b]
        .iter()
        .all(|part| terms.is_zero(part.square) && terms.is_zero(part.along));
    let (x, y) = (along_unit(terms, &a.linear)?, along_unit(terms, &b.linear)?);
    if !is_linear {
        return None;
    }
    let first = terms.scale_vector(b.constant, &a.linear);
    let second = terms.scale_vector(a.constant, &b.linear);
    Some(Quadratic {
        constant: terms.mul(a.constant, b.constant),
        linear: terms.add_vectors(&first, &second),
        square: terms.zero(),
        along: terms.mul(x, y),
    })
}

/// Multiplies a quadratic function by a number.
fn scaled(terms: &mut Terms, by: Term, of: &Quadratic) -> Quadratic {
    Quadratic {
        constant: terms.mul(by, of.constant),
        linear: terms.scale_vector(by, &of.linear),
        square: terms.mul(by, of.square),
        // A zero stays zero, even if the number `by` is undefined.
        along: if terms.is_zero(of.along) {
            of.along
        } else {
            terms.mul(by, of.along)
        },
    }
}

fn quadratic(
    terms: &mut Terms,
    of: Term,
    noise: Atom,
) -> Result<Quadratic, Trouble> {
    let why = || {
        let why =
            "the mean of the exponential of a function that is not quadratic";
        Trouble::Unsupported(why.into())
    };
    let zero = terms.zero();
    let none = Quadratic {
        constant: zero,
        linear: Combination::zero(),
        square: zero,
        along: zero,
    };
    if !mentions(terms, &[of], noise) {
        return Ok(Quadratic { constant: of, ..none });
    }
    match terms.op(of).clone() {
        Op::Inner(a, b) if a == noise && b == noise => {
            Ok(Quadratic { square: terms.whole(1), ..none })
        }
        Op::Inner(a, b) if a == noise || b == noise => {
            let other = if a == noise { b } else { a };
            if super::process::mentions_in_atom(terms, other, noise) {
                return Err(why());
            }
            Ok(Quadratic { linear: terms.vector_of(other), ..none })
        }
        Op::Sum(parts) => {
            let mut sum = none;
            for part in parts {
                let next = quadratic(terms, part, noise)?;
                sum = Quadratic {
                    constant: terms.add(sum.constant, next.constant),
                    linear: terms.add_vectors(&sum.linear, &next.linear),
                    square: terms.add(sum.square, next.square),
                    along: terms.add(sum.along, next.along),
                };
            }
            Ok(sum)
        }
        Op::Power(base, 2) => {
            let base = quadratic(terms, base, noise)?;
            product(terms, &base, &base).ok_or_else(why)
        }
        Op::Product(factors) => {
            let (with, without): (Vec<Term>, Vec<Term>) = factors
                .into_iter()
                .partition(|f| mentions(terms, &[*f], noise));
            let factor = terms.product(&without);
            let inner = match with.as_slice() {
                [only] => quadratic(terms, *only, noise)?,
                [a, b] => {
                    let a = quadratic(terms, *a, noise)?;
                    let b = quadratic(terms, *b, noise)?;
                    product(terms, &a, &b).ok_or_else(why)?
                }
                _ => return Err(why()),
            };
            Ok(scaled(terms, factor, &inner))
        }
        Op::Quotient(a, b) if !mentions(terms, &[b], noise) => {
            let one = terms.whole(1);
            let factor = terms.div(one, b)?;
            let inner = quadratic(terms, a, noise)?;
            Ok(scaled(terms, factor, &inner))
        }
        _ => Err(why()),
    }
}
