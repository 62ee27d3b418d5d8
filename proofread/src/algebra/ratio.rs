//! Rational functions of generators, stored as products.

use super::monomial::{Exponent, Monomial};
use super::poly::Poly;
use crate::value::Q;
use num_traits::{One, Signed, Zero};
use std::collections::BTreeMap;

/// A rational function: a number, a product of powers of generators, and a
/// product of powers of polynomials. The polynomials are primitive, their
/// leading coefficients are positive, and no generator divides them.
///
/// A product of ratios is never multiplied out; a sum is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ratio {
    pub(crate) number: Q,
    pub(crate) monomial: Monomial,
    pub(crate) factors: BTreeMap<Poly, i64>,
}

/// The largest exponent of a whole power.
const MOST: i64 = 10_000;

/// Returns a whole exponent. If it was too large, this notes an overflow.
fn whole(exponent: Option<i64>) -> i64 {
    exponent.unwrap_or_else(|| {
        crate::work::overflow();
        1
    })
}

impl Ratio {
    pub(crate) fn number(number: Q) -> Self {
        let (monomial, factors) = (Monomial::one(), BTreeMap::new());
        Self { number, monomial, factors }
    }

    pub(crate) fn monomial(monomial: Monomial) -> Self {
        Self { monomial, ..Self::one() }
    }

    pub(crate) fn zero() -> Self {
        Self::number(Q::zero())
    }

    pub(crate) fn one() -> Self {
        Self::number(Q::one())
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.number.is_zero()
    }

    /// Returns the value, if it is a number.
    pub(crate) fn as_number(&self) -> Option<&Q> {
        let bare = self.monomial.is_one() && self.factors.is_empty();
        (bare || self.is_zero()).then_some(&self.number)
    }

    pub(crate) fn negated(&self) -> Self {
        Self { number: -self.number.clone(), ..self.clone() }
    }

    pub(crate) fn scaled(&self, by: &Q) -> Self {
        if by.is_zero() {
            return Self::zero();
        }
        Self { number: &self.number * by, ..self.clone() }
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return Self::zero();
        }
        let mut factors = self.factors.clone();
        for (factor, exponent) in &other.factors {
            let sum = factors.entry(factor.clone()).or_insert(0);
            *sum = whole(sum.checked_add(*exponent));
            if *sum == 0 {
                factors.remove(factor);
            }
        }
        Self {
            number: &self.number * &other.number,
            monomial: self.monomial.times(&other.monomial),
            factors,
        }
    }

    /// Returns the inverse; none if the ratio is zero.
    pub(crate) fn inverse(&self) -> Option<Self> {
        if self.is_zero() {
            return None;
        }
        let factors = self.factors.iter().map(|(f, e)| (f.clone(), -e));
        Some(Self {
            number: self.number.recip(),
            monomial: self.monomial.pow(-Exponent::ONE),
            factors: factors.collect(),
        })
    }

    /// Returns the numerator: the factors with positive exponents.
    pub(crate) fn numerator(&self) -> Self {
        let above = self.monomial.iter().filter(|(_, e)| *e > Exponent::ZERO);
        let monomial = above.fold(Monomial::one(), |product, (of, e)| {
            product.times(&Monomial::power(of, e))
        });
        let factors = self.factors.iter().filter(|(_, e)| **e > 0);
        let factors = factors.map(|(f, e)| (f.clone(), *e)).collect();
        Self { number: self.number.clone(), monomial, factors }
    }

    /// Returns a whole power; none if it divides by zero.
    pub(crate) fn power(&self, exponent: i64) -> Option<Self> {
        if exponent < 0 {
            return self.inverse()?.power(-exponent);
        }
        if exponent == 0 {
            return Some(Self::one());
        }
        if exponent > MOST {
            crate::work::overflow();
            return Some(Self::one());
        }
        let times = i32::try_from(exponent).ok()?;
        let factors = self.factors.iter();
        Some(Self {
            number: num_traits::Pow::pow(&self.number, times),
            monomial: self.monomial.pow(Exponent::from(exponent)),
            factors: factors
                .map(|(f, e)| (f.clone(), whole(e.checked_mul(exponent))))
                .collect(),
        })
    }

    /// Returns a polynomial as the product of its content, its common monomial
    /// and the primitive rest.
    pub(crate) fn from_poly(poly: &Poly) -> Self {
        if poly.is_zero() {
            return Self::zero();
        }
        let monomial = poly.common_monomial();
        let rest = poly.shifted(&monomial.pow(-Exponent::ONE));
        let content = rest.content();
        let rest = rest.scaled(&content.recip());
        let mut ratio =
            Self { number: content, monomial, factors: BTreeMap::new() };
        if rest.as_constant().is_none() {
            // A square that is stored as a square shows its sign.
            match rest.square_root() {
                Some(root) => {
                    let root = Self::from_poly(&root);
                    let square = root.times(&root);
                    ratio = ratio.times(&square);
                }
                None => {
                    ratio.factors.insert(rest, 1);
                }
            }
        }
        ratio
    }

    /// Returns whether the rational coefficient is negative.
    pub(crate) fn has_minus(&self) -> bool {
        self.number.is_negative()
    }
}
