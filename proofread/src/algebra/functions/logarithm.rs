//! Logarithms. The logarithm of a product is the sum of the logarithms of its
//! factors, as far as their signs are known.

use super::monomial;
use crate::algebra::monomial::{Exponent, Gen, Monomial};
use crate::algebra::ratio::Ratio;
use crate::algebra::ring::{Algebra, Kind};
use crate::algebra::roots::prime_powers;
use crate::value::{Interval, Q, Signs, Trouble, whole};
use num_traits::{Signed, ToPrimitive, Zero};

impl Algebra {
    /// Returns the logarithm, of a product as a sum, as far as the signs of the
    /// factors are known.
    pub(crate) fn log(&mut self, of: &Ratio) -> Result<Ratio, Trouble> {
        if of.is_zero() {
            let what = "the logarithm of a number that is not positive";
            return Err(Trouble::Undefined(what));
        }
        let mut terms = vec![];
        let mut rest = Ratio::one();
        let mut minus = of.number.is_negative();
        for (prime, exponent) in prime_powers(&of.number.abs()) {
            let log = self.log_of_prime(&Q::from_integer(prime));
            terms.push(log.scaled(&whole(exponent)));
        }
        for (generator, exponent) in of.monomial.iter() {
            let signs = Signs::within(self.interval(generator));
            if signs.are(Signs::NOT_NEGATIVE) {
                let log = self.log_of_generator(generator)?;
                terms.push(log.scaled(&to_number(exponent)));
                continue;
            }
            let power = Monomial::power(generator, exponent);
            if exponent.is_integer() && exponent.to_integer() % 2 == 0 {
                let one = Monomial::power(generator, Exponent::ONE);
                let absolute = self.absolute(&Ratio::monomial(one))?;
                let log = self.log_of_rest(&absolute);
                terms.push(log.scaled(&to_number(exponent)));
            } else {
                rest = rest.times(&Ratio::monomial(power));
            }
        }
        for (factor, exponent) in &of.factors {
            let signs = self.signs_of_poly(factor);
            let mut one = Ratio::one();
            one.factors.insert(factor.clone(), 1);
            if signs.are(Signs::NOT_NEGATIVE) {
                let log = self.log_of_rest(&one);
                terms.push(log.scaled(&whole(*exponent)));
            } else if signs.are(Signs::NOT_POSITIVE) {
                minus ^= exponent % 2 != 0;
                let log = self.log_of_rest(&one.negated());
                terms.push(log.scaled(&whole(*exponent)));
            } else if exponent % 2 == 0 {
                let absolute = self.absolute(&one)?;
                let log = self.log_of_rest(&absolute);
                terms.push(log.scaled(&whole(*exponent)));
            } else {
                let mut power = Ratio::one();
                power.factors.insert(factor.clone(), *exponent);
                rest = rest.times(&power);
            }
        }
        if minus {
            rest = rest.negated();
        }
        if rest != Ratio::one() {
            if rest.as_number().is_some() {
                let what = "the logarithm of a number that is not positive";
                return Err(Trouble::Undefined(what));
            }
            terms.push(self.log_of_rest(&rest));
        }
        self.sum_of(&terms)
    }

    fn sum_of(&self, terms: &[Ratio]) -> Result<Ratio, Trouble> {
        let zero = Ratio::zero();
        terms.iter().try_fold(zero, |sum, term| self.sum(&sum, term))
    }

    fn log_of_prime(&mut self, prime: &Q) -> Ratio {
        let log = prime.to_f64().unwrap_or(f64::MAX).ln();
        let near = |x: f64| Q::from_float(x);
        // The error of `ln` on a float is far below 1e-9.
        let interval = match (near(log - 1e-9), near(log + 1e-9)) {
            (Some(low), Some(high)) => Interval::closed(low, high),
            _ => Interval::from(Q::zero(), true),
        };
        let kind = Kind::Logarithm(Ratio::number(prime.clone()));
        monomial(self.plain(kind, interval))
    }

    fn log_of_generator(&mut self, of: Gen) -> Result<Ratio, Trouble> {
        match self.generator(of).kind.clone() {
            Kind::Exponential(argument) => Ok(argument),
            Kind::Root(n, poly) if poly.as_constant().is_none() => {
                let log = self.log(&Ratio::from_poly(&poly))?;
                Ok(log.scaled(&Q::new(1.into(), n.into())))
            }
            _ => Ok(self.log_of_rest(&monomial(of))),
        }
    }

    /// Returns the logarithm as a generator.
    fn log_of_rest(&mut self, of: &Ratio) -> Ratio {
        let one = Ratio::one();
        let mut interval = Interval::REALS;
        if let Ok(gap) = self.difference(of, &one) {
            let signs = self.signs(&gap);
            if signs.are(Signs::NOT_NEGATIVE) {
                let strictly = signs.are(Signs::POSITIVE);
                interval = Interval::from(Q::zero(), !strictly);
            } else if signs.are(Signs::NOT_POSITIVE) {
                interval.high = Some(Q::zero());
                interval.with_high = !signs.are(Signs::NEGATIVE);
            }
        }
        let known = self.generators().find(|(_, generator)| {
            matches!(&generator.kind, Kind::Logarithm(o) if self.equal(o, of))
        });
        let known = known.map(|(of, _)| of);
        let kind = Kind::Logarithm(of.clone());
        monomial(known.unwrap_or_else(|| self.enter(kind, interval, None)))
    }
}

fn to_number(exponent: Exponent) -> Q {
    Q::new((*exponent.numer()).into(), (*exponent.denom()).into())
}
