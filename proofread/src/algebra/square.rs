//! Polynomials that are squares.

use super::monomial::{Exponent, Gen, Monomial};
use super::poly::Poly;
use crate::value::{Q, rational_root, whole};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::ToPrimitive;

/// The prime `2^61 - 1`.
const PRIME: u64 = (1 << 61) - 1;

/// The number of points modulo the prime at which a polynomial is tested. A
/// polynomial that is not a square passes at each point with a probability of
/// about a half.
const POINTS: u64 = 8;

impl Poly {
    /// Returns a polynomial whose square is this one, if there is one.
    pub(crate) fn square_root(&self) -> Option<Self> {
        let (lead, scale) = self.leading()?;
        let root = rational_root(scale)?;
        // The smallest term is the square of the root's smallest term.
        let (_, last) = self.terms().next()?;
        rational_root(last)?;
        if self.is_no_square() {
            return None;
        }
        let lead = lead.pow(Exponent::new(1, 2));
        let mut result = Self::term(lead.clone(), root.clone());
        let mut rest = self.minus(&result.times(&result));
        let mut budget = self.len() + 4;
        while let Some((m, c)) = rest.leading() {
            budget = budget.checked_sub(1)?;
            let monomial = m.over(&lead);
            // The terms come in decreasing order, so this one must be smaller.
            if monomial >= lead {
                return None;
            }
            let coefficient = c / (&root * whole(2));
            let next = Self::term(monomial, coefficient);
            let twice = result.scaled(&whole(2)).plus(&next);
            rest = rest.minus(&twice.times(&next));
            result = result.plus(&next);
        }
        Some(result)
    }

    /// Returns whether a value of the polynomial, modulo a prime, shows that it
    /// is no square. Each generator gets a value `v^(2 n)`, where `n` is the
    /// common denominator of the exponents, so that the root has a value, too.
    fn is_no_square(&self) -> bool {
        crate::work::spend(self.len());
        let exponents = self.terms().flat_map(|(m, _)| m.iter());
        let common = exponents.fold(1, |all: i64, (_, e)| all.lcm(e.denom()));
        let Some(terms) = residues(self, common) else { return false };
        (0..POINTS).any(|point| {
            let value = terms.iter().fold(0, |sum, (c, powers)| {
                let powers = powers.iter();
                let term = powers.fold(*c, |product, (of, exponent)| {
                    times(product, power(value_at(*of, point), *exponent))
                });
                (sum + term) % PRIME
            });
            value != 0 && power(value, (PRIME - 1) / 2) != 1
        })
    }
}

/// A coefficient and powers of generators, modulo the prime.
type Term = (u64, Vec<(Gen, u64)>);

/// Returns the terms modulo the prime, with all exponents multiplied by twice
/// their common denominator; none if an exponent is negative or large, or a
/// denominator vanishes.
fn residues(poly: &Poly, common: i64) -> Option<Vec<Term>> {
    let term = |(monomial, coefficient): (&Monomial, &Q)| {
        let under = residue(coefficient.denom())?;
        if under == 0 {
            return None;
        }
        let over = residue(coefficient.numer())?;
        let powers = monomial.iter().map(|(of, exponent)| {
            let whole = exponent.numer().checked_mul(common)?;
            let whole = (whole / exponent.denom()).checked_mul(2)?;
            Some((of, u64::try_from(whole).ok()?))
        });
        let inverse = power(under, PRIME - 2);
        Some((times(over, inverse), powers.collect::<Option<_>>()?))
    };
    poly.terms().map(term).collect()
}

/// Returns a whole number modulo the prime.
fn residue(of: &BigInt) -> Option<u64> {
    of.mod_floor(&BigInt::from(PRIME)).to_u64()
}

/// Returns the value `v` of a generator at a point: a fixed hash of both
/// numbers.
fn value_at(of: Gen, point: u64) -> u64 {
    let seed = (u64::from(of.0) << 8) + point + 1;
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ (mixed >> 32)) % PRIME
}

/// Returns the product modulo the prime.
fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b) % u128::from(PRIME);
    u64::try_from(product).expect("a rest of 61 bits")
}

/// Returns a power modulo the prime.
fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut result, mut square) = (1, base);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = times(result, square);
        }
        square = times(square, square);
        exponent /= 2;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::super::poly::tests::poly;
    use super::*;
    use num_traits::One;
    use quickcheck::quickcheck;

    quickcheck! {
        fn a_square_has_its_root(a: Vec<(u8, u8, i8)>) -> bool {
            let a = poly(&a);
            a.is_zero() || {
                let root = a.times(&a).square_root().unwrap();
                root == a || root == a.scaled(&-Q::one())
            }
        }

        fn one_more_than_a_square_has_none(a: Vec<(u8, u8, i8)>) -> bool {
            let a = poly(&a);
            let more = a.times(&a).plus(&Poly::constant(Q::one()));
            a.as_constant().is_some() || more.square_root().is_none()
        }

        fn a_root_may_have_roots_of_generators(a: Vec<(u8, u8, i8)>) -> bool {
            let a = poly(&a);
            let half = |(m, c): (&Monomial, &Q)| {
                (m.pow(Exponent::new(1, 2)), c.clone())
            };
            let mut a_half = Poly::zero();
            a.terms().map(half).for_each(|(m, c)| a_half.put(m, c));
            a.is_zero() || a_half.times(&a_half).square_root().is_some()
        }

        fn a_value_never_speaks_against_a_square(
            a: Vec<(u8, u8, i8)>
        ) -> bool {
            let a = poly(&a);
            !a.times(&a).is_no_square()
        }
    }

    #[test]
    fn a_value_speaks_against_most_others() {
        let square = poly(&[(2, 0, 1)]);
        let found = (1..=64).filter(|more| {
            square.plus(&Poly::constant(whole(*more))).is_no_square()
        });
        assert!(found.count() >= 62);
    }
}
