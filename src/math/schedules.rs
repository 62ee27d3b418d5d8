//! The noise schedules of the literature.

use super::Schedule;
use super::schedule::check_steps;
use crate::Result;

impl Schedule {
    /// Creates the schedule of the DDPM paper: betas that grow linearly.
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

    /// Creates a schedule whose betas have linearly growing square roots.
    ///
    /// # Formula
    /// `√β_t = √β_1 + (t-1)/(T-1) · (√β_T - √β_1)`
    ///
    /// Equation: eq-schedule-quadratic (no paper's: `quad` in the code of DDPM,
    /// `scaled_linear` in the `diffusers` library)
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

    /// Creates a schedule whose betas grow along a logistic function.
    ///
    /// # Formula
    /// `β_t = β_1 + (β_T - β_1) · σ(-6 + 12 (t-1)/(T-1))`, where
    /// `σ(u) = 1/(1 + e^{-u})`. The ends are approached to 0.25 % of
    /// `β_T - β_1`.
    ///
    /// Equation: eq-schedule-sigmoid (the code of `GeoDiff`, Xu et al. 2022; the sigmoid
    /// schedule of Jabri et al. 2022 is another one)
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

    /// Creates the cosine schedule: `ᾱ_t` falls along a squared cosine.
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
        let quarter_turn = std::f64::consts::FRAC_PI_2 / 1.008;
        let angle = |t: usize| (t as f64 / steps as f64 + 0.008) * quarter_turn;
        let turn = quarter_turn / steps as f64;
        // cos²a - cos²b = sin(b-a) sin(b+a), which loses no digits.
        let beta = |t| {
            let (a, b) = (angle(t - 1), angle(t));
            (turn.sin() * (a + b).sin() / a.cos().powi(2)).min(0.999)
        };
        Self::from_betas((1..=steps).map(beta).collect())
    }

    /// Creates `β_t = ramp(u)` for `u` from 0 to 1 in `steps` equal steps.
    fn from_ramp(steps: usize, ramp: impl Fn(f64) -> f64) -> Result<Self> {
        check_steps(steps)?;
        let last = (steps - 1).max(1) as f64;
        Self::from_betas((0..steps).map(|i| ramp(i as f64 / last)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// Computed independently in double precision.
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
}
