//! DDIM: a family of reverse processes with the same marginals.
//!
//! Training fixes only `q(x_t | x_0)`, not the path. So a sampler may choose
//! how much fresh noise each step adds: `η = 1` gives Algorithm 2 with
//! `σ² = β̃`, and `η = 0` a deterministic map from noise to image, which
//! stays good with few steps.

use super::{Timestep, posterior};
use crate::{Error, Result};

/// The coefficients of `(x_0, ε, z)` in `x_{t-1}`, where `z ~ N(0, I)` is
/// fresh noise.
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
/// let (x_0, epsilon, z) = ddim::step(schedule.at(1)?, 0.0)?;
/// assert_eq!((x_0, epsilon, z), (1.0, 0.0, 0.0));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn step(at: Timestep, eta: f64) -> Result<(f64, f64, f64)> {
    if !(0.0..=1.0).contains(&eta) {
        return Err(Error::argument("eta", "in [0, 1]", eta));
    }
    let variance = eta * eta * posterior::variance(at);
    // 1 - β_t/(1-ᾱ_t) = α_t (1-ᾱ_{t-1})/(1-ᾱ_t), which loses no digits.
    let kept = at.alpha().sqrt() * posterior::mean(at).1;
    let share = (1.0 - eta) * (1.0 + eta) + eta * eta * kept;
    let direction = at.one_minus_alpha_bar_prev() * share;
    Ok((at.alpha_bar_prev().sqrt(), direction.sqrt(), variance.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::forward;
    use crate::testing::{check, random_schedule, uniform};
    use approx::assert_relative_eq;

    /// For every `η` the step keeps the marginal `q(x_{t-1} | x_0)`: with a
    /// perfect network the noise of `x_{t-1}` has variance `1 - ᾱ_{t-1}`.
    #[test]
    fn the_marginals_do_not_depend_on_eta() {
        check(|seed| {
            let eta = uniform(seed, 0.0, 1.0);
            for at in random_schedule(seed).iter() {
                let (x_0, epsilon, z) = step(at, eta).unwrap();
                assert_relative_eq!(
                    epsilon * epsilon + z * z,
                    at.one_minus_alpha_bar_prev(),
                    max_relative = 1e-12
                );
                assert_relative_eq!(x_0 * x_0, at.alpha_bar_prev());
            }
        });
    }

    /// `η = 1` is the posterior: the same coefficients of `x_0` and `ε` once
    /// `x_t` is written in terms of them.
    #[test]
    fn eta_one_is_ancestral_sampling() {
        check(|seed| {
            for at in random_schedule(seed).iter() {
                let (x_0, epsilon, z) = step(at, 1.0).unwrap();
                let (from_x_0, from_x_t) = posterior::mean(at);
                let (signal, noise) = forward::closed_form(at);
                assert_relative_eq!(
                    x_0,
                    from_x_0 + from_x_t * signal,
                    max_relative = 1e-12
                );
                assert_relative_eq!(
                    epsilon,
                    from_x_t * noise,
                    max_relative = 1e-12
                );
                assert_relative_eq!(
                    z * z,
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
