//! Exponentials. The exponential of a sum is the product of the exponentials of
//! its terms.

use crate::algebra::monomial::{Exponent, Gen, Monomial};
use crate::algebra::ratio::Ratio;
use crate::algebra::ring::{Algebra, Kind};
use crate::value::{Interval, Q, Signs, Trouble, whole};
use num_traits::{One, ToPrimitive, Zero};

impl Algebra {
    /// Returns the exponential, of a sum as a product.
    pub(crate) fn exp(&mut self, of: &Ratio) -> Result<Ratio, Trouble> {
        let mut result = Ratio::one();
        for (term, coefficient) in self.split_terms(of)? {
            let small = (|| {
                let over = coefficient.numer().to_i64()?;
                Some(Exponent::new(over, coefficient.denom().to_i64()?))
            })();
            let (term, exponent) = match small {
                Some(exponent) => (term, exponent),
                None => (term.scaled(&coefficient), Exponent::ONE),
            };
            let factor = if let Some(inner) = self.as_log(&term) {
                self.real_power(&inner, exponent)?
            } else {
                let generator = self.exponential(&term);
                Ratio::monomial(Monomial::power(generator, exponent))
            };
            result = result.times(&factor);
        }
        Ok(result)
    }

    /// Returns the argument of a term that is a logarithm.
    fn as_log(&self, term: &Ratio) -> Option<Ratio> {
        if !term.factors.is_empty() || !term.number.is_one() {
            return None;
        }
        let mut all = term.monomial.iter();
        let (Some((of, exponent)), None) = (all.next(), all.next()) else {
            return None;
        };
        match &self.generator(of).kind {
            Kind::Logarithm(inner) if exponent == Exponent::ONE => {
                Some(inner.clone())
            }
            _ => None,
        }
    }

    /// Returns a rational power of a positive ratio.
    fn real_power(
        &mut self,
        of: &Ratio,
        exponent: Exponent,
    ) -> Result<Ratio, Trouble> {
        let degree =
            u32::try_from(*exponent.denom()).map_err(|_| Trouble::Budget)?;
        let root = match degree {
            1 => of.clone(),
            2..=12 => {
                let positive = self.signs(of).are(Signs::NOT_NEGATIVE);
                if degree % 2 == 1 && !positive {
                    return Err(Trouble::Budget);
                }
                self.root(degree, of)?
            }
            _ => return Err(Trouble::Budget),
        };
        root.power(*exponent.numer()).ok_or(Trouble::Division)
    }

    fn exponential(&mut self, of: &Ratio) -> Gen {
        let known = self.generators().find(|(_, generator)| {
            matches!(&generator.kind, Kind::Exponential(o) if self.equal(o, of))
        });
        if let Some((known, _)) = known {
            return known;
        }
        let signs = self.signs(of);
        let (zero, one) = (Some(Q::zero()), Some(Q::one()));
        let mut interval = Interval::from(Q::zero(), false);
        if *of == Ratio::one() {
            let q = |n: i64| Q::new(n.into(), 1_000_000.into());
            interval = Interval::closed(q(2_718_281), q(2_718_282));
        } else if signs.are(Signs::NOT_NEGATIVE) {
            let strictly = signs.are(Signs::POSITIVE);
            interval = Interval::from(Q::one(), !strictly);
        } else if signs.are(Signs::NOT_POSITIVE) {
            let with_high = !signs.are(Signs::NEGATIVE);
            interval =
                Interval { low: zero, high: one, with_low: false, with_high };
        }
        self.enter(Kind::Exponential(of.clone()), interval, None)
    }

    /// Returns the hyperbolic tangent, in terms of exponentials.
    pub(crate) fn tanh(&mut self, of: &Ratio) -> Result<Ratio, Trouble> {
        let square = self.exp(&of.scaled(&whole(2)))?;
        let one = Ratio::one();
        let over = self.difference(&square, &one)?;
        let under = self.sum(&square, &one)?;
        let inverse = under.inverse().ok_or(Trouble::Division)?;
        Ok(over.times(&inverse))
    }
}
