//! Polynomials in a box, rewritten in variables from 0 to infinity: the signs
//! of the new coefficients show the sign of the polynomial.

use super::Terms;
use crate::value::{Interval, Q, words};
use crate::work;
use num_traits::{One, Pow, Signed, Zero};

/// Returns whether the coefficients show that the polynomial is positive in the
/// whole box, or, with `weakly`, that it is not negative.
pub(super) fn is_certified(
    terms: &Terms,
    intervals: &[Interval],
    degrees: &[u32],
    weakly: bool,
) -> bool {
    let mut terms = terms.clone();
    for (i, interval) in intervals.iter().enumerate() {
        terms = on_half_line(&terms, i, degrees[i], interval);
        // The new terms are not complete if the work was too much.
        if work::is_spent() {
            return false;
        }
    }
    if terms.values().any(Signed::is_negative) {
        return false;
    }
    weakly || is_strict(&terms, intervals, degrees, 0)
}

/// Replaces one variable by an `s` from 0 to infinity.
fn on_half_line(
    terms: &Terms,
    i: usize,
    degree: u32,
    interval: &Interval,
) -> Terms {
    let mut powers: Vec<Option<Vec<Q>>> =
        vec![None; usize::try_from(degree).unwrap_or(0) + 1];
    let mut result = Terms::new();
    for (exponents, coefficient) in terms {
        let k = exponents[i];
        let place = usize::try_from(k).unwrap_or(0);
        let powers = powers[place]
            .get_or_insert_with(|| coefficients(k, degree, interval));
        for (j, factor) in (0_u32..).zip(powers.iter()) {
            if factor.is_zero() {
                continue;
            }
            if is_too_much(coefficient, factor) {
                return result;
            }
            let mut exponents = exponents.clone();
            exponents[i] = j;
            let sum = result.entry(exponents).or_insert_with(Q::zero);
            *sum += coefficient * factor;
        }
    }
    result.retain(|_, coefficient| !coefficient.is_zero());
    result
}

/// Returns the coefficients of `x^k (1 + s)^d` or `x^k` in `s`.
fn coefficients(k: u32, degree: u32, interval: &Interval) -> Vec<Q> {
    let one = Q::one();
    match (&interval.low, &interval.high) {
        (Some(low), Some(high)) => {
            let x = binomial(low, high, k);
            let rest = binomial(&one, &one, degree - k);
            let mut product =
                vec![Q::zero(); usize::try_from(degree).unwrap_or(0) + 1];
            for (i, a) in x.iter().enumerate() {
                for (j, b) in rest.iter().enumerate() {
                    if is_too_much(a, b) {
                        return product;
                    }
                    product[i + j] += a * b;
                }
            }
            product
        }
        (Some(low), None) => binomial(low, &one, k),
        (None, Some(high)) => binomial(high, &-one, k),
        (None, None) => binomial(&Q::zero(), &one, k),
    }
}

/// Spends the work of a product of two long fractions, which is mostly the search for
/// a common divisor. Returns whether all work is spent.
fn is_too_much(a: &Q, b: &Q) -> bool {
    let long = words(a) + words(b);
    if long > 4 {
        work::spend(2 * long + long * long);
    }
    work::is_spent()
}

/// Returns the coefficients of `(a + b s)^n`.
fn binomial(a: &Q, b: &Q, n: u32) -> Vec<Q> {
    let mut choose = Q::one();
    let mut all = vec![];
    for k in 0..=n {
        if is_too_much(a, &choose) {
            break;
        }
        all.push(&choose * Pow::pow(a, n - k) * Pow::pow(b, k));
        choose = choose * Q::from_integer((n - k).into())
            / Q::from_integer((k + 1).into());
    }
    all
}

/// Returns whether a polynomial without negative coefficients is positive
/// inside the box and on every face that belongs to the box.
fn is_strict(
    terms: &Terms,
    intervals: &[Interval],
    degrees: &[u32],
    from: usize,
) -> bool {
    if terms.is_empty() {
        return false;
    }
    (from..intervals.len()).all(|i| {
        let interval = &intervals[i];
        let (near, far) = match (&interval.low, &interval.high) {
            (Some(_), Some(_)) => (interval.with_low, interval.with_high),
            (Some(_), None) => (interval.with_low, false),
            (None, Some(_)) => (interval.with_high, false),
            (None, None) => (true, false),
        };
        let face = |exponent: u32| -> Terms {
            let on = terms.iter().filter(|(e, _)| e[i] == exponent);
            on.map(|(e, c)| (e.clone(), c.clone())).collect()
        };
        (!near || is_strict(&face(0), intervals, degrees, i + 1))
            && (!far || is_strict(&face(degrees[i]), intervals, degrees, i + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::whole;

    #[test]
    fn long_numbers_are_work() {
        let long = whole(1) + whole(1) / Pow::pow(whole(10), 200_u32);
        let (low, high) = (Some(long.clone()), Some(long * whole(2)));
        let between = Interval { low, high, with_low: true, with_high: true };
        let power: Terms = [(vec![40], whole(1))].into();
        let found = |units| {
            let certified = || {
                is_certified(
                    &power,
                    std::slice::from_ref(&between),
                    &[40],
                    false,
                )
            };
            work::within(units, || (certified(), work::is_spent()))
        };
        assert_eq!(found(100_000_000), (true, false));
        assert_eq!(found(10_000), (false, true));
    }
}
