//! Tests of the signs of polynomials in boxes.

use super::*;
use crate::algebra::{Exponent, Monomial};

/// Returns a polynomial in two variables from exponents and coefficients.
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

/// Checks `x - x^2` on (0, 1), on (0, 1] and on (0, 2).
#[test]
fn ends_count_where_they_belong() {
    let gap = poly(&[(1, 0, 1), (2, 0, -1)]);
    let sign = |x| signs(&gap, &boxes(x, "[0,1]"));
    assert_eq!(sign("(0,1)"), Signs::POSITIVE);
    assert_eq!(sign("(0,1]"), Signs::NOT_NEGATIVE);
    assert_eq!(sign("(0,2)"), Signs::ANY);
}

/// Checks `100 x^2 - 126 x + 39.68`, whose minimum is -0.01, and a polynomial
/// whose minimum is 0.01.
#[test]
fn narrow_gaps_are_seen() {
    let below = poly(&[(2, 0, 10_000), (1, 0, -12_600), (0, 0, 3968)]);
    assert_eq!(signs(&below, &boxes("(oo,oo)", "[0,1]")), Signs::ANY);
    let above = poly(&[(2, 0, 10_000), (1, 0, -12_600), (0, 0, 3970)]);
    let found = signs(&above, &boxes("(oo,oo)", "[0,1]"));
    assert_eq!(found, Signs::POSITIVE);
}

/// Checks `x + y - 2xy`, which is positive in the unit square except at two
/// corners.
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
