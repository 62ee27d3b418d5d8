//! A timestep of a schedule: `β_t`, `α_t`, `ᾱ_t`.

use super::Schedule;
use crate::{Error, Result};

/// A timestep `t` of a [`Schedule`], in `1..=T`. [`Schedule::at`] returns it.
///
/// ```
/// use ddpm::math::Schedule;
/// let schedule = Schedule::from_betas(vec![0.5, 0.25])?;
/// let at = schedule.at(2)?;
/// assert_eq!((at.t(), at.schedule()), (2, &schedule));
/// assert_eq!((at.beta(), at.alpha()), (0.25, 0.75));
/// assert_eq!((at.alpha_bar_prev(), at.alpha_bar()), (0.5, 0.375));
/// assert_eq!(at.one_minus_alpha_bar_prev(), 0.5);
/// assert_eq!(at.one_minus_alpha_bar(), 0.625);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Timestep<'a> {
    schedule: &'a Schedule,
    t: usize,
}

impl Schedule {
    /// Returns timestep `t`. Every formula of [`math`](crate::math) takes a
    /// [`Timestep`], so `t` is checked here alone.
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
    // Not an equation: a look-up.
    pub fn at(&self, t: usize) -> Result<Timestep<'_>> {
        let steps = self.steps();
        let found = (1..=steps).contains(&t).then_some(t);
        let t = found.ok_or(Error::Timestep { t, steps })?;
        Ok(Timestep { schedule: self, t })
    }

    /// Returns the last timestep, `t = T`.
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// assert_eq!(Schedule::cosine(50)?.last().t(), 50);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    // Not an equation: a look-up.
    pub fn last(&self) -> Timestep<'_> {
        Timestep { schedule: self, t: self.steps() }
    }

    /// Returns all timesteps, `t = 1` first; `.rev()` is the order of sampling.
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// let schedule = Schedule::linear(4, 0.1, 0.4)?;
    /// let product: f64 = schedule.iter().map(|at| at.alpha()).product();
    /// assert!((product - schedule.last().alpha_bar()).abs() < 1e-15);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    // Not an equation: an iterator.
    pub fn iter(
        &self,
    ) -> impl DoubleEndedIterator<Item = Timestep<'_>> + ExactSizeIterator {
        // `1..=T` is no ExactSizeIterator; `0..T` is.
        (0..self.steps()).map(|i| Timestep { schedule: self, t: i + 1 })
    }
}

impl<'a> Timestep<'a> {
    /// Returns the schedule of this timestep.
    // Not an equation: a look-up.
    pub fn schedule(self) -> &'a Schedule {
        self.schedule
    }

    /// Returns the paper's `t`, in `1..=T`.
    // Not an equation: a look-up.
    pub fn t(self) -> usize {
        self.t
    }

    /// Returns `β_t`, the variance of the noise that step `t` adds, in (0, 1).
    ///
    /// Equation: eq-beta
    pub fn beta(self) -> f64 {
        self.schedule.betas[self.t - 1]
    }

    /// Returns `α_t = 1 - β_t`, the share of variance that step `t` keeps, in
    /// (0, 1).
    ///
    /// Equation: eq-alpha
    pub fn alpha(self) -> f64 {
        self.schedule.alphas[self.t - 1]
    }

    /// Returns `ᾱ_t = α_1 ⋯ α_t`, the share of the variance of `x_0` in `x_t`, in
    /// (0, 1).
    ///
    /// Equation: eq-alpha-bar
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// let schedule = Schedule::from_betas(vec![0.5, 0.25])?;
    /// assert_eq!(schedule.at(1)?.alpha_bar(), 0.5);
    /// assert_eq!(schedule.at(2)?.alpha_bar(), 0.5 * 0.75);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn alpha_bar(self) -> f64 {
        self.schedule.alpha_bars[self.t]
    }

    /// Returns `ᾱ_{t-1}`, in (0, 1]; 1 at `t = 1`.
    ///
    /// Equation: eq-alpha-bar
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// let schedule = Schedule::from_betas(vec![0.5, 0.25])?;
    /// let (first, second) = (schedule.at(1)?, schedule.at(2)?);
    /// assert_eq!(first.alpha_bar_prev(), 1.0);
    /// assert_eq!(second.alpha_bar_prev(), first.alpha_bar());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn alpha_bar_prev(self) -> f64 {
        self.schedule.alpha_bars[self.t - 1]
    }

    /// Returns `1 - ᾱ_t`, the variance of the noise in `x_t`, without
    /// cancellation.
    ///
    /// # Formula
    /// `1 - ᾱ_t = α_t (1 - ᾱ_{t-1}) + β_t`
    ///
    /// Equation: eq-one-minus-alpha-bar
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// let schedule = Schedule::from_betas(vec![1e-20])?;
    /// let at = schedule.at(1)?;
    /// assert_eq!(1.0 - at.alpha_bar(), 0.0); // subtraction loses it
    /// assert_eq!(at.one_minus_alpha_bar(), 1e-20);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn one_minus_alpha_bar(self) -> f64 {
        self.schedule.one_minus_alpha_bars[self.t]
    }

    /// Returns `1 - ᾱ_{t-1}`, in [0, 1); 0 at `t = 1`.
    ///
    /// Equation: eq-one-minus-alpha-bar
    ///
    /// ```
    /// # use ddpm::math::Schedule;
    /// let schedule = Schedule::from_betas(vec![0.5, 0.25])?;
    /// let (first, second) = (schedule.at(1)?, schedule.at(2)?);
    /// assert_eq!(first.one_minus_alpha_bar_prev(), 0.0);
    /// let before = second.one_minus_alpha_bar_prev();
    /// assert_eq!(before, first.one_minus_alpha_bar());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn one_minus_alpha_bar_prev(self) -> f64 {
        self.schedule.one_minus_alpha_bars[self.t - 1]
    }

    /// Returns the signal-to-noise ratio of `x_t`, which is positive and decreases
    /// with `t`.
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
    pub fn snr(self) -> f64 {
        self.alpha_bar() / self.one_minus_alpha_bar()
    }
}
