//! Polynomials with whole exponents: a variable with fractional exponents
//! becomes a power of a new variable.

use super::{DEGREE, Terms, VARIABLES};
use crate::algebra::monomial::{Exponent, Gen, scaled};
use crate::algebra::poly::Poly;
use crate::value::{Interval, Q};
use num_integer::Integer;
use num_traits::{Pow, Zero};
use std::collections::BTreeMap;

/// Returns a polynomial with whole exponents: a variable with fractional
/// exponents is a power of a new variable.
pub(super) fn with_whole_exponents(
    poly: &Poly,
    boxes: &BTreeMap<Gen, Interval>,
) -> Option<(Terms, Vec<Interval>)> {
    let generators: Vec<Gen> = poly.generators().into_iter().collect();
    if generators.len() > VARIABLES {
        return None;
    }
    let mut intervals = vec![];
    let mut scales = vec![];
    for of in &generators {
        let denominators = poly.terms().map(|(m, _)| *m.exponent(*of).denom());
        let most = i64::from(DEGREE);
        let scale = denominators.fold(1_i64, |a, b| {
            if a > most || b > most { most + 1 } else { a.lcm(&b) }
        });
        if scale > most {
            return None;
        }
        let interval = boxes.get(of)?;
        intervals.push(rooted(interval, u32::try_from(scale).ok()?));
        scales.push(scale);
    }
    let mut terms = Terms::new();
    for (monomial, coefficient) in poly.terms() {
        let mut exponents = vec![];
        for (of, scale) in generators.iter().zip(&scales) {
            let exponent = monomial.exponent(*of);
            let exponent = scaled(exponent, Exponent::from(*scale));
            exponents.push(u32::try_from(exponent.to_integer()).ok()?);
        }
        if exponents.iter().any(|e| *e > DEGREE) {
            return None;
        }
        terms.insert(exponents, coefficient.clone());
    }
    Some((terms, intervals))
}

/// Returns an interval that contains the roots of the numbers in an interval.
fn rooted(of: &Interval, degree: u32) -> Interval {
    if degree == 1 {
        return of.clone();
    }
    let zero = Q::zero();
    if degree > DEGREE {
        return Interval::from(zero, true);
    }
    let (low, with_low) = match &of.low {
        Some(low) if *low >= zero => (low.clone(), of.with_low),
        _ => (zero, true),
    };
    // The roots are rounded outward to six digits.
    let root = |x: &Q, up: bool| -> (Q, bool) {
        let scale = num_bigint::BigInt::from(10).pow(6 * degree);
        let floor = (x * Q::from_integer(scale)).floor().to_integer();
        let mut root = floor.nth_root(degree);
        let exact = Q::new(root.clone(), 1_000_000.into());
        if Pow::pow(&exact, degree) == *x {
            return (exact, true);
        }
        root += i32::from(up);
        (Q::new(root, 1_000_000.into()), false)
    };
    let (low, exact) = root(&low, false);
    let with_low = with_low || !exact;
    let (high, with_high) = match &of.high {
        Some(high) => {
            let (high, exact) = root(high, true);
            (Some(high), of.with_high || !exact)
        }
        None => (None, false),
    };
    Interval { low: Some(low), high, with_low, with_high }
}
