//! The noise schedule: how much noise each step adds.
//!
//! A schedule is a list of variances `β_1 … β_T`. With `α_t = 1 - β_t`,
//! `ᾱ_t = α_1 α_2 ⋯ α_t` is the share of the variance of `x_0` that is left in
//! `x_t`. Indices are the paper's: `t` runs from 1 to `T`,
//! and `ᾱ_0 = 1`.
//!
//! `1 - ᾱ_t` has a table of its own. A subtraction would lose digits where `ᾱ_t`
//! is close to 1. The recursion `1 - ᾱ_t = α_t (1 - ᾱ_{t-1}) + β_t` adds positive
//! numbers only.

use crate::{Error, Result};

/// The largest number of steps of a schedule.
const MAX_STEPS: usize = 1_000_000;

/// The variances `β_1 … β_T` and what follows from them, in `f64`.
///
/// ```
/// use ddpm::math::Schedule;
/// let linear = Schedule::linear(1000, 1e-4, 0.02)?;
/// let cosine = Schedule::cosine(1000)?;
/// // At t = T/2, the cosine schedule has far more signal left.
/// assert!(linear.at(500)?.alpha_bar() < 0.1);
/// assert!(cosine.at(500)?.alpha_bar() > 0.4);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    pub(super) betas: Vec<f64>,      // β_1 ..= β_T
    pub(super) alphas: Vec<f64>,     // α_1 ..= α_T
    pub(super) alpha_bars: Vec<f64>, // ᾱ_0 ..= ᾱ_T
    pub(super) one_minus_alpha_bars: Vec<f64>, // 1 - ᾱ_0 ..= 1 - ᾱ_T
}

impl Schedule {
    /// Creates a schedule from any betas, `β_1` first.
    ///
    /// # Formula
    /// `ᾱ_t = ∏_{s=1}^t (1 - β_s)`, and `ᾱ_0 = 1`.
    ///
    /// Equation: eq-alpha-bar (Ho et al. 2020, section 2)
    ///
    /// # Errors
    /// If there are no betas or more than a million, if one is not strictly
    /// between 0 and 1 (or not a number), or if `ᾱ_t` underflows to 0.
    ///
    /// ```
    /// use ddpm::math::Schedule;
    /// let schedule = Schedule::from_betas(vec![0.5, 0.2])?;
    /// assert_eq!(schedule.at(2)?.alpha_bar(), 0.5 * 0.8);
    /// assert!(Schedule::from_betas(vec![0.5, 1.0]).is_err());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn from_betas(betas: Vec<f64>) -> Result<Self> {
        check_steps(betas.len())?;
        let mut alphas = Vec::with_capacity(betas.len());
        let mut alpha_bars = vec![1.0];
        let mut one_minus_alpha_bars = vec![0.0];
        let (mut alpha_bar, mut one_minus) = (1.0, 0.0);
        for (t, &beta) in (1..).zip(&betas) {
            let ok = beta > 0.0 && beta < 1.0;
            let got = format_args!("beta_{t} = {beta}");
            Error::require(ok, "betas", "strictly between 0 and 1", got)?;
            let alpha = 1.0 - beta;
            alpha_bar *= alpha;
            one_minus = alpha * one_minus + beta;
            Error::require(
                alpha_bar >= f64::MIN_POSITIVE,
                "betas",
                "so few or so small that alpha_bar_T is above 0",
                format_args!("an alpha_bar_{t} that underflows"),
            )?;
            alphas.push(alpha);
            alpha_bars.push(alpha_bar);
            one_minus_alpha_bars.push(one_minus);
        }
        Ok(Self { betas, alphas, alpha_bars, one_minus_alpha_bars })
    }

    /// Returns `T`, the number of steps.
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// assert_eq!(Schedule::cosine(50)?.steps(), 50);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    // Not an equation: a count.
    pub fn steps(&self) -> usize {
        self.betas.len()
    }
}

/// Checks the number of steps of a schedule.
pub(super) fn check_steps(steps: usize) -> Result<()> {
    let ok = (1..=MAX_STEPS).contains(&steps);
    let expected = format_args!("1 to {MAX_STEPS}");
    Error::require(ok, "the number of steps", expected, steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, random_schedule};
    use approx::assert_relative_eq;

    #[test]
    fn alpha_bar_is_the_product_and_never_grows() {
        check(|seed| {
            let schedule = random_schedule(seed);
            let mut product = 1.0;
            for at in schedule.iter() {
                assert_relative_eq!(at.alpha_bar_prev(), product);
                product *= at.alpha();
                assert!(at.alpha_bar() < at.alpha_bar_prev());
                assert_relative_eq!(
                    at.alpha_bar() + at.one_minus_alpha_bar(),
                    1.0,
                    epsilon = 1e-14
                );
            }
        });
    }

    /// Against `-expm1(Σ ln(1 - β))`, which has no cancellation either.
    #[test]
    fn one_minus_alpha_bar_keeps_its_digits() {
        let schedule = Schedule::linear(1000, 1e-12, 1e-10).unwrap();
        let mut log = 0.0;
        for at in schedule.iter() {
            log += (-at.beta()).ln_1p();
            assert_relative_eq!(
                at.one_minus_alpha_bar(),
                -log.exp_m1(),
                max_relative = 1e-12
            );
        }
    }

    #[test]
    fn bad_schedules_are_refused_and_named() {
        let message = |r: Result<Schedule>| r.unwrap_err().to_string();
        let bad = [0.0, 1.0, -0.1, 1.5, f64::NAN, f64::INFINITY];
        for value in bad {
            let text = message(Schedule::from_betas(vec![0.1, value]));
            assert!(text.contains("beta_2") && text.contains("between 0"));
        }
        assert!(message(Schedule::from_betas(vec![])).contains("got 0"));
        assert!(message(Schedule::cosine(0)).contains("got 0"));
        assert!(message(Schedule::cosine(usize::MAX)).contains("1000000"));
        assert!(message(Schedule::quadratic(9, -1.0, 0.1)).contains("beta_1"));
        let text = message(Schedule::from_betas(vec![0.999; 200]));
        assert!(text.contains("alpha_bar_103"), "{text}");
        // The smallest normal number is 2^-1022, and may be reached.
        let smallest = Schedule::from_betas(vec![0.5; 1022]).unwrap();
        assert_eq!(smallest.last().alpha_bar(), f64::MIN_POSITIVE);
        assert!(Schedule::from_betas(vec![0.5; 1023]).is_err());
        let schedule = Schedule::cosine(10).unwrap();
        for t in [0, 11, usize::MAX] {
            assert!(matches!(schedule.at(t), Err(Error::Timestep { .. })));
        }
    }
}
