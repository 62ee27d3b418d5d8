//! The forward process: from an image to noise.
//!
//! One step keeps `√α_t` of the signal and adds fresh noise of variance `β_t`:
//! `q(x_t | x_{t-1}) = N(x_t; √(1-β_t) x_{t-1}, β_t I)`. The steps are
//! independent of what came before, so the whole path is a Markov chain, and
//! the sum of its Gaussians is again one Gaussian, the closed form
//! `q(x_t | x_0) = N(x_t; √ᾱ_t x_0, (1-ᾱ_t) I)`.

use super::{Gaussian, Schedule, Timestep};
use crate::{Error, Result};

/// The coefficients of `(x_{t-1}, ε_t)` in one step, both in (0, 1).
///
/// # Formula
/// `x_t = √α_t · x_{t-1} + √β_t · ε_t`, where `ε_t ~ N(0, I)` is the fresh
/// noise of step `t` alone.
///
/// Equation: eq-forward-step (Ho et al. 2020, eq. 2)
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let (signal, noise) = forward::one_step(schedule.at(1)?);
/// assert!((signal - 0.8).abs() < 1e-12 && (noise - 0.6).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn one_step(at: Timestep) -> (f64, f64) {
    (at.alpha().sqrt(), at.beta().sqrt())
}

/// `q(x_t | x_{t-1})`, one coordinate of it.
///
/// # Formula
/// `N(x_t; √(1-β_t) x_{t-1}, β_t)`
///
/// Equation: eq-forward-kernel (Ho et al. 2020, eq. 2)
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let q = forward::kernel(schedule.at(1)?, 2.0);
/// assert!((q.mean() - 1.6).abs() < 1e-12);
/// assert_eq!(q.variance(), 0.36);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn kernel(at: Timestep, x_prev: f64) -> Gaussian {
    Gaussian::with(one_step(at).0 * x_prev, at.beta())
}

/// The coefficients of `(x_0, ε)` in the closed form, both in (0, 1).
///
/// # Formula
/// `x_t = √ᾱ_t · x_0 + √(1-ᾱ_t) · ε`, where `ε ~ N(0, I)` is all the noise of
/// steps 1 to `t` together, scaled to unit variance.
///
/// Equation: eq-closed-form (Ho et al. 2020, eq. 4)
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.2, 0.2])?;
/// let (signal, noise) = forward::closed_form(schedule.at(2)?);
/// assert!((signal - 0.8).abs() < 1e-12 && (noise - 0.6).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn closed_form(at: Timestep) -> (f64, f64) {
    (at.alpha_bar().sqrt(), at.one_minus_alpha_bar().sqrt())
}

/// [`closed_form`] at any `t` in `0..=T`; at `t = 0`, where nothing is noised
/// yet, `(1, 0)`.
///
/// # Formula
/// As [`closed_form`], with `ᾱ_0 = 1`.
///
/// Equation: eq-closed-form (Ho et al. 2020, eq. 4)
///
/// # Errors
/// If `t` is beyond `T`.
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// assert_eq!(forward::closed_form_at(&schedule, 0)?, (1.0, 0.0));
/// let (signal, noise) = forward::closed_form_at(&schedule, 1)?;
/// assert!((signal - 0.8).abs() < 1e-12 && (noise - 0.6).abs() < 1e-12);
/// assert!(forward::closed_form_at(&schedule, 2).is_err());
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn closed_form_at(schedule: &Schedule, t: usize) -> Result<(f64, f64)> {
    if t == 0 {
        return Ok((1.0, 0.0));
    }
    Ok(closed_form(schedule.at(t)?))
}

/// `q(x_t | x_0)`, one coordinate of it.
///
/// # Formula
/// `N(x_t; √ᾱ_t x_0, 1-ᾱ_t)`
///
/// Equation: eq-closed-form-kernel (Ho et al. 2020, eq. 4)
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.2, 0.2])?;
/// let q = forward::closed_form_kernel(schedule.at(2)?, 1.0);
/// assert!((q.mean() - 0.8).abs() < 1e-12);
/// assert!((q.variance() - 0.36).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn closed_form_kernel(at: Timestep, x_0: f64) -> Gaussian {
    Gaussian::with(closed_form(at).0 * x_0, at.one_minus_alpha_bar())
}

/// The coefficients of `(x_0, ε_1, …, ε_t)` after `t` single steps, found by
/// composing them one by one.
///
/// # Formula
/// `x_t = (∏_{s≤t} √α_s) x_0 + Σ_{s≤t} (∏_{s<r≤t} √α_r) √β_s ε_s`
///
/// Equation: eq-chain-unrolled
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.36, 0.36])?;
/// let (x_0, epsilons) = forward::unrolled(schedule.at(2)?);
/// assert!((x_0 - 0.64).abs() < 1e-12);
/// assert!((epsilons[0] - 0.8 * 0.6).abs() < 1e-12);
/// assert!((epsilons[1] - 0.6).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn unrolled(at: Timestep) -> (f64, Vec<f64>) {
    let mut x_0 = 1.0;
    let mut epsilons = Vec::with_capacity(at.t());
    for step in at.schedule().iter().take(at.t()) {
        let (signal, noise) = one_step(step);
        x_0 *= signal;
        epsilons.iter_mut().for_each(|coefficient| *coefficient *= signal);
        epsilons.push(noise);
    }
    (x_0, epsilons)
}

/// The log-density of a whole path, one coordinate of it.
///
/// # Formula
/// `ln q(x_{1:T} | x_0) = Σ_t ln q(x_t | x_{t-1})`, the Markov property; in
/// nats.
///
/// Equation: eq-markov-chain (Ho et al. 2020, eq. 2)
///
/// `path` is `x_0, x_1, …, x_T`.
///
/// # Errors
/// If `path` has not `T + 1` entries.
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let log_q = forward::chain_log_density(&schedule, &[1.0, 0.5])?;
/// let step = forward::kernel(schedule.at(1)?, 1.0);
/// assert_eq!(log_q, step.log_density(0.5));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn chain_log_density(schedule: &Schedule, path: &[f64]) -> Result<f64> {
    if path.len() != schedule.steps() + 1 {
        return Err(Error::argument(
            "path",
            format!("x_0 to x_{}", schedule.steps()),
            format!("{} values", path.len()),
        ));
    }
    let step = |(at, pair): (Timestep, &[f64])| {
        kernel(at, pair[0]).log_density(pair[1])
    };
    Ok(schedule.iter().zip(path.windows(2)).map(step).sum())
}

/// The variance of a coordinate of `x_t`, when that of `x_0` is given.
///
/// # Formula
/// `Var x_t = ᾱ_t Var x_0 + (1-ᾱ_t) = 1 + ᾱ_t (Var x_0 - 1)`: unit variance stays unit, and any other
/// goes to it as `ᾱ_t` goes to 0.
///
/// Equation: eq-variance
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.75])?;
/// assert_eq!(forward::variance(schedule.at(1)?, 1.0), 1.0);
/// assert_eq!(forward::variance(schedule.at(1)?, 5.0), 2.0);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn variance(at: Timestep, variance_of_x_0: f64) -> f64 {
    at.alpha_bar() * variance_of_x_0 + at.one_minus_alpha_bar()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, random_schedule, uniform, uniforms};
    use approx::assert_relative_eq;

    #[test]
    fn a_step_preserves_unit_variance() {
        check(|seed| {
            for at in random_schedule(seed).iter() {
                let (signal, noise) = one_step(at);
                assert_relative_eq!(signal.powi(2) + noise.powi(2), 1.0);
            }
        });
    }

    /// Variances of independent noises add, so the squares must match.
    #[test]
    fn composing_the_chain_gives_the_closed_form() {
        check(|seed| {
            for at in random_schedule(seed).iter() {
                let (signal, epsilons) = unrolled(at);
                let noise = epsilons.iter().map(|c| c * c).sum::<f64>().sqrt();
                let (x_0, epsilon) = closed_form(at);
                assert_relative_eq!(signal, x_0, max_relative = 1e-12);
                assert_relative_eq!(noise, epsilon, max_relative = 1e-12);
            }
        });
    }

    /// The same by densities: pushing `q(x_{t-1} | x_0)` through one step.
    #[test]
    fn the_closed_form_is_reached_step_by_step() {
        check(|seed| {
            let schedule = random_schedule(seed);
            let x_0 = uniform(seed, -2.0, 2.0);
            let mut q = kernel(schedule.at(1).unwrap(), x_0);
            for at in schedule.iter().skip(1) {
                q = q.through(one_step(at).0, at.beta()).unwrap();
                let closed = closed_form_kernel(at, x_0);
                assert_relative_eq!(q.mean(), closed.mean(), epsilon = 1e-12);
                assert_relative_eq!(
                    q.variance(),
                    closed.variance(),
                    max_relative = 1e-12
                );
            }
        });
    }

    #[test]
    fn variance_goes_to_one_from_either_side() {
        check(|seed| {
            let schedule = random_schedule(seed);
            let start = uniform(seed, 0.0, 5.0);
            let mut by_steps = start;
            for at in schedule.iter() {
                by_steps = at.alpha() * by_steps + at.beta();
                let v = variance(at, start);
                assert_relative_eq!(v, by_steps, max_relative = 1e-12);
                assert!((v - 1.0).abs() <= (start - 1.0).abs());
            }
        });
    }

    /// The path's noises `ε_t` are independent, so up to the change of
    /// variables `x_t = √α_t x_{t-1} + √β_t ε_t` its density is theirs.
    #[test]
    fn a_path_is_as_likely_as_its_noise() {
        check(|seed| {
            let schedule = random_schedule(seed);
            let (mut path, mut expected) = (vec![0.3], 0.0);
            for at in schedule.iter() {
                let [epsilon] = uniforms(seed ^ at.t() as u64, -3.0, 3.0);
                let (signal, noise) = one_step(at);
                path.push(signal * path[at.t() - 1] + noise * epsilon);
                expected += Gaussian::STANDARD.log_density(epsilon);
                expected -= noise.ln();
            }
            let log_q = chain_log_density(&schedule, &path).unwrap();
            assert_relative_eq!(log_q, expected, max_relative = 1e-9);
        });
    }

    #[test]
    fn a_path_of_the_wrong_length_is_refused() {
        let schedule = Schedule::from_betas(vec![0.1, 0.2]).unwrap();
        let error = chain_log_density(&schedule, &[0.0, 0.0]).unwrap_err();
        assert_eq!(error.to_string(), "path must be x_0 to x_2, got 2 values");
    }
}
