//! Interval arithmetic with fractions as ends.
//!
//! Ends that grow long are rounded outward.

use super::monomial::Exponent;
use crate::value::{Interval, Q, Signs, whole, words};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

/// The length in words up to which an end is not rounded.
const WORDS: usize = 32;
/// The length in words up to which an end is used at all.
const MOST_WORDS: usize = 4000;

/// Returns an interval that contains another, with short ends.
fn rounded(of: Interval) -> Interval {
    let long = |end: &Option<Q>| end.as_ref().is_some_and(|x| words(x) > WORDS);
    crate::work::spend(4);
    if !long(&of.low) && !long(&of.high) {
        return of;
    }
    crate::work::spend(WORDS * WORDS);
    let ends = [&of.low, &of.high].into_iter().flatten();
    if ends.map(words).any(|size| size > MOST_WORDS) {
        return by_sign(&of);
    }
    let end = |end: Option<Q>, up| end.map(|x| short(&x, up));
    Interval { low: end(of.low, false), high: end(of.high, true), ..of }
}

/// Returns the interval of all numbers with the signs of an interval.
fn by_sign(of: &Interval) -> Interval {
    let signs = Signs::within(of);
    let with_zero = !signs.are(Signs::NOT_ZERO);
    let end = |needed| signs.are(needed).then(Q::zero);
    Interval {
        low: end(Signs::NOT_NEGATIVE),
        high: end(Signs::NOT_POSITIVE),
        with_low: with_zero,
        with_high: with_zero,
    }
}

/// Returns a fraction of 64 bits just above or just below a long one.
fn short(x: &Q, up: bool) -> Q {
    let size = |n: &BigInt| i64::try_from(n.bits()).unwrap_or(i64::MAX);
    let shift = size(x.numer()) - size(x.denom()) - 64;
    let power = BigInt::one() << shift.unsigned_abs();
    let (over, under) = if shift > 0 {
        (x.numer().clone(), x.denom() * &power)
    } else {
        (x.numer() * &power, x.denom().clone())
    };
    let whole = if up {
        Integer::div_ceil(&over, &under)
    } else {
        Integer::div_floor(&over, &under)
    };
    if shift > 0 {
        Q::from_integer(whole * power)
    } else {
        Q::new(whole, power)
    }
}

/// Returns an interval that contains the sums of numbers from two intervals.
pub(super) fn plus(a: &Interval, b: &Interval) -> Interval {
    let add = |x: &Option<Q>, y: &Option<Q>| Some(x.as_ref()? + y.as_ref()?);
    rounded(Interval {
        low: add(&a.low, &b.low),
        high: add(&a.high, &b.high),
        with_low: a.with_low && b.with_low,
        with_high: a.with_high && b.with_high,
    })
}

/// An end of an interval: a number, or the sign of an infinity; and true if the
/// interval includes the end.
type End = (Result<Q, i32>, bool);

fn ends(of: &Interval) -> [End; 2] {
    [
        (of.low.clone().ok_or(-1), of.with_low),
        (of.high.clone().ok_or(1), of.with_high),
    ]
}

/// Returns an interval that contains the products of numbers from two
/// intervals.
pub(super) fn times(a: &Interval, b: &Interval) -> Interval {
    let mut products: Vec<End> = vec![];
    for (x, with_x) in ends(a) {
        for (y, with_y) in ends(b) {
            let sign = |v: &Result<Q, i32>| match v {
                Ok(v) => Signs::of(v).single().unwrap_or(0),
                Err(sign) => *sign,
            };
            // An included end that is 0 makes 0 a possible product.
            let zero = |v: &Result<Q, i32>, with: bool| {
                with && v.as_ref().is_ok_and(Zero::is_zero)
            };
            let with = with_x && with_y || zero(&x, with_x) || zero(&y, with_y);
            let product = match (&x, &y) {
                (Ok(x), Ok(y)) => Ok(x * y),
                _ => match sign(&x) * sign(&y) {
                    0 => Ok(Q::zero()),
                    sign => Err(sign),
                },
            };
            products.push((product, with));
        }
    }
    let order = |(v, _): &End| -> (i32, Q) {
        match v {
            Ok(v) => (0, v.clone()),
            Err(sign) => (*sign, Q::zero()),
        }
    };
    let pick = |wanted: Option<&End>| -> (Option<Q>, bool) {
        let Some((value, _)) = wanted else { return (None, false) };
        let with = products.iter().any(|(v, with)| v == value && *with);
        (value.clone().ok(), with && value.is_ok())
    };
    let (low, with_low) = pick(products.iter().min_by_key(|e| order(e)));
    let (high, with_high) = pick(products.iter().max_by_key(|e| order(e)));
    rounded(Interval { low, high, with_low, with_high })
}

/// Returns an interval that contains the powers of the numbers in an interval.
pub(super) fn power(of: &Interval, exponent: Exponent) -> Interval {
    rounded(exact_power(of, exponent))
}

fn exact_power(of: &Interval, exponent: Exponent) -> Interval {
    let zero = Q::zero();
    let nonnegative = of.low.as_ref().is_some_and(|low| *low >= zero);
    if !exponent.is_integer() || exponent < Exponent::ZERO {
        return coarse_power(of, exponent);
    }
    let Ok(n) = i32::try_from(exponent.to_integer()) else {
        return Interval::REALS;
    };
    let ends = [&of.low, &of.high].into_iter().flatten();
    let size = ends.map(words).max().unwrap_or(0) + 1;
    if size.saturating_mul(n.unsigned_abs() as usize) > MOST_WORDS {
        return coarse_power(of, exponent);
    }
    let raise = |x: &Option<Q>| x.as_ref().map(|x| num_traits::Pow::pow(x, n));
    if nonnegative || n % 2 == 1 {
        return Interval {
            low: raise(&of.low),
            high: raise(&of.high),
            ..of.clone()
        };
    }
    if of.high.as_ref().is_some_and(|high| *high <= zero) {
        return Interval {
            low: raise(&of.high),
            high: raise(&of.low),
            with_low: of.with_high,
            with_high: of.with_low,
        };
    }
    let high = match (&of.low, &of.high) {
        (Some(low), Some(high)) => Some(low.abs().max(high.clone())),
        _ => None,
    };
    Interval {
        low: Some(zero),
        high: raise(&high),
        with_low: true,
        with_high: true,
    }
}

/// Returns a coarse interval of the powers, for roots, negative exponents and
/// long results: it tells only on which side of 1 the values lie.
fn coarse_power(of: &Interval, exponent: Exponent) -> Interval {
    let (zero, one) = (Q::zero(), Q::one());
    if exponent.is_integer() && !Signs::within(of).are(Signs::NOT_NEGATIVE) {
        return Interval::REALS;
    }
    let positive = Signs::within(of).are(Signs::POSITIVE);
    let negative = exponent < Exponent::ZERO;
    let above = of.low.as_ref().is_some_and(|low| *low >= one);
    let below = of.high.as_ref().is_some_and(|high| *high <= one);
    let unit = Interval {
        low: Some(zero.clone()),
        high: Some(one.clone()),
        with_low: !positive,
        with_high: true,
    };
    match (above, below) {
        (true, false) if !negative => Interval::from(one, true),
        (true, false) => Interval { with_low: false, ..unit },
        (false, true) if !negative => unit,
        (false, true) => Interval::from(one, true),
        (true, true) => Interval::point(&whole(1)),
        _ => Interval::from(zero, !positive && !negative),
    }
}
