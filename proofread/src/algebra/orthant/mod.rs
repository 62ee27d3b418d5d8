//! The sign of a polynomial in a box, by its coefficients.
//!
//! A variable between two ends is written as `(l + h s) / (1 + s)` with `s`
//! from 0 to infinity, and a variable above an end as `l + s`. Multiplied by
//! powers of `1 + s`, the polynomial becomes a polynomial in the variables `s`
//! with the same sign. If all of its coefficients are positive or zero, so is
//! the polynomial. (For one variable these are its Bernstein coefficients.)
//! Otherwise the box is cut in two, and each half is tested.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `exponents` | polynomials with whole exponents |
//! | `coefficients` | the polynomial in the `s`, and the signs of its coefficients |
//! | `quadratic` | polynomials of degree 2, by their pivots |

mod coefficients;
mod exponents;
mod quadratic;
#[cfg(test)]
mod tests;

use super::monomial::Gen;
use super::poly::Poly;
use crate::value::{Interval, Q, Signs, whole};
use coefficients::is_certified;
use exponents::with_whole_exponents;
use num_traits::{One, Pow, Signed, Zero};
use quadratic::quadratic_is_positive;
use std::collections::BTreeMap;

/// The terms of a polynomial: exponents of the variables, with a coefficient.
type Terms = BTreeMap<Vec<u32>, Q>;

/// The largest number of boxes that one polynomial is tested on.
const BOXES: usize = 300;
/// The highest degree in one variable.
const DEGREE: u32 = 500;
/// The largest number of variables.
const VARIABLES: usize = 9;
/// The largest number of coefficients of a polynomial in the `s`.
const COEFFICIENTS: u64 = 6000;

/// Returns the signs that a polynomial may have in a box.
pub(super) fn signs(poly: &Poly, boxes: &BTreeMap<Gen, Interval>) -> Signs {
    let Some((terms, intervals)) = with_whole_exponents(poly, boxes) else {
        return Signs::ANY;
    };
    // The sign at one point tells which proof is worth a try.
    let middle: Vec<Q> = intervals.iter().map(inner_point).collect();
    let at_middle = value(&terms, &middle);
    let (terms, flip) = if at_middle.is_negative() {
        (negated(&terms), true)
    } else {
        (terms, false)
    };
    let found = if quadratic_is_positive(&terms, false)
        || holds(&terms, &intervals, true)
    {
        if quadratic_is_positive(&terms, true)
            || holds(&terms, &intervals, false)
        {
            Signs::POSITIVE
        } else {
            Signs::NOT_NEGATIVE
        }
    } else {
        Signs::ANY
    };
    if flip { found.flipped() } else { found }
}

/// Returns a point inside an interval that is unlikely to be a special one.
fn inner_point(of: &Interval) -> Q {
    let third = Q::new(7.into(), 19.into());
    match (&of.low, &of.high) {
        (Some(low), Some(high)) => low + (high - low) * third,
        (Some(low), None) => low + third,
        (None, Some(high)) => high - third,
        (None, None) => third,
    }
}

fn value(terms: &Terms, at: &[Q]) -> Q {
    let one = |(exponents, coefficient): (&Vec<u32>, &Q)| {
        let powers = exponents.iter().zip(at);
        powers.fold(coefficient.clone(), |product, (e, x)| {
            product * Pow::pow(x, *e)
        })
    };
    terms.iter().map(one).sum()
}

fn negated(terms: &Terms) -> Terms {
    terms.iter().map(|(e, c)| (e.clone(), -c)).collect()
}

/// Returns whether the polynomial is positive in the box, or, with `weakly`,
/// not negative.
fn holds(terms: &Terms, intervals: &[Interval], weakly: bool) -> bool {
    // The interval of a variable with both signs is cut at zero.
    let zero = Q::zero();
    let mut boxes = vec![intervals.to_vec()];
    for i in 0..intervals.len() {
        let cut = |one: Vec<Interval>| {
            let through = one[i].low.as_ref().is_none_or(|low| *low < zero)
                && one[i].high.as_ref().is_none_or(|high| *high > zero);
            if through { halves(&one, i, &zero) } else { vec![one] }
        };
        boxes = boxes.into_iter().flat_map(cut).collect();
    }
    let mut tried = 0;
    let degrees = degrees(terms, intervals.len());
    let mut sizes = degrees.iter().map(|d| u64::from(*d) + 1);
    let size = sizes.try_fold(1_u64, u64::checked_mul);
    let Some(size) = size.filter(|size| *size <= COEFFICIENTS) else {
        return false;
    };
    // High powers of the ends of a box are long numbers.
    let words = 1 + degrees.iter().sum::<u32>() / 32;
    let cost = usize::try_from(size * u64::from(words * words)).unwrap_or(0);
    let cost = cost.saturating_mul(terms.len() + cost / 64);
    let mut depth_first: Vec<(Vec<Interval>, usize)> =
        boxes.into_iter().map(|one| (one, 0)).collect();
    while let Some((one, depth)) = depth_first.pop() {
        tried += 1;
        crate::work::spend(cost);
        if crate::work::is_spent() {
            return false;
        }
        if is_certified(terms, &one, &degrees, weakly) {
            continue;
        }
        let middle: Vec<Q> = one.iter().map(inner_point).collect();
        let there = value(terms, &middle);
        let fails = there.is_negative() || !weakly && there.is_zero();
        let large = size > 400 && depth > 1 || depth > 40;
        if tried >= BOXES || fails || large {
            return false;
        }
        // The variables take turns, except those that do not occur.
        let mut i = depth % one.len().max(1);
        while degrees[i] == 0 {
            i = (i + 1) % one.len();
        }
        let at = cut_point(&one[i]);
        let both = halves(&one, i, &at);
        depth_first.extend(both.into_iter().map(|half| (half, depth + 1)));
    }
    true
}

fn degrees(terms: &Terms, variables: usize) -> Vec<u32> {
    let degree = |i: usize| terms.keys().map(|e| e[i]).max().unwrap_or(0);
    (0..variables).map(degree).collect()
}

fn cut_point(of: &Interval) -> Q {
    match (&of.low, &of.high) {
        (Some(low), Some(high)) => (low + high) / whole(2),
        (Some(low), None) => low + low.abs().max(Q::one()),
        (None, Some(high)) => high - high.abs().max(Q::one()),
        (None, None) => Q::zero(),
    }
}

/// Cuts a box in two; both halves include the cut.
fn halves(of: &[Interval], i: usize, at: &Q) -> Vec<Vec<Interval>> {
    let (mut lower, mut upper) = (of.to_vec(), of.to_vec());
    (lower[i].high, lower[i].with_high) = (Some(at.clone()), true);
    (upper[i].low, upper[i].with_low) = (Some(at.clone()), true);
    vec![lower, upper]
}
