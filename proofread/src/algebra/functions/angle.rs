//! Sines and cosines: generators, or numbers if the angle is a fraction of π.

use super::monomial;
use crate::algebra::monomial::{Exponent, Gen, Monomial};
use crate::algebra::poly::Poly;
use crate::algebra::ratio::Ratio;
use crate::algebra::ring::{Algebra, Kind};
use crate::value::{Interval, Q, Signs, Trouble, whole};
use num_traits::{One, Signed, Zero};
use std::collections::BTreeMap;

impl Algebra {
    /// Returns π.
    pub(crate) fn pi(&mut self) -> Ratio {
        let q = |n: i64| Q::new(n.into(), 1_000_000_000.into());
        let interval = Interval::closed(q(3_141_592_653), q(3_141_592_654));
        monomial(self.plain(Kind::Pi, interval))
    }

    /// Returns the sine.
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

    /// Returns the interval of the sine, which is positive between 0 and π.
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

    /// Returns the cosine.
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

    /// Returns whether the leading coefficient of a sum is negative. Only one
    /// of `x` and `-x` becomes the argument of a generator.
    fn is_minus(&self, of: &Ratio) -> bool {
        let terms = self.split_terms(of).unwrap_or_default();
        terms.last().is_some_and(|(_, c)| c.is_negative())
    }

    /// Returns `q` if the angle is `q π`.
    fn turns(&mut self, of: &Ratio) -> Option<Q> {
        let pi = self.pi();
        let share = of.times(&pi.inverse()?);
        share.as_number().cloned()
    }

    /// Returns `cos(q π)`: a number for a common angle, else a generator.
    fn cosine_of_turns(&mut self, q: &Q) -> Result<Option<Ratio>, Trouble> {
        // Reduces `q` to [0, 2), then to [0, 1], then to [0, 1/2].
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
            // The cosine of an angle below π/2 is positive.
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
