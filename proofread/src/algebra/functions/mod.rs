//! Logarithms, exponentials and angles.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `logarithm` | logarithms, of products as sums |
//! | `exponential` | exponentials, of sums as products |
//! | `angle` | π, sines and cosines |

mod angle;
mod exponential;
mod logarithm;

use super::monomial::{Exponent, Gen, Monomial};
use super::ratio::Ratio;
use super::ring::Algebra;
use crate::value::{Q, Trouble};

impl Algebra {
    /// Splits a sum into terms, each a product with the coefficient 1, and
    /// their coefficients.
    pub(crate) fn split_terms(
        &self,
        of: &Ratio,
    ) -> Result<Vec<(Ratio, Q)>, Trouble> {
        if of.is_zero() {
            return Ok(vec![]);
        }
        let (mut above, mut below) = (of.clone(), Ratio::one());
        let down = of.factors.iter().filter(|(_, e)| **e < 0);
        below.factors = down.map(|(f, e)| (f.clone(), *e)).collect();
        above.factors.retain(|_, exponent| *exponent > 0);
        let down: Vec<_> =
            of.monomial.iter().filter(|(_, e)| *e < Exponent::ZERO).collect();
        for (generator, exponent) in down {
            let power = Monomial::power(generator, exponent);
            above.monomial = above.monomial.without(generator);
            below.monomial = below.monomial.times(&power);
        }
        let poly = self.expanded(&above)?;
        let one = |(m, c): (&Monomial, &Q)| {
            (Ratio::monomial(m.clone()).times(&below), c.clone())
        };
        Ok(poly.terms().map(one).collect())
    }
}

fn monomial(of: Gen) -> Ratio {
    Ratio::monomial(Monomial::power(of, Exponent::ONE))
}
