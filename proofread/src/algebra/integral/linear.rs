//! Integrals of negative powers, and of absolute values, of linear functions.

use super::open;
use crate::algebra::monomial::{Exponent, Gen};
use crate::algebra::poly::Poly;
use crate::algebra::ratio::Ratio;
use crate::algebra::ring::Algebra;
use crate::value::{Signs, Trouble, whole};

/// A linear function of the variable.
pub(super) struct Linear {
    /// The value at 0.
    pub(super) start: Ratio,
    /// The slope.
    pub(super) slope: Ratio,
}

impl Algebra {
    /// Returns a polynomial as a linear function of a variable; none if it is
    /// not linear.
    pub(super) fn linear(&self, of: Gen, poly: &Poly) -> Option<Linear> {
        let mut linear = Linear { start: Ratio::zero(), slope: Ratio::zero() };
        for (exponent, coefficient) in poly.collected(of) {
            let coefficient = Ratio::from_poly(&coefficient);
            if self.depends(&coefficient, of) {
                return None;
            }
            if exponent == Exponent::ZERO {
                linear.start = coefficient;
            } else if exponent == Exponent::ONE {
                linear.slope = coefficient;
            } else {
                return None;
            }
        }
        Some(linear)
    }

    /// Returns the values of a linear function at both ends.
    pub(super) fn at_ends(
        &self,
        of: &Linear,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<[Ratio; 2], Trouble> {
        let at = |end: &Ratio| self.sum(&of.start, &of.slope.times(end));
        Ok([at(from)?, at(to)?])
    }

    /// Integrates a negative power of a linear function that is not zero
    /// between the ends.
    pub(super) fn of_linear_power(
        &mut self,
        of: Gen,
        poly: &Poly,
        power: i64,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let Some(linear) = self.linear(of, poly) else { return open() };
        if power >= 0 || !self.signs(&linear.slope).are(Signs::NOT_ZERO) {
            return open();
        }
        let Some(inverse) = linear.slope.inverse() else { return open() };
        let [low, high] = self.at_ends(&linear, from, to)?;
        let ends = self.signs(&low).or(self.signs(&high));
        let (low, high) = if ends.are(Signs::POSITIVE) {
            (low, high)
        } else if ends.are(Signs::NEGATIVE) && power == -1 {
            (low.negated(), high.negated())
        } else if ends.are(Signs::NEGATIVE) {
            (low, high)
        } else {
            return open();
        };
        let gap = if power == -1 {
            let (low, high) = (self.log(&low)?, self.log(&high)?);
            self.difference(&high, &low)?
        } else {
            let next = power + 1;
            self.gap(next, &low, &high)?.scaled(&(whole(1) / whole(next)))
        };
        Ok(gap.times(&inverse))
    }

    /// Integrates `a^n |u|` for a linear `u` whose signs at both ends are
    /// known. On each side of the zero of `u` the integrand is `a^n u` or
    /// `-a^n u`.
    pub(super) fn of_absolute(
        &mut self,
        of: Gen,
        n: i64,
        inside: &Poly,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let Some(linear) = self.linear(of, inside) else { return open() };
        if !self.signs(&linear.slope).are(Signs::NOT_ZERO) {
            return open();
        }
        let Some(inverse) = linear.slope.inverse() else { return open() };
        let zero = linear.start.times(&inverse).negated();
        let ends = self.at_ends(&linear, from, to)?;
        let mut total = Ratio::zero();
        for (end, value, sign) in
            [(from, &ends[0], whole(-1)), (to, &ends[1], whole(1))]
        {
            let signs = self.signs(value);
            let above = signs.are(Signs::NOT_NEGATIVE);
            if !above && !signs.are(Signs::NOT_POSITIVE) {
                return open();
            }
            let sign = if above { sign } else { -sign };
            // This is the integral from the zero to the end.
            let start = self.of_power(n, &zero, end)?.times(&linear.start);
            let slope = self.of_power(n + 1, &zero, end)?.times(&linear.slope);
            let part = self.sum(&start, &slope)?;
            total = self.sum(&total, &part.scaled(&sign))?;
        }
        Ok(total)
    }
}
