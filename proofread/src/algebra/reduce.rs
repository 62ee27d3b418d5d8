//! Reduction of higher powers to lower ones by the relations of generators.

use super::monomial::{Exponent, Monomial, share};
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, MOST_TERMS};
use crate::value::Trouble;

impl Algebra {
    /// Returns a ratio without denominators, multiplied out.
    pub(crate) fn expanded(&self, ratio: &Ratio) -> Result<Poly, Trouble> {
        let first = Poly::term(ratio.monomial.clone(), ratio.number.clone());
        let mut product = self.reduced(&first)?;
        for (factor, exponent) in &ratio.factors {
            for _ in 0..*exponent {
                product = self.product(&product, factor)?;
            }
        }
        Ok(product)
    }

    /// Returns the product of two polynomials in the ring.
    pub(super) fn product(&self, a: &Poly, b: &Poly) -> Result<Poly, Trouble> {
        self.work(a.len() * b.len())?;
        self.reduced(&a.times(b))
    }

    /// Returns a polynomial with the relations applied: a generator with a
    /// relation is left only in its lower powers.
    pub(super) fn reduced(&self, poly: &Poly) -> Result<Poly, Trouble> {
        let mut done = Poly::zero();
        let mut rest = poly.clone();
        while !rest.is_zero() {
            if done.len() + rest.len() > MOST_TERMS {
                return Err(Trouble::Budget);
            }
            let mut next = Poly::zero();
            for (monomial, coefficient) in rest.terms() {
                match self.reducible(monomial) {
                    None => done.put(monomial.clone(), coefficient.clone()),
                    Some((left, by, times)) => {
                        let mut product = Poly::term(left, coefficient.clone());
                        for _ in 0..times {
                            self.work(product.len() * by.len())?;
                            product = product.times(by);
                        }
                        next = next.plus(&product);
                    }
                }
            }
            rest = next;
        }
        Ok(done)
    }

    /// Returns a power to rewrite: the rest of the monomial, the polynomial
    /// that replaces the power, and how often.
    fn reducible(&self, monomial: &Monomial) -> Option<(Monomial, &Poly, i64)> {
        monomial.iter().find_map(|(of, exponent)| {
            let (degree, value) = self.generator(of).relation.as_ref()?;
            let times = share(exponent, *degree).floor();
            let times = times.to_integer();
            if times < 1 {
                return None;
            }
            let taken = Exponent::from(times * degree);
            let left = monomial.times(&Monomial::power(of, -taken));
            Some((left, value, times))
        })
    }
}
