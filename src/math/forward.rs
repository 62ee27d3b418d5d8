//! The forward process: from data to noise.
//!
//! One step scales `x_{t-1}` by `√α_t` and adds new noise of variance `β_t`:
//! `q(x_t | x_{t-1}) = N(x_t; √(1-β_t) x_{t-1}, β_t I)`. A step depends on
//! `x_{t-1}` alone, so the path is a Markov chain. All its noise is Gaussian, so
//! `x_t` given `x_0` is Gaussian too, with the closed form
//! `q(x_t | x_0) = N(x_t; √ᾱ_t x_0, (1-ᾱ_t) I)`.

use super::coefficients::{X0Epsilon, XPrevEpsilon};
use super::{Gaussian, Schedule, Timestep};
use crate::{Error, Result};

/// Returns the coefficients of `x_{t-1}` and `ε_t` in one step, both in (0, 1).
///
/// # Formula
/// `x_t = √α_t · x_{t-1} + √β_t · ε_t`, where `ε_t ~ N(0, I)` is the
/// noise of step `t` alone.
///
/// Equation: eq-forward-step (Ho et al. 2020, eq. 2)
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let c = forward::one_step(schedule.at(1)?);
/// assert!((c.x_prev - 0.8).abs() < 1e-12);
/// assert!((c.epsilon - 0.6).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn one_step(at: Timestep) -> XPrevEpsilon {
    XPrevEpsilon { x_prev: at.alpha().sqrt(), epsilon: at.beta().sqrt() }
}

/// Returns `q(x_t | x_{t-1})` for one coordinate.
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
pub fn kernel(at: Timestep, x_prev: f64) -> Gaussian {
    Gaussian::new_unchecked(one_step(at).x_prev * x_prev, at.beta())
}

/// Returns the coefficients of `x_0` and `ε` in the closed form, both in (0, 1).
///
/// # Formula
/// `x_t = √ᾱ_t · x_0 + √(1-ᾱ_t) · ε`, where `ε ~ N(0, I)` is the
/// weighted sum of `ε_1 … ε_t`, scaled to variance 1.
///
/// Equation: eq-closed-form (Ho et al. 2020, eq. 4)
///
/// ```
/// use ddpm::math::{Schedule, forward};
/// let schedule = Schedule::from_betas(vec![0.2, 0.2])?;
/// let c = forward::closed_form(schedule.at(2)?);
/// assert!((c.x_0 - 0.8).abs() < 1e-12 && (c.epsilon - 0.6).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn closed_form(at: Timestep) -> X0Epsilon {
    X0Epsilon {
        x_0: at.alpha_bar().sqrt(),
        epsilon: at.one_minus_alpha_bar().sqrt(),
    }
}

/// Returns [`closed_form`] at any `t` in `0..=T`. At `t = 0` there is no noise
/// yet: the coefficients are 1 and 0.
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
/// let c = forward::closed_form_at(&schedule, 0)?;
/// assert_eq!((c.x_0, c.epsilon), (1.0, 0.0));
/// let c = forward::closed_form_at(&schedule, 1)?;
/// assert!((c.x_0 - 0.8).abs() < 1e-12 && (c.epsilon - 0.6).abs() < 1e-12);
/// assert!(forward::closed_form_at(&schedule, 2).is_err());
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn closed_form_at(schedule: &Schedule, t: usize) -> Result<X0Epsilon> {
    if t == 0 {
        return Ok(X0Epsilon { x_0: 1.0, epsilon: 0.0 });
    }
    Ok(closed_form(schedule.at(t)?))
}

/// Returns `q(x_t | x_0)` for one coordinate.
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
pub fn closed_form_kernel(at: Timestep, x_0: f64) -> Gaussian {
    Gaussian::new_unchecked(closed_form(at).x_0 * x_0, at.one_minus_alpha_bar())
}

/// Returns the coefficient of `x_0` and those of `ε_1, …, ε_t` in `x_t`, by
/// composing `t` single steps.
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
pub fn unrolled(at: Timestep) -> (f64, Vec<f64>) {
    let mut x_0 = 1.0;
    let mut epsilons = Vec::with_capacity(at.t());
    for step in at.schedule().iter().take(at.t()) {
        let step = one_step(step);
        x_0 *= step.x_prev;
        epsilons.iter_mut().for_each(|epsilon| *epsilon *= step.x_prev);
        epsilons.push(step.epsilon);
    }
    (x_0, epsilons)
}

/// Returns the log-density of a whole path, for one coordinate.
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
    Error::require(
        path.len() == schedule.steps() + 1,
        "path",
        format_args!("x_0 to x_{}", schedule.steps()),
        format_args!("{} values", path.len()),
    )?;
    let step = |(at, pair): (Timestep, &[f64])| {
        kernel(at, pair[0]).log_density(pair[1])
    };
    Ok(schedule.iter().zip(path.windows(2)).map(step).sum())
}

/// Returns the variance of a coordinate of `x_t`, from the variance of `x_0`.
///
/// # Formula
/// `Var x_t = ᾱ_t Var x_0 + (1-ᾱ_t) = 1 + ᾱ_t (Var x_0 - 1)`: a variance of 1
/// stays 1, and any other tends to 1 as `ᾱ_t` tends to 0.
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
                let c = one_step(at);
                assert_relative_eq!(c.x_prev.powi(2) + c.epsilon.powi(2), 1.0);
            }
        });
    }

    /// Variances of independent noises add, so the squares must match.
    #[test]
    fn composing_the_chain_gives_the_closed_form() {
        check(|seed| {
            for at in random_schedule(seed).iter() {
                let (x_0, epsilons) = unrolled(at);
                let epsilon =
                    epsilons.iter().map(|c| c * c).sum::<f64>().sqrt();
                let c = closed_form(at);
                assert_relative_eq!(x_0, c.x_0, max_relative = 1e-12);
                assert_relative_eq!(epsilon, c.epsilon, max_relative = 1e-12);
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
                q = q.affine(one_step(at).x_prev, at.beta()).unwrap();
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
                // The densities agree for all values of the noise.
                let [epsilon] = uniforms(seed ^ at.t() as u64, -3.0, 3.0);
                let c = one_step(at);
                path.push(c.x_prev * path[at.t() - 1] + c.epsilon * epsilon);
                expected += Gaussian::STANDARD.log_density(epsilon);
                expected -= c.epsilon.ln();
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
