//! DDIM: a family of steps that keep the marginals `q(x_t | x_0)`.
//!
//! Training depends on these marginals alone, not on the path. So a sampler may choose
//! how much new noise a step adds. With the true `x_0` and `ε`, every choice keeps the
//! marginals; with predictions, it does in the limit of many steps. `η = 1` gives
//! Algorithm 2 with `σ² = β̃`. `η = 0` gives a deterministic map from noise to data,
//! which needs few steps.

use super::coefficients::X0Epsilon;
use super::{Timestep, posterior};
use crate::{Error, Result};

/// The coefficients of `x_0`, `ε` and `z` in `x_{t-1}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The coefficients of the predicted `x_0` and `ε`.
    pub mean: X0Epsilon,
    /// `σ`, the coefficient of the new noise `z ~ N(0, I)`.
    pub std: f64,
}

/// Returns the coefficients of one step from `x_t` to `x_{t-1}`.
///
/// # Formula
/// `x_{t-1} = √ᾱ_{t-1} x_0 + √(1-ᾱ_{t-1}-σ²) ε + σ z`, with `σ² = η² β̃_t`.
///
/// Equation: eq-ddim-step (Song et al. 2021, eq. 12 and 16)
///
/// To take fewer, larger steps, use a schedule made by
/// [`Schedule::respace`](super::Schedule::respace).
///
/// # Errors
/// If `eta` is not in [0, 1].
///
/// ```
/// use ddpm::math::{Schedule, ddim};
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// let step = ddim::step(schedule.at(1)?, 0.0)?;
/// assert_eq!((step.mean.x_0, step.mean.epsilon, step.std), (1.0, 0.0, 0.0));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn step(at: Timestep, eta: f64) -> Result<Step> {
    Error::require((0.0..=1.0).contains(&eta), "eta", "in [0, 1]", eta)?;
    let variance = eta * eta * posterior::variance(at);
    // 1 - β_t/(1-ᾱ_t) = α_t (1-ᾱ_{t-1})/(1-ᾱ_t), which loses no digits.
    let kept = at.alpha().sqrt() * posterior::mean(at).x_t;
    let share = (1.0 - eta) * (1.0 + eta) + eta * eta * kept;
    let mean = X0Epsilon {
        x_0: at.alpha_bar_prev().sqrt(),
        epsilon: (at.one_minus_alpha_bar_prev() * share).sqrt(),
    };
    Ok(Step { mean, std: variance.sqrt() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::forward;
    use crate::testing::{check, random_schedule, uniform};
    use approx::assert_relative_eq;

    /// For every `η` the step keeps the marginal `q(x_{t-1} | x_0)`: with the true
    /// `x_0` and `ε`, the noise of `x_{t-1}` has variance `1 - ᾱ_{t-1}`.
    #[test]
    fn the_marginals_do_not_depend_on_eta() {
        check(|seed| {
            let eta = uniform(seed, 0.0, 1.0);
            for at in random_schedule(seed).iter() {
                let Step { mean, std } = step(at, eta).unwrap();
                assert_relative_eq!(
                    mean.epsilon.powi(2) + std.powi(2),
                    at.one_minus_alpha_bar_prev(),
                    max_relative = 1e-12
                );
                assert_relative_eq!(mean.x_0.powi(2), at.alpha_bar_prev());
            }
        });
    }

    /// `η = 1` is the posterior: the same coefficients of `x_0` and `ε` once
    /// `x_t` is written in terms of them.
    #[test]
    fn eta_one_is_ancestral_sampling() {
        check(|seed| {
            for at in random_schedule(seed).iter() {
                let Step { mean, std } = step(at, 1.0).unwrap();
                let posterior = posterior::mean(at);
                let x_t = forward::closed_form(at);
                assert_relative_eq!(
                    mean.x_0,
                    posterior.x_0 + posterior.x_t * x_t.x_0,
                    max_relative = 1e-12
                );
                assert_relative_eq!(
                    mean.epsilon,
                    posterior.x_t * x_t.epsilon,
                    max_relative = 1e-12
                );
                assert_relative_eq!(
                    std.powi(2),
                    posterior::variance(at),
                    max_relative = 1e-12
                );
            }
        });
    }

    #[test]
    fn eta_out_of_range_is_refused() {
        let schedule = random_schedule(0);
        for eta in [-0.1, 1.1, f64::NAN] {
            assert!(step(schedule.last(), eta).is_err());
        }
    }
}
