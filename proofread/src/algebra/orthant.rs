//! The sign of a polynomial in a box, by its coefficients.
//!
//! A variable between two ends is written as `(l + h s) / (1 + s)` with `s`
//! from 0 to infinity, and one above an end as `l + s`. Multiplied by powers
//! of `1 + s`, the polynomial becomes one in the `s`, of the same sign; if all
//! of its coefficients are positive or zero, so is the polynomial. (For one
//! variable these are its Bernstein coefficients.) Where they are not, the box
//! is cut in two, and each half is tried.

use super::monomial::{Exponent, Gen, scaled};
use super::poly::Poly;
use crate::value::{Interval, Q, Signs, whole};
use num_integer::Integer;
use num_traits::{One, Pow, Signed, Zero};
use std::collections::BTreeMap;

/// Exponents of the variables, with a coefficient.
type Terms = BTreeMap<Vec<u32>, Q>;

/// The most boxes that one polynomial is tried on.
const BOXES: usize = 300;
/// The highest degree in one variable.
const DEGREE: u32 = 500;
/// The most variables.
const VARIABLES: usize = 9;
/// The most coefficients of a polynomial in the `s`.
const COEFFICIENTS: u64 = 6000;

/// The signs that a polynomial may have in a box.
pub(super) fn signs(poly: &Poly, boxes: &BTreeMap<Gen, Interval>) -> Signs {
    let Some((terms, intervals)) = with_whole_exponents(poly, boxes) else {
        return Signs::ANY;
    };
    // A point where it is not zero says which proof is worth a try.
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

/// A polynomial in variables whose exponents are whole: a variable with
/// fractions as exponents is a power of a new one.
fn with_whole_exponents(
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

/// An interval that holds the roots of the numbers in an interval.
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
    // To six digits, on the side that keeps everything.
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

/// A point inside of an interval, not one that is special.
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

/// Whether the polynomial is positive in the box, or zero if that is allowed.
fn holds(terms: &Terms, intervals: &[Interval], weakly: bool) -> bool {
    // A variable on both sides of zero is cut there.
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
    let size: u64 = degrees.iter().map(|d| u64::from(*d) + 1).product();
    if size > COEFFICIENTS {
        return false;
    }
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
        // The variables take turns, those that do not occur left out.
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

/// A box cut in two; both halves hold the cut.
fn halves(of: &[Interval], i: usize, at: &Q) -> Vec<Vec<Interval>> {
    let (mut lower, mut upper) = (of.to_vec(), of.to_vec());
    (lower[i].high, lower[i].with_high) = (Some(at.clone()), true);
    (upper[i].low, upper[i].with_low) = (Some(at.clone()), true);
    vec![lower, upper]
}

/// Whether the coefficients show it, in the whole box.
fn is_certified(
    terms: &Terms,
    intervals: &[Interval],
    degrees: &[u32],
    weakly: bool,
) -> bool {
    let mut terms = terms.clone();
    for (i, interval) in intervals.iter().enumerate() {
        terms = on_half_line(&terms, i, degrees[i], interval);
    }
    if terms.values().any(Signed::is_negative) {
        return false;
    }
    weakly || is_strict(&terms, intervals, degrees, 0)
}

/// One variable replaced by an `s` from 0 to infinity.
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
            let mut exponents = exponents.clone();
            exponents[i] = j;
            let sum = result.entry(exponents).or_insert_with(Q::zero);
            *sum += coefficient * factor;
        }
    }
    result.retain(|_, coefficient| !coefficient.is_zero());
    result
}

/// The coefficients of `x^k (1 + s)^d` or `x^k` in `s`.
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

/// The coefficients of `(a + b s)^n`.
fn binomial(a: &Q, b: &Q, n: u32) -> Vec<Q> {
    let mut choose = Q::one();
    let mut all = vec![];
    for k in 0..=n {
        all.push(&choose * Pow::pow(a, n - k) * Pow::pow(b, k));
        choose = choose * Q::from_integer((n - k).into())
            / Q::from_integer((k + 1).into());
    }
    all
}

/// Whether a polynomial whose coefficients are not negative is positive on the
/// inside and on every face of the box that belongs to it.
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

/// Whether a polynomial of degree 2 is positive everywhere, or never negative:
/// by the pivots of its matrix, the constant as the square of one more
/// variable.
fn quadratic_is_positive(terms: &Terms, strictly: bool) -> bool {
    let degree = |e: &[u32]| e.iter().sum::<u32>();
    let Some(n) = terms.keys().next().map(Vec::len) else { return false };
    if terms.keys().any(|e| degree(e) > 2) {
        return false;
    }
    let mut matrix = vec![vec![Q::zero(); n + 1]; n + 1];
    for (exponents, coefficient) in terms {
        let mut places = vec![];
        for (i, e) in exponents.iter().enumerate() {
            for _ in 0..*e {
                places.push(i);
            }
        }
        places.resize(2, n);
        let (i, j) = (places[0], places[1]);
        if i == j {
            matrix[i][i] += coefficient;
        } else {
            matrix[i][j] += coefficient / whole(2);
            matrix[j][i] += coefficient / whole(2);
        }
    }
    for k in 0..=n {
        let pivot = matrix[k][k].clone();
        if pivot.is_negative() {
            return false;
        }
        if pivot.is_zero() {
            let rest = (k + 1..=n).all(|j| matrix[k][j].is_zero());
            if !rest || strictly && k == n {
                return false;
            }
            continue;
        }
        for i in k + 1..=n {
            for j in k + 1..=n {
                let less = &matrix[i][k] * &matrix[k][j] / &pivot;
                matrix[i][j] -= less;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::{Exponent, Monomial};

    /// A polynomial in two variables, from exponents and coefficients.
    fn poly(parts: &[(i64, i64, i64)]) -> Poly {
        let mut poly = Poly::zero();
        for &(i, j, c) in parts {
            let x = Monomial::power(Gen(0), Exponent::from(i));
            let y = Monomial::power(Gen(1), Exponent::from(j));
            poly.put(x.times(&y), whole(c));
        }
        poly
    }

    fn boxes(x: &str, y: &str) -> BTreeMap<Gen, Interval> {
        let read = |text: &str| {
            let q = |s: &str| crate::value::number(s.trim());
            let inner = &text[1..text.len() - 1];
            let (low, high) = inner.split_once(',').unwrap();
            Interval {
                low: q(low),
                high: q(high),
                with_low: text.starts_with('['),
                with_high: text.ends_with(']'),
            }
        };
        BTreeMap::from([(Gen(0), read(x)), (Gen(1), read(y))])
    }

    /// `x - x^2` on (0, 1), and with its ends.
    #[test]
    fn ends_count_where_they_belong() {
        let gap = poly(&[(1, 0, 1), (2, 0, -1)]);
        let sign = |x| signs(&gap, &boxes(x, "[0,1]"));
        assert_eq!(sign("(0,1)"), Signs::POSITIVE);
        assert_eq!(sign("(0,1]"), Signs::NOT_NEGATIVE);
        assert_eq!(sign("(0,2)"), Signs::ANY);
    }

    /// `100 x^2 - 126 x + 39.68`, with a gap of 0.04 below zero, and one that
    /// stays above by as little.
    #[test]
    fn narrow_gaps_are_seen() {
        let below = poly(&[(2, 0, 10_000), (1, 0, -12_600), (0, 0, 3968)]);
        assert_eq!(signs(&below, &boxes("(oo,oo)", "[0,1]")), Signs::ANY);
        let above = poly(&[(2, 0, 10_000), (1, 0, -12_600), (0, 0, 3970)]);
        let found = signs(&above, &boxes("(oo,oo)", "[0,1]"));
        assert_eq!(found, Signs::POSITIVE);
    }

    /// `x + y - 2xy` is positive in the unit square but for two corners.
    #[test]
    fn two_variables() {
        let sum = poly(&[(1, 0, 1), (0, 1, 1), (1, 1, -2)]);
        let sign = |x, y| signs(&sum, &boxes(x, y));
        assert_eq!(sign("(0,1]", "(0,1)"), Signs::POSITIVE);
        assert_eq!(sign("[0,1]", "[0,1]"), Signs::NOT_NEGATIVE);
        let square = poly(&[(2, 0, 1), (0, 2, 1), (1, 1, -2)]);
        let sign = signs(&square, &boxes("(oo,oo)", "(oo,oo)"));
        assert_eq!(sign, Signs::NOT_NEGATIVE);
    }
}
