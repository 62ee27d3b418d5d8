//! Products of powers of generators: `x^2 y^{-1/2}`.

use num_rational::Ratio as Fraction;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub};
use std::cmp::Ordering;

/// The number of a generator in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Gen(pub(crate) u32);

/// An exponent. It may be negative, and it may be a fraction: a root of a
/// generator that is never negative is a power of the generator.
pub(crate) type Exponent = Fraction<i64>;

/// Returns an exponent. If it was too large, this notes an overflow, and the
/// returned exponent does not matter.
fn fitting(exponent: Option<Exponent>) -> Exponent {
    exponent.unwrap_or_else(|| {
        crate::work::overflow();
        Exponent::ONE
    })
}

/// Returns the product of two exponents.
pub(super) fn scaled(exponent: Exponent, by: Exponent) -> Exponent {
    fitting(exponent.checked_mul(&by))
}

/// Returns an exponent divided by a whole number.
pub(super) fn share(exponent: Exponent, of: i64) -> Exponent {
    fitting(exponent.checked_div(&Exponent::from(of)))
}

/// A product of powers of generators, in the order of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Monomial(Vec<(Gen, Exponent)>);

impl Monomial {
    /// Returns the empty product, 1.
    pub(crate) fn one() -> Self {
        Self::default()
    }

    /// Returns a power of one generator.
    pub(crate) fn power(of: Gen, exponent: Exponent) -> Self {
        if exponent == Exponent::ZERO {
            return Self::one();
        }
        Self(vec![(of, exponent)])
    }

    /// Returns whether the monomial is 1.
    pub(crate) fn is_one(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the generators with their exponents, none of which is 0.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Gen, Exponent)> + '_ {
        self.0.iter().copied()
    }

    /// Returns the exponent of a generator.
    pub(crate) fn exponent(&self, of: Gen) -> Exponent {
        match self.0.binary_search_by_key(&of, |(of, _)| *of) {
            Ok(place) => self.0[place].1,
            Err(_) => Exponent::ZERO,
        }
    }

    /// Returns the product of two monomials.
    pub(crate) fn times(&self, other: &Self) -> Self {
        self.merged(other, |a, b| fitting(a.checked_add(&b)))
    }

    /// Returns the quotient of two monomials.
    pub(crate) fn over(&self, other: &Self) -> Self {
        self.merged(other, |a, b| fitting(a.checked_sub(&b)))
    }

    /// Returns the largest monomial that divides both, exponent by exponent.
    pub(crate) fn common(&self, other: &Self) -> Self {
        self.merged(other, |a, b| a.min(b))
    }

    /// Returns a power of the monomial.
    pub(crate) fn pow(&self, exponent: Exponent) -> Self {
        if exponent == Exponent::ZERO {
            return Self::one();
        }
        Self(self.iter().map(|(of, e)| (of, scaled(e, exponent))).collect())
    }

    /// Returns the monomial without one of its generators.
    pub(crate) fn without(&self, of: Gen) -> Self {
        Self(self.iter().filter(|(other, _)| *other != of).collect())
    }

    /// Returns whether no exponent is negative.
    pub(crate) fn is_polynomial(&self) -> bool {
        self.iter().all(|(_, e)| e > Exponent::ZERO)
    }

    fn merged(
        &self,
        other: &Self,
        f: impl Fn(Exponent, Exponent) -> Exponent,
    ) -> Self {
        let (mut a, mut b) = (self.0.as_slice(), other.0.as_slice());
        let mut merged = Vec::with_capacity(a.len() + b.len());
        loop {
            let (of, x, y) = match (a.first(), b.first()) {
                (Some(&(g, x)), Some(&(h, y))) if g == h => {
                    (a, b) = (&a[1..], &b[1..]);
                    (g, x, y)
                }
                (Some(&(g, x)), Some(&(h, _))) if g < h => {
                    a = &a[1..];
                    (g, x, Exponent::ZERO)
                }
                (Some(&(g, x)), None) => {
                    a = &a[1..];
                    (g, x, Exponent::ZERO)
                }
                (_, Some(&(h, y))) => {
                    b = &b[1..];
                    (h, Exponent::ZERO, y)
                }
                (None, None) => return Self(merged),
            };
            let exponent = f(x, y);
            if exponent != Exponent::ZERO {
                merged.push((of, exponent));
            }
        }
    }
}

/// Compares lexicographically: at the first generator whose exponents differ,
/// the larger exponent gives the larger monomial. The order respects products.
impl Ord for Monomial {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (self.0.iter(), other.0.iter());
        loop {
            let zero = Exponent::ZERO;
            match (a.next(), b.next()) {
                (None, None) => return Ordering::Equal,
                (Some((_, x)), None) => return x.cmp(&zero),
                (None, Some((_, y))) => return zero.cmp(y),
                (Some((g, x)), Some((h, y))) => match g.cmp(h) {
                    Ordering::Less => return x.cmp(&zero),
                    Ordering::Greater => return zero.cmp(y),
                    Ordering::Equal if x != y => return x.cmp(y),
                    Ordering::Equal => {}
                },
            }
        }
    }
}

impl PartialOrd for Monomial {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
