//! Logarithms, exponentials and angles.

use super::monomial::{Exponent, Gen, Monomial};
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, Kind};
use super::roots::prime_powers;
use crate::value::{Interval, Q, Signs, Trouble, whole};
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::collections::BTreeMap;

impl Algebra {
    /// The logarithm: of a product the sum, as far as the signs of the factors
    /// are known.
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
        // The error of `ln` on a float is far below this.
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

    /// The logarithm as a generator.
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

    /// The exponential: of a sum the product.
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

    /// A sum as its terms, each a product with the coefficient 1, with their
    /// coefficients.
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

    /// What a term that is a logarithm is one of.
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

    /// A rational power of something positive.
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

    /// The hyperbolic tangent, by exponentials.
    pub(crate) fn tanh(&mut self, of: &Ratio) -> Result<Ratio, Trouble> {
        let square = self.exp(&of.scaled(&whole(2)))?;
        let one = Ratio::one();
        let over = self.difference(&square, &one)?;
        let under = self.sum(&square, &one)?;
        let inverse = under.inverse().ok_or(Trouble::Division)?;
        Ok(over.times(&inverse))
    }

    /// π.
    pub(crate) fn pi(&mut self) -> Ratio {
        let q = |n: i64| Q::new(n.into(), 1_000_000_000.into());
        let interval = Interval::closed(q(3_141_592_653), q(3_141_592_654));
        monomial(self.plain(Kind::Pi, interval))
    }

    /// The sine.
    pub(crate) fn sine(&mut self, of: &Ratio) -> Result<Ratio, Trouble> {
        if of.is_zero() {
            return Ok(Ratio::zero());
        }
        if let Some(turns) = self.turns(of) {
            let quarter = Q::new(1.into(), 2.into());
            if let Some(value) = self.cosine_of_turns(&(quarter - turns))? {
                return Ok(value);
            }
        }
        if self.is_minus(of) {
            return Ok(self.sine(&of.negated())?.negated());
        }
        let cosine = self.cosine_generator(of, false);
        let kind = Kind::Sine(of.clone());
        let interval = self.interval_of_sine(of);
        let known = self.generators().find(|(_, generator)| {
            matches!(&generator.kind, Kind::Sine(o) if self.equal(o, of))
        });
        let known = known.map(|(of, _)| of);
        let generator = known.unwrap_or_else(|| {
            // sin² = 1 - cos²
            let two = Monomial::power(cosine, Exponent::from(2));
            let square =
                Poly::constant(Q::one()).plus(&Poly::term(two, whole(-1)));
            self.enter(kind, interval, Some((2, square)))
        });
        Ok(monomial(generator))
    }

    /// Where the sine lies: between 0 and π it is positive.
    fn interval_of_sine(&mut self, of: &Ratio) -> Interval {
        let mut interval = Interval::closed(whole(-1), whole(1));
        for (sign, signs) in [(1, Signs::POSITIVE), (-1, Signs::NEGATIVE)] {
            let end = Ratio::number(whole(3 * sign));
            let Ok(gap) = self.difference(&end, of) else { continue };
            if self.signs(of).are(signs) && self.signs(&gap).are(signs) {
                let zero = Some(Q::zero());
                if sign > 0 {
                    (interval.low, interval.with_low) = (zero, false);
                } else {
                    (interval.high, interval.with_high) = (zero, false);
                }
            }
        }
        interval
    }

    /// The cosine.
    pub(crate) fn cosine(&mut self, of: &Ratio) -> Result<Ratio, Trouble> {
        if of.is_zero() {
            return Ok(Ratio::one());
        }
        if let Some(turns) = self.turns(of)
            && let Some(value) = self.cosine_of_turns(&turns)?
        {
            return Ok(value);
        }
        let of = if self.is_minus(of) { of.negated() } else { of.clone() };
        Ok(monomial(self.cosine_generator(&of, false)))
    }

    fn cosine_generator(&mut self, of: &Ratio, is_acute: bool) -> Gen {
        let known = self.generators().find(|(_, generator)| {
            matches!(&generator.kind, Kind::Cosine(o) if self.equal(o, of))
        });
        if let Some((known, _)) = known {
            return known;
        }
        let mut interval = Interval::closed(whole(-1), whole(1));
        if is_acute {
            interval =
                Interval { low: Some(Q::zero()), with_low: false, ..interval };
        }
        self.enter(Kind::Cosine(of.clone()), interval, None)
    }

    /// Whether the first coefficient of a sum is negative: of `x` and `-x`, one
    /// is the argument of the generator.
    fn is_minus(&self, of: &Ratio) -> bool {
        let terms = self.split_terms(of).unwrap_or_default();
        terms.last().is_some_and(|(_, c)| c.is_negative())
    }

    /// `q` of an angle `q π`.
    fn turns(&mut self, of: &Ratio) -> Option<Q> {
        let pi = self.pi();
        let share = of.times(&pi.inverse()?);
        share.as_number().cloned()
    }

    /// `cos(q π)`, where it is known.
    fn cosine_of_turns(&mut self, q: &Q) -> Result<Option<Ratio>, Trouble> {
        // To [0, 2), then to [0, 1], then to [0, 1/2].
        let two = whole(2);
        let mut q = q - (q / &two).floor() * &two;
        if q > Q::one() {
            q = &two - q;
        }
        let half = Q::new(1.into(), 2.into());
        let minus = q > half;
        if minus {
            q = Q::one() - q;
        }
        let table = BTreeMap::from([
            (Q::zero(), (whole(1), 1)),
            (Q::new(1.into(), 6.into()), (half.clone(), 3)),
            (Q::new(1.into(), 4.into()), (half.clone(), 2)),
            (Q::new(1.into(), 3.into()), (half.clone(), 1)),
            (half, (Q::zero(), 1)),
        ]);
        let Some((factor, square)) = table.get(&q) else {
            // Of an angle below π/2 the cosine is positive.
            let angle = self.pi().scaled(&q);
            let of = self.cosine_generator(&angle, true);
            let value = monomial(of);
            return Ok(Some(if minus { value.negated() } else { value }));
        };
        let root = self.root(2, &Ratio::number(whole(*square)))?;
        let value = root.scaled(factor);
        Ok(Some(if minus { value.negated() } else { value }))
    }
}

fn monomial(of: Gen) -> Ratio {
    Ratio::monomial(Monomial::power(of, Exponent::ONE))
}

fn to_number(exponent: Exponent) -> Q {
    Q::new((*exponent.numer()).into(), (*exponent.denom()).into())
}
