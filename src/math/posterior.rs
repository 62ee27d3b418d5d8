//! The posterior `q(x_{t-1} | x_t, x_0)`: the reverse step where `x_0` is known.
//!
//! `q(x_{t-1} | x_t)` alone is intractable: it depends on the distribution of all
//! data. Given `x_0`, Bayes' rule multiplies two Gaussians, the forward step
//! `q(x_t | x_{t-1})` and the closed form `q(x_{t-1} | x_0)`. So the posterior is
//! Gaussian: `N(x_{t-1}; μ̃_t(x_t, x_0), β̃_t I)`.

use super::Timestep;
use super::coefficients::X0Xt;

/// Returns the coefficients of `x_0` and `x_t` in the posterior mean.
///
/// # Formula
/// `μ̃_t = √ᾱ_{t-1} β_t / (1-ᾱ_t) · x_0 + √α_t (1-ᾱ_{t-1}) / (1-ᾱ_t) · x_t`
///
/// Equation: eq-posterior-mean (Ho et al. 2020, eq. 7)
///
/// ```
/// use ddpm::math::{Schedule, posterior};
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// // In the last step of sampling, the mean is x_0.
/// let c = posterior::mean(schedule.at(1)?);
/// assert_eq!((c.x_0, c.x_t), (1.0, 0.0));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn mean(at: Timestep) -> X0Xt {
    let x_0 = at.alpha_bar_prev().sqrt() * at.beta();
    let x_t = at.alpha().sqrt() * at.one_minus_alpha_bar_prev();
    X0Xt {
        x_0: x_0 / at.one_minus_alpha_bar(),
        x_t: x_t / at.one_minus_alpha_bar(),
    }
}

/// Returns the posterior variance, in `[0, β_t)`; it is 0 at `t = 1`, where
/// `x_{t-1}` is the known `x_0`.
///
/// # Formula
/// `β̃_t = (1-ᾱ_{t-1}) / (1-ᾱ_t) · β_t`
///
/// Equation: eq-posterior-variance (Ho et al. 2020, eq. 7)
///
/// ```
/// use ddpm::math::{Schedule, posterior};
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// assert_eq!(posterior::variance(schedule.at(1)?), 0.0);
/// // At t = T, β̃_t is nearly β_t.
/// let at = schedule.last();
/// assert!(1.0 - posterior::variance(at) / at.beta() < 1e-6);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn variance(at: Timestep) -> f64 {
    at.one_minus_alpha_bar_prev() / at.one_minus_alpha_bar() * at.beta()
}

/// The variance `σ_t²` of the learned reverse step. For data whose coordinates
/// have variance 1, the best choice lies between `β̃_t` and `β_t`.
///
/// ```
/// use ddpm::math::{Schedule, posterior::ReverseVariance};
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// for at in schedule.iter() {
///     let smaller = ReverseVariance::BetaTilde.variance(at);
///     assert!(smaller < ReverseVariance::Beta.variance(at));
/// }
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReverseVariance {
    /// `σ_t² = β_t`, exact if `x_0 ~ N(0, I)`.
    Beta,
    /// `σ_t² = β̃_t`, exact if `x_0` is a single point.
    BetaTilde,
}

impl ReverseVariance {
    /// Returns `σ_t²`, in [0, 1).
    ///
    /// # Formula
    /// `β_t`, or `β̃_t` of [`variance`].
    ///
    /// Equation: eq-reverse-variance (Ho et al. 2020, section 3.2)
    ///
    /// ```
    /// use ddpm::math::{Schedule, posterior::ReverseVariance};
    /// let schedule = Schedule::from_betas(vec![0.1, 0.3])?;
    /// let at = schedule.at(2)?;
    /// assert_eq!(ReverseVariance::Beta.variance(at), 0.3);
    /// assert!(ReverseVariance::BetaTilde.variance(at) < 0.3);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn variance(self, at: Timestep) -> f64 {
        match self {
            Self::Beta => at.beta(),
            Self::BetaTilde => variance(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{Gaussian, Schedule, forward};
    use crate::testing::{check, random_schedule, uniforms};
    use approx::assert_relative_eq;

    /// `q(x_{t-1} | x_t, x_0) q(x_t | x_0) = q(x_t | x_{t-1}) q(x_{t-1} | x_0)`
    /// at random points, all four densities written out.
    #[test]
    fn the_posterior_is_bayes() {
        check(|seed| {
            let [x_0, x_prev, x_t] = uniforms(seed, -2.0, 2.0);
            let schedule = random_schedule(seed);
            let mut before: Option<Gaussian> = None;
            for at in schedule.iter() {
                let marginal = forward::closed_form_kernel(at, x_0);
                // The prior q(x_{t-1} | x_0); there is none at t = 1.
                if let Some(prior) = before.replace(marginal) {
                    let c = mean(at);
                    let mean = c.x_0 * x_0 + c.x_t * x_t;
                    let posterior = Gaussian::new(mean, variance(at)).unwrap();
                    assert_relative_eq!(
                        posterior.log_density(x_prev)
                            + marginal.log_density(x_t),
                        forward::kernel(at, x_prev).log_density(x_t)
                            + prior.log_density(x_prev),
                        max_relative = 1e-9,
                        epsilon = 1e-9
                    );
                }
            }
        });
    }

    /// The same as conditioning in the calculus of Gaussians.
    #[test]
    fn the_posterior_conditions_the_closed_form_on_the_next_step() {
        check(|seed| {
            let [x_0, x_t] = uniforms(seed, -2.0, 2.0);
            let schedule = random_schedule(seed);
            for (prev, at) in schedule.iter().zip(schedule.iter().skip(1)) {
                let conditional = forward::closed_form_kernel(prev, x_0)
                    .condition(forward::one_step(at).x_prev, at.beta(), x_t)
                    .unwrap();
                let c = mean(at);
                assert_relative_eq!(
                    conditional.mean(),
                    c.x_0 * x_0 + c.x_t * x_t,
                    epsilon = 1e-12
                );
                assert_relative_eq!(
                    conditional.variance(),
                    variance(at),
                    max_relative = 1e-12
                );
            }
        });
    }

    /// If `x_t` is exactly where the signal is, so is the posterior mean:
    /// `μ̃_t(√ᾱ_t x_0, x_0) = √ᾱ_{t-1} x_0`.
    #[test]
    fn the_mean_follows_the_signal() {
        check(|seed| {
            for at in random_schedule(seed).iter() {
                let c = mean(at);
                assert_relative_eq!(
                    c.x_0 + c.x_t * forward::closed_form(at).x_0,
                    at.alpha_bar_prev().sqrt(),
                    max_relative = 1e-12
                );
                assert!(variance(at) < at.beta());
            }
        });
    }

    /// Computed independently in double precision for the paper's schedule.
    #[test]
    fn the_papers_schedule_has_known_coefficients() {
        let schedule = Schedule::linear(1000, 1e-4, 0.02).unwrap();
        let known = [
            (2, 5.453_187_661_302e-5, 0.545_291_499_510, 0.454_708_498_991),
            (101, 2.054_553_529_970e-3, 0.018_895_455_586, 0.981_076_102_553),
            (501, 1.005_133_577_891e-2, 0.003_058_057_076, 0.994_104_350_757),
            (1000, 1.999_998_352_656e-2, 0.000_128_351_487, 0.989_948_678_268),
        ];
        for (t, beta_tilde, x_0, x_t) in known {
            let at = schedule.at(t).unwrap();
            let c = mean(at);
            assert_relative_eq!(variance(at), beta_tilde, max_relative = 1e-11);
            assert_relative_eq!(c.x_0, x_0, max_relative = 1e-8);
            assert_relative_eq!(c.x_t, x_t, max_relative = 1e-8);
        }
    }
}
