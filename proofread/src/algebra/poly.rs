//! Polynomials in generators, with rational coefficients.

use super::monomial::{Exponent, Gen, Monomial};
use crate::value::{Q, words};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// A sum of monomials with coefficients, none of which is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Poly(BTreeMap<Monomial, Q>);

impl Poly {
    pub(crate) fn zero() -> Self {
        Self::default()
    }

    pub(crate) fn constant(value: Q) -> Self {
        Self::term(Monomial::one(), value)
    }

    pub(crate) fn term(monomial: Monomial, coefficient: Q) -> Self {
        let mut poly = Self::zero();
        poly.put(monomial, coefficient);
        poly
    }

    /// Returns a generator as a polynomial.
    pub(crate) fn generator(of: Gen) -> Self {
        Self::term(Monomial::power(of, Exponent::ONE), Q::one())
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of terms.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn terms(&self) -> impl Iterator<Item = (&Monomial, &Q)> {
        self.0.iter()
    }

    /// Adds one term.
    pub(crate) fn put(&mut self, monomial: Monomial, coefficient: Q) {
        if coefficient.is_zero() {
            return;
        }
        let entry = self.0.entry(monomial);
        match entry {
            std::collections::btree_map::Entry::Vacant(vacant) => {
                vacant.insert(coefficient);
            }
            std::collections::btree_map::Entry::Occupied(mut known) => {
                *known.get_mut() += coefficient;
                if known.get().is_zero() {
                    known.remove();
                }
            }
        }
    }

    /// Returns the only term, if there is just one.
    pub(crate) fn single(&self) -> Option<(&Monomial, &Q)> {
        if self.len() == 1 { self.0.iter().next() } else { None }
    }

    /// Returns the value, if the polynomial has no generators.
    pub(crate) fn as_constant(&self) -> Option<Q> {
        if self.is_zero() {
            return Some(Q::zero());
        }
        let (monomial, coefficient) = self.single()?;
        monomial.is_one().then(|| coefficient.clone())
    }

    /// Returns the largest term in the order of monomials.
    pub(crate) fn leading(&self) -> Option<(&Monomial, &Q)> {
        self.0.last_key_value()
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let (mut sum, small) = if self.len() < other.len() {
            (other.clone(), self)
        } else {
            (self.clone(), other)
        };
        crate::work::spend(small.len() + sum.len() / 8);
        for (monomial, coefficient) in small.terms() {
            sum.put(monomial.clone(), coefficient.clone());
        }
        sum
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.scaled(&-Q::one()))
    }

    pub(crate) fn scaled(&self, factor: &Q) -> Self {
        if factor.is_zero() {
            return Self::zero();
        }
        Self(self.0.iter().map(|(m, c)| (m.clone(), c * factor)).collect())
    }

    /// Returns the polynomial times a monomial.
    pub(crate) fn shifted(&self, by: &Monomial) -> Self {
        Self(self.0.iter().map(|(m, c)| (m.times(by), c.clone())).collect())
    }

    /// Returns the product, with the generators as independent variables.
    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut product = Self::zero();
        let words = other.terms().map(|(_, b)| words(b)).max().unwrap_or(1);
        for (m, a) in self.terms() {
            let size = words + self::words(a);
            crate::work::spend(other.len().saturating_mul(size * size));
            for (n, b) in other.terms() {
                product.put(m.times(n), a * b);
            }
        }
        product
    }

    /// Returns the generators that occur.
    pub(crate) fn generators(&self) -> BTreeSet<Gen> {
        let all = self.0.keys().flat_map(|m| m.iter().map(|(of, _)| of));
        all.collect()
    }

    /// Returns the largest monomial that divides every term.
    pub(crate) fn common_monomial(&self) -> Monomial {
        let mut all = self.0.keys();
        let first = all.next().cloned().unwrap_or_default();
        all.fold(first, |common, m| common.common(m))
    }

    /// Returns a rational number such that the polynomial divided by it has
    /// coprime whole coefficients, with a positive leading coefficient.
    pub(crate) fn content(&self) -> Q {
        let mut over = BigInt::zero();
        let mut under = BigInt::one();
        for (_, c) in self.terms() {
            over = over.gcd(c.numer());
            under = under.lcm(c.denom());
        }
        if over.is_zero() {
            return Q::one();
        }
        let content = Q::new(over, under);
        let negative = self.leading().is_some_and(|(_, c)| c.is_negative());
        if negative { -content } else { content }
    }

    /// Returns the quotient, if it is a polynomial.
    pub(crate) fn divided(&self, by: &Self) -> Option<Self> {
        let (lead, scale) = by.leading()?;
        let (mut rest, mut quotient) = (self.clone(), Self::zero());
        // The budget limits the number of terms of the quotient.
        let mut budget = 4 * (self.len() + by.len()) + 64;
        while let Some((m, c)) = rest.leading() {
            let monomial = m.over(lead);
            budget = budget.checked_sub(1)?;
            if !monomial.is_one() && !monomial.is_polynomial() {
                return None;
            }
            let coefficient = c / scale;
            let size = words(&coefficient) + 1;
            crate::work::spend(by.len() * size * size);
            for (n, d) in by.terms() {
                rest.put(n.times(&monomial), -(d * &coefficient));
            }
            quotient.put(monomial, coefficient);
        }
        Some(quotient)
    }

    /// Returns the polynomial with a generator replaced by a rational number;
    /// none if the generator has a fractional exponent, or if this divides by
    /// zero.
    pub(crate) fn at(&self, of: Gen, value: &Q) -> Option<Self> {
        let mut result = Self::zero();
        for (m, c) in self.terms() {
            let exponent = m.exponent(of);
            if !exponent.is_integer() {
                return None;
            }
            let exponent = i32::try_from(exponent.to_integer()).ok()?;
            if exponent < 0 && value.is_zero() {
                return None;
            }
            result
                .put(m.without(of), c * num_traits::Pow::pow(value, exponent));
        }
        Some(result)
    }

    /// Returns the coefficients of the powers of a generator, by exponent.
    pub(crate) fn collected(&self, by: Gen) -> BTreeMap<Exponent, Self> {
        let mut parts: BTreeMap<Exponent, Self> = BTreeMap::new();
        for (m, c) in self.terms() {
            let part = parts.entry(m.exponent(by)).or_default();
            part.put(m.without(by), c.clone());
        }
        parts.retain(|_, part| !part.is_zero());
        parts
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::value::whole;
    use quickcheck::quickcheck;

    /// Returns a polynomial in two generators, made from small numbers.
    pub(crate) fn poly(parts: &[(u8, u8, i8)]) -> Poly {
        let mut poly = Poly::zero();
        for &(i, j, c) in parts.iter().take(6) {
            let power = |of: u32, e: u8| {
                Monomial::power(Gen(of), Exponent::from(i64::from(e % 4)))
            };
            poly.put(power(0, i).times(&power(1, j)), whole(i64::from(c)));
        }
        poly
    }

    quickcheck! {
        fn division_undoes_a_product(
            a: Vec<(u8, u8, i8)>, b: Vec<(u8, u8, i8)>
        ) -> bool {
            let (a, b) = (poly(&a), poly(&b));
            b.is_zero() || a.times(&b).divided(&b) == Some(a)
        }

        fn what_leaves_a_rest_has_no_quotient(
            a: Vec<(u8, u8, i8)>, b: Vec<(u8, u8, i8)>
        ) -> bool {
            let (a, b) = (poly(&a), poly(&b));
            let more = a.times(&b).plus(&Poly::constant(Q::one()));
            b.as_constant().is_some() || more.divided(&b).is_none()
        }

        fn the_content_is_taken_out(a: Vec<(u8, u8, i8)>) -> bool {
            let a = poly(&a);
            let primitive = a.scaled(&a.content().recip());
            a.is_zero() || primitive.content().is_one()
        }
    }
}
