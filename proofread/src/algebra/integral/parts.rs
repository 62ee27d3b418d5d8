//! Integrals of a power of the variable times an exponential, a logarithm, a wave
//! or a root, by parts.

use super::open;
use crate::algebra::monomial::{Exponent, Gen, Monomial};
use crate::algebra::ratio::Ratio;
use crate::algebra::ring::Algebra;
use crate::value::{Signs, Trouble, whole};

impl Algebra {
    /// `a^n exp(c a)`, by parts.
    pub(super) fn of_exponential(
        &mut self,
        of: Gen,
        n: i64,
        argument: &Ratio,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let slope = argument
            .times(&Ratio::monomial(Monomial::power(of, Exponent::from(-1))));
        if self.depends(&slope, of) || !self.signs(&slope).are(Signs::NOT_ZERO)
        {
            return open();
        }
        let Some(inverse) = slope.inverse() else { return open() };
        let mut values = vec![];
        for end in [from, to] {
            let exponential = self.exp(&slope.times(end))?;
            let mut sum = Ratio::zero();
            let mut factor = inverse.clone();
            for k in (0..=n).rev() {
                let Some(power) = end.power(k) else { return open() };
                sum = self.sum(&sum, &power.times(&factor))?;
                factor = factor.times(&inverse).scaled(&whole(-k));
            }
            values.push(exponential.times(&sum));
        }
        self.difference(&values[1], &values[0])
    }

    /// `a^n ln a`, between positive ends.
    pub(super) fn of_logarithm(
        &mut self,
        n: i64,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let mut values = vec![];
        for end in [from, to] {
            if !self.signs(end).are(Signs::POSITIVE) {
                return open();
            }
            let share = whole(1) / whole(n + 1);
            let log = self.log(end)?;
            let inner = self.difference(&log, &Ratio::number(share.clone()))?;
            let Some(power) = end.power(n + 1) else { return open() };
            values.push(power.times(&inner).scaled(&share));
        }
        self.difference(&values[1], &values[0])
    }

    /// `a^n sin(c a)` or `a^n cos(c a)`, by parts.
    pub(super) fn of_wave(
        &mut self,
        of: Gen,
        (n, is_cosine): (i64, bool),
        argument: &Ratio,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let down = Monomial::power(of, Exponent::from(-1));
        let slope = argument.times(&Ratio::monomial(down));
        if self.depends(&slope, of) || !self.signs(&slope).are(Signs::NOT_ZERO)
        {
            return open();
        }
        let Some(inverse) = slope.inverse() else { return open() };
        let mut values = vec![];
        for end in [from, to] {
            let angle = slope.times(end);
            // The integral of the cosine is the sine, that of the sine less
            // the cosine.
            let mut next_is_sine = is_cosine;
            let mut factor = inverse.clone();
            let mut sum = Ratio::zero();
            for k in (0..=n).rev() {
                let Some(power) = end.power(k) else { return open() };
                let wave = if next_is_sine {
                    self.sine(&angle)?
                } else {
                    factor = factor.negated();
                    self.cosine(&angle)?
                };
                let part = power.times(&wave).times(&factor);
                sum = self.sum(&sum, &part)?;
                // By parts: less k times the integral of what was found.
                factor = factor.times(&inverse).scaled(&whole(-k));
                next_is_sine = !next_is_sine;
            }
            values.push(sum);
        }
        self.difference(&values[1], &values[0])
    }

    /// `a^n √a`, between ends that are not negative.
    pub(super) fn of_root(
        &mut self,
        n: i64,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let mut values = vec![];
        for end in [from, to] {
            if !self.signs(end).are(Signs::NOT_NEGATIVE) {
                return open();
            }
            let root = self.root(2, end)?;
            let Some(power) = end.power(n + 1) else { return open() };
            let share = whole(2) / whole(2 * n + 3);
            values.push(power.times(&root).scaled(&share));
        }
        self.difference(&values[1], &values[0])
    }
}
