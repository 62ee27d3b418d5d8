//! The noise schedule: how much noise each step adds.
//!
//! A schedule is a list of variances `β_1 … β_T`. Everything else follows:
//! `α_t = 1 - β_t`, and `ᾱ_t = α_1 α_2 ⋯ α_t` is the share of `x_0`'s variance
//! that is left in `x_t`. Indices are the paper's: `t` runs from 1 to `T`,
//! and `ᾱ_0 = 1`.
//!
//! `1 - ᾱ_t` has a table of its own. Computed by subtraction it would lose
//! digits where `ᾱ_t` is close to 1; the recursion
//! `1 - ᾱ_t = α_t (1 - ᾱ_{t-1}) + β_t` adds positive numbers only.

use crate::{Error, Result};

/// The most steps a schedule may have.
const MAX_STEPS: usize = 1_000_000;

/// The variances `β_1 … β_T` and what follows from them, in `f64`.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    betas: Vec<f64>,                // β_1 ..= β_T
    alpha_bars: Vec<f64>,           // ᾱ_0 ..= ᾱ_T
    one_minus_alpha_bars: Vec<f64>, // 1 - ᾱ_0 ..= 1 - ᾱ_T
}

impl Schedule {
    /// Any betas of your own, `β_1` first.
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
        let mut alpha_bars = vec![1.0];
        let mut one_minus_alpha_bars = vec![0.0];
        let (mut alpha_bar, mut one_minus) = (1.0, 0.0);
        for (t, &beta) in (1..).zip(&betas) {
            if !(beta > 0.0 && beta < 1.0) {
                return Err(Error::Beta { t, value: beta });
            }
            let alpha = 1.0 - beta;
            alpha_bar *= alpha;
            one_minus = alpha * one_minus + beta;
            if alpha_bar < f64::MIN_POSITIVE {
                return Err(Error::AlphaBarUnderflow { t });
            }
            alpha_bars.push(alpha_bar);
            one_minus_alpha_bars.push(one_minus);
        }
        Ok(Self { betas, alpha_bars, one_minus_alpha_bars })
    }

    /// Betas that grow linearly, the schedule of the DDPM paper.
    ///
    /// # Formula
    /// `β_t = β_1 + (t-1)/(T-1) · (β_T - β_1)`; the paper uses `T = 1000`,
    /// `β_1 = 1e-4`, `β_T = 0.02`.
    ///
    /// Equation: eq-schedule-linear (Ho et al. 2020, section 4)
    ///
    /// # Errors
    /// As [`from_betas`](Self::from_betas).
    ///
    /// ```
    /// use ddpm::math::Schedule;
    /// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    /// // Only 0.6 % of x_0's amplitude is left at the end.
    /// assert!((schedule.at(1000)?.alpha_bar().sqrt() - 0.00635).abs() < 1e-5);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn linear(steps: usize, first: f64, last: f64) -> Result<Self> {
        Self::from_ramp(steps, |u| first + u * (last - first))
    }

    /// Betas whose square roots grow linearly.
    ///
    /// # Formula
    /// `√β_t = √β_1 + (t-1)/(T-1) · (√β_T - √β_1)`
    ///
    /// Equation: eq-schedule-quadratic (Song et al. 2021, DDIM, section D.3)
    ///
    /// # Errors
    /// As [`from_betas`](Self::from_betas).
    ///
    /// ```
    /// use ddpm::math::Schedule;
    /// let schedule = Schedule::quadratic(3, 0.01, 0.09)?;
    /// assert!((schedule.at(2)?.beta() - 0.04).abs() < 1e-15);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn quadratic(steps: usize, first: f64, last: f64) -> Result<Self> {
        let (low, high) = (first.sqrt(), last.sqrt());
        Self::from_ramp(steps, |u| (low + u * (high - low)).powi(2))
    }

    /// Betas along a logistic curve, slow at both ends.
    ///
    /// # Formula
    /// `β_t = β_1 + (β_T - β_1) · σ(-6 + 12 (t-1)/(T-1))`, where
    /// `σ(u) = 1/(1 + e^{-u})`. The ends are approached to 0.25 %.
    ///
    /// Equation: eq-schedule-sigmoid (Xu et al. 2022, `GeoDiff`)
    ///
    /// # Errors
    /// As [`from_betas`](Self::from_betas).
    ///
    /// ```
    /// use ddpm::math::Schedule;
    /// let schedule = Schedule::sigmoid(3, 0.01, 0.03)?;
    /// assert!((schedule.at(2)?.beta() - 0.02).abs() < 1e-15);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn sigmoid(steps: usize, first: f64, last: f64) -> Result<Self> {
        Self::from_ramp(steps, |u| {
            first + (last - first) / (1.0 + (6.0 - 12.0 * u).exp())
        })
    }

    /// The cosine schedule: `ᾱ_t` falls along a squared cosine.
    ///
    /// # Formula
    /// `β_t = min(1 - f(t)/f(t-1), 0.999)` with
    /// `f(t) = cos²((t/T + 0.008)/1.008 · π/2)`.
    ///
    /// Equation: eq-schedule-cosine (Nichol and Dhariwal 2021, eq. 17)
    ///
    /// # Errors
    /// If `steps` is 0 or above a million.
    ///
    /// ```
    /// use ddpm::math::Schedule;
    /// let schedule = Schedule::cosine(1000)?;
    /// assert!((schedule.at(500)?.alpha_bar() - 0.5).abs() < 0.01);
    /// assert_eq!(schedule.at(1000)?.beta(), 0.999);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn cosine(steps: usize) -> Result<Self> {
        check_steps(steps)?;
        let f = |t: usize| {
            let u = (t as f64 / steps as f64 + 0.008) / 1.008;
            (u * std::f64::consts::FRAC_PI_2).cos().powi(2)
        };
        let beta = |t| (1.0 - f(t) / f(t - 1)).min(0.999);
        Self::from_betas((1..=steps).map(beta).collect())
    }

    /// `β_t = ramp(u)` for `u` in `steps` even steps from 0 to 1.
    fn from_ramp(steps: usize, ramp: impl Fn(f64) -> f64) -> Result<Self> {
        check_steps(steps)?;
        let last = (steps - 1).max(1) as f64;
        Self::from_betas((0..steps).map(|i| ramp(i as f64 / last)).collect())
    }

    /// `T`, the number of steps.
    ///
    /// Not an equation: it counts.
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// assert_eq!(Schedule::cosine(50)?.steps(), 50);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[must_use]
    pub fn steps(&self) -> usize {
        self.betas.len()
    }

    /// Step `t` of the schedule; every formula of [`math`](crate::math) asks
    /// for one, so that `t` is checked once, here.
    ///
    /// Not an equation: a look-up.
    ///
    /// # Errors
    /// If `t` is not in `1..=T`.
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// let schedule = Schedule::linear(10, 0.1, 0.2)?;
    /// assert_eq!(schedule.at(1)?.beta(), 0.1);
    /// let error = schedule.at(11).unwrap_err().to_string();
    /// assert!(error.contains("t runs from 1 to 10"));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn at(&self, t: usize) -> Result<Timestep<'_>> {
        if (1..=self.steps()).contains(&t) {
            Ok(Timestep { schedule: self, t })
        } else {
            Err(Error::Timestep { t, steps: self.steps() })
        }
    }

    /// The last step, `t = T`.
    ///
    /// Not an equation: a look-up.
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// assert_eq!(Schedule::cosine(50)?.last().t(), 50);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[must_use]
    pub fn last(&self) -> Timestep<'_> {
        Timestep { schedule: self, t: self.steps() }
    }

    /// All steps, `t = 1` first; `.rev()` walks the reverse process.
    ///
    /// Not an equation: a walk.
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// let schedule = Schedule::linear(4, 0.1, 0.4)?;
    /// let product: f64 = schedule.iter().map(|at| at.alpha()).product();
    /// assert!((product - schedule.last().alpha_bar()).abs() < 1e-15);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn iter(
        &self,
    ) -> impl DoubleEndedIterator<Item = Timestep<'_>> + ExactSizeIterator {
        // `1..=T` is no ExactSizeIterator; `0..T` is.
        (0..self.steps()).map(|i| Timestep { schedule: self, t: i + 1 })
    }
}

fn check_steps(steps: usize) -> Result<()> {
    if (1..=MAX_STEPS).contains(&steps) {
        Ok(())
    } else {
        Err(Error::Steps { steps, max: MAX_STEPS })
    }
}

/// One step `t` of one [`Schedule`], known to exist; made by [`Schedule::at`].
#[derive(Clone, Copy, Debug)]
pub struct Timestep<'a> {
    schedule: &'a Schedule,
    t: usize,
}

impl<'a> Timestep<'a> {
    /// The schedule that this is a step of.
    ///
    /// Not an equation: a look-up.
    #[must_use]
    pub fn schedule(self) -> &'a Schedule {
        self.schedule
    }

    /// The paper's `t`, in `1..=T`.
    ///
    /// Not an equation: a look-up.
    #[must_use]
    pub fn t(self) -> usize {
        self.t
    }

    /// `β_t`, the variance of the noise that this step adds, in (0, 1).
    ///
    /// Equation: eq-beta
    #[must_use]
    pub fn beta(self) -> f64 {
        self.schedule.betas[self.t - 1]
    }

    /// `α_t = 1 - β_t`, the share of variance that this step keeps, in (0, 1).
    ///
    /// Equation: eq-alpha
    #[must_use]
    pub fn alpha(self) -> f64 {
        1.0 - self.beta()
    }

    /// `ᾱ_t = α_1 ⋯ α_t`, the share of `x_0`'s variance left, in (0, 1).
    ///
    /// Equation: eq-alpha-bar
    #[must_use]
    pub fn alpha_bar(self) -> f64 {
        self.schedule.alpha_bars[self.t]
    }

    /// `ᾱ_{t-1}`, in (0, 1]; 1 at `t = 1`.
    ///
    /// Equation: eq-alpha-bar
    #[must_use]
    pub fn alpha_bar_prev(self) -> f64 {
        self.schedule.alpha_bars[self.t - 1]
    }

    /// `1 - ᾱ_t`, the variance of the noise in `x_t`, without cancellation.
    ///
    /// # Formula
    /// `1 - ᾱ_t = α_t (1 - ᾱ_{t-1}) + β_t`
    ///
    /// Equation: eq-one-minus-alpha-bar
    #[must_use]
    pub fn one_minus_alpha_bar(self) -> f64 {
        self.schedule.one_minus_alpha_bars[self.t]
    }

    /// `1 - ᾱ_{t-1}`, in [0, 1); 0 at `t = 1`.
    ///
    /// Equation: eq-one-minus-alpha-bar
    #[must_use]
    pub fn one_minus_alpha_bar_prev(self) -> f64 {
        self.schedule.one_minus_alpha_bars[self.t - 1]
    }

    /// The signal-to-noise ratio of `x_t`, positive and falling in `t`.
    ///
    /// # Formula
    /// `SNR(t) = ᾱ_t / (1 - ᾱ_t)`
    ///
    /// Equation: eq-snr (Kingma et al. 2021, eq. 2)
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// let schedule = Schedule::from_betas(vec![0.2])?;
    /// assert!((schedule.at(1)?.snr() - 4.0).abs() < 1e-12);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[must_use]
    pub fn snr(self) -> f64 {
        self.alpha_bar() / self.one_minus_alpha_bar()
    }
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

    /// Published values: see the table of the linear schedule in the DDPM
    /// code, computed independently in double precision.
    #[test]
    fn linear_has_the_papers_numbers() {
        let schedule = Schedule::linear(1000, 1e-4, 0.02).unwrap();
        let known = [
            (1, 1.0e-4, 0.9999),
            (2, 1.199_199e-4, 0.999_780_092_072),
            (101, 2.091_992e-3, 0.895_141_590_898),
            (501, 1.005_996_0e-2, 0.077_796_658_365),
            (1000, 0.02, 4.035_829_765_4e-5),
        ];
        for (t, beta, alpha_bar) in known {
            let at = schedule.at(t).unwrap();
            assert_relative_eq!(at.beta(), beta, max_relative = 1e-6);
            assert_relative_eq!(at.alpha_bar(), alpha_bar, max_relative = 1e-9);
        }
    }

    #[test]
    fn cosine_has_its_known_ends() {
        let schedule = Schedule::cosine(1000).unwrap();
        let beta = |t| schedule.at(t).unwrap().beta();
        let known = [
            (1, 4.128_422_482e-5),
            (2, 4.614_175_274e-5),
            (3, 5.099_948_120e-5),
            (998, 0.555_553_756_742),
            (999, 0.749_999_392_901),
            (1000, 0.999),
        ];
        for (t, value) in known {
            assert_relative_eq!(beta(t), value, max_relative = 1e-8);
        }
    }

    #[test]
    fn ramps_start_and_end_where_they_should() {
        for (make, tolerance) in [
            (Schedule::linear as fn(_, _, _) -> _, 1e-12),
            (Schedule::quadratic, 1e-12),
            (Schedule::sigmoid, 3e-3),
        ] {
            let schedule: Schedule = make(100, 0.01, 0.3).unwrap();
            let first = schedule.at(1).unwrap().beta();
            assert!((first - 0.01).abs() <= tolerance * 0.29);
            assert!((schedule.last().beta() - 0.3).abs() <= tolerance * 0.29);
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
        let schedule = Schedule::cosine(10).unwrap();
        for t in [0, 11, usize::MAX] {
            assert!(matches!(schedule.at(t), Err(Error::Timestep { .. })));
        }
    }
}
