//! Integrals of a power of the variable times an exponential, a logarithm, a
//! sine, a cosine or a root, by parts.

use super::open;
use crate::algebra::monomial::{Exponent, Gen, Monomial};
use crate::algebra::ratio::Ratio;
use crate::algebra::ring::Algebra;
use crate::value::{Signs, Trouble, whole};

impl Algebra {
    /// Returns the value of a function at the upper end minus its value at the
    /// lower end.
    fn between_values(
        &mut self,
        from: &Ratio,
        to: &Ratio,
        value: impl Fn(&mut Self, &Ratio) -> Result<Ratio, Trouble>,
    ) -> Result<Ratio, Trouble> {
        let (low, high) = (value(self, from)?, value(self, to)?);
        self.difference(&high, &low)
    }

    /// Returns the factor `c` of an argument `c a`, and its inverse; an error
    /// if the argument has another form, or if `c` may be 0.
    fn rate(
        &mut self,
        argument: &Ratio,
        of: Gen,
    ) -> Result<(Ratio, Ratio), Trouble> {
        let down = Monomial::power(of, Exponent::from(-1));
        let rate = argument.times(&Ratio::monomial(down));
        if self.depends(&rate, of) || !self.signs(&rate).are(Signs::NOT_ZERO) {
            return open();
        }
        match rate.inverse() {
            Some(inverse) => Ok((rate, inverse)),
            None => open(),
        }
    }

    /// Integrates `a^n exp(c a)`, by parts.
    pub(super) fn of_exponential(
        &mut self,
        of: Gen,
        n: i64,
        argument: &Ratio,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let (slope, inverse) = self.rate(argument, of)?;
        self.between_values(from, to, |algebra, end| {
            let exponential = algebra.exp(&slope.times(end))?;
            let mut sum = Ratio::zero();
            let mut factor = inverse.clone();
            for k in (0..=n).rev() {
                let Some(power) = end.power(k) else { return open() };
                sum = algebra.sum(&sum, &power.times(&factor))?;
                factor = factor.times(&inverse).scaled(&whole(-k));
            }
            Ok(exponential.times(&sum))
        })
    }

    /// Integrates `a^n ln a`, between positive ends.
    pub(super) fn of_logarithm(
        &mut self,
        n: i64,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        self.between_values(from, to, |algebra, end| {
            if !algebra.signs(end).are(Signs::POSITIVE) {
                return open();
            }
            let share = whole(1) / whole(n + 1);
            let log = algebra.log(end)?;
            let inner =
                algebra.difference(&log, &Ratio::number(share.clone()))?;
            let Some(power) = end.power(n + 1) else { return open() };
            Ok(power.times(&inner).scaled(&share))
        })
    }

    /// Integrates `a^n sin(c a)` or `a^n cos(c a)`, by parts.
    pub(super) fn of_wave(
        &mut self,
        of: Gen,
        (n, is_cosine): (i64, bool),
        argument: &Ratio,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let (slope, inverse) = self.rate(argument, of)?;
        self.between_values(from, to, |algebra, end| {
            let angle = slope.times(end);
            // The integral of a cosine is a sine. The integral of a sine is
            // minus a cosine.
            let mut next_is_sine = is_cosine;
            let mut factor = inverse.clone();
            let mut sum = Ratio::zero();
            for k in (0..=n).rev() {
                let Some(power) = end.power(k) else { return open() };
                let wave = if next_is_sine {
                    algebra.sine(&angle)?
                } else {
                    factor = factor.negated();
                    algebra.cosine(&angle)?
                };
                let part = power.times(&wave).times(&factor);
                sum = algebra.sum(&sum, &part)?;
                // This is the factor of the next term of the integration by
                // parts.
                factor = factor.times(&inverse).scaled(&whole(-k));
                next_is_sine = !next_is_sine;
            }
            Ok(sum)
        })
    }

    /// Integrates `a^n √a`, between ends that are not negative.
    pub(super) fn of_root(
        &mut self,
        n: i64,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        self.between_values(from, to, |algebra, end| {
            if !algebra.signs(end).are(Signs::NOT_NEGATIVE) {
                return open();
            }
            let root = algebra.root(2, end)?;
            let Some(power) = end.power(n + 1) else { return open() };
            let share = whole(2) / whole(2 * n + 3);
            Ok(power.times(&root).scaled(&share))
        })
    }
}
