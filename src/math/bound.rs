//! The variational bound:
//! `-ln p_θ(x_0) ≤ E_q[L_T + Σ_{t=2}^T L_{t-1} + L_0]`.
//!
//! Every term is in nats **per dimension**; [`bits`] converts. The middle
//! terms compare the posterior `N(μ̃_t, β̃_t I)` with the model's step
//! `N(μ_θ, σ_t² I)`. The means differ by a multiple of `ε - ε_θ`, so a term
//! needs only `e`, the mean over dimensions of `(ε - ε_θ)²`.

use super::{Gaussian, Schedule, Timestep, parameterization, posterior};
use crate::{Error, Result};
use std::f64::consts::{LN_2, PI, SQRT_2};

/// Returns `L_T`, the KL divergence of `q(x_T | x_0)` from pure noise. It has no
/// parameters.
///
/// # Formula
/// `L_T = KL(q(x_T | x_0) ‖ N(0, I)) = ½ (ᾱ_T x_0² - ᾱ_T - ln(1-ᾱ_T))`,
/// where `mean_square` stands for `x_0²`, the mean square of the data.
///
/// Equation: eq-bound-prior (Ho et al. 2020, eq. 5)
///
/// ```
/// use ddpm::math::{Schedule, bound};
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// let bits = bound::bits(bound::prior(&schedule, 1.0));
/// assert!((bits - 2.9e-5).abs() < 1e-6);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn prior(schedule: &Schedule, mean_square: f64) -> f64 {
    let at = schedule.last();
    // The mean of x_T adds its half square.
    let noise = Gaussian::new_unchecked(0.0, at.one_minus_alpha_bar());
    noise.kl(Gaussian::STANDARD) + 0.5 * at.alpha_bar() * mean_square
}

/// Returns the weight of `e` in `L_{t-1}`: positive, in nats.
///
/// # Formula
/// `w_t = β_t² / (2 σ_t² α_t (1-ᾱ_t))`, where `variance` is `σ_t²`.
/// `L_simple` is an expectation over `t` where the bound is a sum. It replaces `w_t`
/// in the sum by `1/T`, and drops the terms without parameters.
///
/// Equation: eq-bound-weight (Ho et al. 2020, eq. 12)
///
/// # Errors
/// If `variance` is not positive and finite.
///
/// ```
/// use ddpm::math::{Schedule, bound};
/// let schedule = Schedule::from_betas(vec![0.2])?;
/// let at = schedule.at(1)?;
/// let weight = bound::weight(at, at.beta())?;
/// assert!((weight - 1.0 / (2.0 * 0.8)).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn weight(at: Timestep, variance: f64) -> Result<f64> {
    Gaussian::new(0.0, variance)?; // a variance, or an error
    let c = parameterization::mean_from_epsilon(at);
    Ok(c.epsilon.powi(2) / (2.0 * variance))
}

/// Returns `L_{t-1}` for `t ≥ 2`, the KL divergence of the posterior from the
/// model's reverse step.
///
/// # Formula
/// `L_{t-1} = KL(N(μ̃_t, β̃_t I) ‖ N(μ_θ, σ_t² I))
/// = w_t e + ½ (β̃_t/σ_t² - 1 - ln(β̃_t/σ_t²))`,
/// where `squared_error` is `e` and `variance` is `σ_t²`.
///
/// Equation: eq-bound-step (Ho et al. 2020, eq. 5, 8 and 12)
///
/// # Errors
/// At `t = 1`, where the posterior is a point and the term is
/// [`decoder`]'s; or if `variance` is not positive and finite.
///
/// ```
/// use ddpm::math::{Schedule, bound, posterior};
/// let schedule = Schedule::from_betas(vec![0.1, 0.2])?;
/// let at = schedule.at(2)?;
/// // With the exact mean and variance the term is 0.
/// assert_eq!(bound::step(at, posterior::variance(at), 0.0)?, 0.0);
/// assert!(bound::step(at, at.beta(), 0.0)? > 0.0);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn step(at: Timestep, variance: f64, squared_error: f64) -> Result<f64> {
    Error::require(at.t() > 1, "t", "at least 2 in L_{t-1}", at.t())?;
    let means = weight(at, variance)? * squared_error;
    // The rest is the divergence of two Gaussians with the same mean.
    let posterior = Gaussian::new_unchecked(0.0, posterior::variance(at));
    Ok(means + posterior.kl(Gaussian::new(0.0, variance)?))
}

/// `L_0` for continuous data: the density that the last step gives to `x_0`.
///
/// # Formula
/// `L_0 = -ln N(x_0; μ_θ(x_1), σ_1² I) = ½ ln(2π σ_1²) + w_1 e`, because at
/// `t = 1` the posterior mean is `x_0` itself. A density, so it may be
/// negative.
///
/// Equation: eq-bound-decoder (Ho et al. 2020, eq. 5)
///
/// # Errors
/// If `variance` is not positive and finite, such as `β̃_1 = 0`.
///
/// ```
/// use ddpm::math::{Schedule, bound};
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// let at = schedule.at(1)?;
/// // N(0, 1) data and the perfect network, whose e is alpha_bar_1.
/// let nats = bound::decoder(&schedule, at.beta(), at.alpha_bar())?;
/// assert!((nats + 3.1862316528).abs() < 1e-9);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn decoder(
    schedule: &Schedule,
    variance: f64,
    squared_error: f64,
) -> Result<f64> {
    let weight = weight(schedule.at(1)?, variance)?;
    let density = Gaussian::new_unchecked(0.0, variance).log_density(0.0);
    Ok(weight * squared_error - density)
}

/// Returns `L_0` for one 8-bit pixel: `-ln p` with the probability `p` of its
/// bin.
///
/// # Formula
/// `-ln ∫ N(x; mean, variance) dx` over the bin of `x_0`, `x_0 ± 1/255`,
/// where the bins at -1 and 1 extend to infinity. Source: Ho et al. 2020, eq. 13.
///
/// `x_0` is a pixel scaled to [-1, 1]: `-1 + 2k/255`.
///
/// # Errors
/// If `variance` is not positive and finite, `mean` not finite, or `x_0` not
/// in [-1, 1].
///
/// ```
/// use ddpm::math::bound;
/// // A small variance around the pixel, and a large one.
/// assert!(bound::discrete_decoder(1.0, 1.0, 1e-8)? < 1e-12);
/// let vague = bound::discrete_decoder(1.0 / 255.0, 0.0, 0.3)?;
/// assert!(bound::bits(vague) > 6.0);
/// # Ok::<(), ddpm::Error>(())
/// ```
// Not an equation: an integral, tested below.
pub fn discrete_decoder(x_0: f64, mean: f64, variance: f64) -> Result<f64> {
    let ok = (-1.0..=1.0).contains(&x_0);
    Error::require(ok, "x_0", "a pixel in [-1, 1]", x_0)?;
    let gaussian = Gaussian::new(mean, variance)?;
    let half_bin = 1.0 / 255.0;
    // The outermost bins, found with room for the rounding of f32 pixels.
    let low =
        if x_0 < -1.0 + half_bin { f64::NEG_INFINITY } else { x_0 - half_bin };
    let high =
        if x_0 > 1.0 - half_bin { f64::INFINITY } else { x_0 + half_bin };
    let scale = SQRT_2 * variance.sqrt();
    let (low, high) = ((low - mean) / scale, (high - mean) / scale);
    // Above the mean, Φ is 1 minus a tail: mirror the bin, and use the tail.
    let (near, far) =
        if low + high > 0.0 { (low, high) } else { (-high, -low) };
    // p = ½ (erfc(near) - erfc(far)).
    let share = (log_erfc(far) - log_erfc(near)).exp();
    let nats = LN_2 - log_erfc(near) - (-share).ln_1p();
    // For a bin so narrow against σ that the difference rounds to 0.
    let narrow = || -gaussian.log_density(x_0) - (2.0 * half_bin).ln();
    Ok(if nats.is_finite() { nats } else { narrow() })
}

/// Returns `ln erfc(x)`. Where `erfc` may underflow, by its asymptotic series,
/// whose error is below 1e-9 of it.
fn log_erfc(x: f64) -> f64 {
    if x < 20.0 {
        return libm::erfc(x).ln();
    }
    let u = 0.5 / (x * x);
    let series = 1.0 - u * (1.0 - 3.0 * u * (1.0 - 5.0 * u));
    (series / (x * PI.sqrt())).ln() - x * x
}

/// Converts nats to bits.
///
/// # Formula
/// `bits = nats / ln 2`
///
/// ```
/// assert_eq!(ddpm::math::bound::bits(std::f64::consts::LN_2), 1.0);
/// ```
// Not an equation: a change of units.
pub fn bits(nats: f64) -> f64 {
    nats / LN_2
}

/// Returns a warning if `x_T` is not close to noise, so that sampling from
/// `N(0, I)` starts from the wrong distribution: if `L_T` is above 0.001 bits per
/// dimension for data with a mean square of 1.
///
/// ```
/// use ddpm::math::{Schedule, bound};
/// let paper = Schedule::linear(1000, 1e-4, 0.02)?;
/// assert_eq!(bound::prior_warning(&paper), None);
/// let short = Schedule::linear(300, 1e-4, 0.02)?;
/// assert!(bound::prior_warning(&short).unwrap().contains("21.9 %"));
/// # Ok::<(), ddpm::Error>(())
/// ```
// Not an equation: a threshold on [`prior`].
pub fn prior_warning(schedule: &Schedule) -> Option<String> {
    // The threshold lies between the paper's schedule, 2.9e-5, and its first
    // half, 4.6e-3, which leaves 8 % of the amplitude: that shows in samples.
    let bits = bits(prior(schedule, 1.0));
    (bits > 1e-3).then(|| {
        format!(
            "x_T is not noise: it contains {:.1} % of the amplitude of x_0 \
             (L_T = {bits:.2e} bits per dimension; it should be below 1e-3), \
             so samples will be wrong; use more timesteps or larger betas",
            100.0 * schedule.last().alpha_bar().sqrt()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{forward, posterior::ReverseVariance};
    use crate::testing::{check, random_schedule, simpson, uniforms};
    use approx::assert_relative_eq;

    fn paper() -> Schedule {
        Schedule::linear(1000, 1e-4, 0.02).unwrap()
    }

    /// `L_{t-1}` from its definition, a KL between two Gaussians whose means
    /// are computed from `ε` and from a wrong `ε_θ`.
    #[test]
    fn a_step_is_the_kl_between_posterior_and_model() {
        check(|seed| {
            let [x_0, epsilon, guess, log_variance] = uniforms(seed, -2.0, 2.0);
            for at in random_schedule(seed).iter().skip(1) {
                let c = forward::closed_form(at);
                let x_t = c.x_0 * x_0 + c.epsilon * epsilon;
                let c = posterior::mean(at);
                let mean = c.x_0 * x_0 + c.x_t * x_t;
                let q = Gaussian::new(mean, posterior::variance(at));
                let c = parameterization::mean_from_epsilon(at);
                let mean = c.x_t * x_t + c.epsilon * guess;
                let variance = at.beta() * log_variance.exp();
                let p = Gaussian::new(mean, variance);
                let error = (epsilon - guess).powi(2);
                assert_relative_eq!(
                    step(at, variance, error).unwrap(),
                    q.unwrap().kl(p.unwrap()),
                    max_relative = 1e-8,
                    epsilon = 1e-10
                );
            }
        });
    }

    #[test]
    fn the_prior_term_is_a_kl() {
        check(|seed| {
            let [x_0] = uniforms(seed, -2.0, 2.0);
            let schedule = random_schedule(seed);
            let q = forward::closed_form_kernel(schedule.last(), x_0);
            assert_relative_eq!(
                prior(&schedule, x_0 * x_0),
                q.kl(Gaussian::STANDARD),
                max_relative = 1e-12
            );
        });
    }

    /// For N(0, 1) data the best network is `ε* = √(1-ᾱ_t) x_t`, whose error
    /// is `ᾱ_t`. With `σ² = β` the model can represent the true reverse
    /// process, so the bound is tight: it equals the entropy of the data.
    #[test]
    fn the_bound_is_tight_for_gaussian_data() {
        let schedule = paper();
        let sum = |variance: ReverseVariance| -> f64 {
            let term = |at: Timestep| {
                step(at, variance.variance(at), at.alpha_bar()).unwrap()
            };
            schedule.iter().skip(1).map(term).sum()
        };
        let first = schedule.at(1).unwrap();
        let l_0 = decoder(&schedule, first.beta(), first.alpha_bar()).unwrap();
        let l_t = prior(&schedule, 1.0);
        let middle = sum(ReverseVariance::Beta);
        let entropy = 0.5 * (std::f64::consts::TAU * 1_f64.exp()).ln();
        assert_relative_eq!(l_t + middle + l_0, entropy, epsilon = 1e-10);
        assert_relative_eq!(middle, 4.605_150_006_4, epsilon = 1e-9);
        assert_relative_eq!(l_0, -3.186_231_652_8, epsilon = 1e-9);
        assert_relative_eq!(l_t, 2.017_955_6e-5, max_relative = 1e-7);
        // With the other variance it is not.
        let looser = sum(ReverseVariance::BetaTilde);
        assert_relative_eq!(looser, 5.070_042_33, epsilon = 1e-8);
    }

    /// The bins cut the line without gaps, so the 256 masses add up to 1.
    #[test]
    fn the_discrete_decoder_is_a_distribution() {
        check(|seed| {
            let [mean, log_std] = uniforms(seed, -1.2, 1.2);
            let variance = (4.0 * log_std - 3.0).exp();
            let mass = |k: u32| {
                let x_0 = -1.0 + f64::from(k) * 2.0 / 255.0;
                (-discrete_decoder(x_0, mean, variance).unwrap()).exp()
            };
            let total: f64 = (0..256).map(mass).sum();
            assert_relative_eq!(total, 1.0, epsilon = 1e-9);
        });
    }

    /// A bin's mass is an integral of the density.
    #[test]
    fn the_discrete_decoder_integrates_the_density() {
        check(|seed| {
            let [mean, log_std] = uniforms(seed, -1.0, 1.0);
            let variance = (2.0 * log_std - 5.0).exp();
            let gaussian = Gaussian::new(mean, variance).unwrap();
            for k in (1..255).step_by(23) {
                let x_0 = -1.0 + f64::from(k) * 2.0 / 255.0;
                let nats = discrete_decoder(x_0, mean, variance).unwrap();
                // Relative to the middle, so that far bins do not underflow.
                let middle = gaussian.log_density(x_0);
                let density = |x| (gaussian.log_density(x) - middle).exp();
                let mass = simpson(x_0, 1.0 / 255.0, 200, density);
                let expected = -(middle + mass.ln());
                assert_relative_eq!(
                    nats,
                    expected,
                    max_relative = 1e-7,
                    epsilon = 1e-7
                );
            }
        });
    }

    /// Far from the mean the mass underflows, but its logarithm does not. Moving
    /// the mean by `d` standard deviations at distance `a` costs about
    /// `a d + d²/2`, the same on both sides.
    #[test]
    fn the_discrete_decoder_is_right_in_the_far_tail() {
        for (x_0, variance) in
            [(0.0, 1e-3), (0.0, 1e-6), (0.0, 1e-8), (1.0, 1e-3)]
        {
            let sigma = f64::sqrt(variance);
            let nats = |a: f64| {
                let mean = x_0 - 1.0 / 255.0 - a * sigma;
                let nats = discrete_decoder(x_0, mean, variance).unwrap();
                let mirrored = discrete_decoder(-x_0, -mean, variance);
                assert_relative_eq!(
                    nats,
                    mirrored.unwrap(),
                    max_relative = 1e-9
                );
                nats
            };
            // Across the switch to the series, and where erfc underflows.
            for i in 500..5000 {
                let (a, d) = (f64::from(i) * 0.01, 0.01);
                let step = nats(a + d) - nats(a);
                let expected = a * d + d * d / 2.0;
                // The hazard rate lies between a and a + 1/a; a narrow bin
                // follows the density at its middle instead.
                let bin = 1.0 / 255.0 / sigma;
                let slack = d * (1.5 / a + bin.min(1.5 / a));
                assert!(
                    (step - expected).abs() < slack,
                    "{variance}: {step} against {expected} at {a}"
                );
            }
        }
    }

    /// `log_erfc` beyond the switch to its series, where `erfc` itself is still
    /// a normal number.
    #[test]
    fn log_erfc_meets_erfc() {
        for x in [20.0, 21.0, 23.5, 26.0] {
            let exact = libm::erfc(x).ln();
            assert_relative_eq!(log_erfc(x), exact, epsilon = 1e-9);
        }
        assert_eq!(log_erfc(f64::INFINITY), f64::NEG_INFINITY);
        assert_eq!(log_erfc(f64::NEG_INFINITY), LN_2);
    }

    /// Only the outermost pixels have an open bin: a mean far outside is
    /// likely for them, and for no other.
    #[test]
    fn only_the_outermost_bins_are_open() {
        let bin = 1.0 / 255.0;
        for side in [-1.0, 1.0] {
            let nats = |x_0: f64| discrete_decoder(x_0, 3.0 * side, 0.01);
            assert!(nats(side).unwrap() < 1e-9);
            assert!(nats(side * (1.0 - 0.9 * bin)).unwrap() < 1e-9);
            assert!(nats(side * (1.0 - bin)).unwrap() > 100.0);
        }
    }

    /// A bin so narrow against `σ` that its mass rounds to zero
    /// is the density times the width.
    #[test]
    fn a_vanishing_bin_is_density_times_width() {
        let (mean, variance) = (3e17, 1e36);
        let log_density =
            Gaussian::new(mean, variance).unwrap().log_density(0.5);
        let width: f64 = 2.0 / 255.0;
        assert_relative_eq!(
            discrete_decoder(0.5, mean, variance).unwrap(),
            -(log_density + width.ln()),
            max_relative = 1e-14
        );
    }

    #[test]
    fn l_t_tells_a_shortened_schedule() {
        let known = [
            (1000, 0.00635, 2.9e-5),
            (500, 0.0797, 4.6e-3),
            (300, 0.219, 3.6e-2),
            (200, 0.364, 0.102),
            (100, 0.603, 0.326),
            (50, 0.776, 0.666),
        ];
        for (steps, amplitude, expected) in known {
            let schedule = Schedule::linear(steps, 1e-4, 0.02).unwrap();
            let left = schedule.last().alpha_bar().sqrt();
            assert_relative_eq!(left, amplitude, max_relative = 2e-3);
            let l_t = bits(prior(&schedule, 1.0));
            assert_relative_eq!(l_t, expected, max_relative = 0.02);
            assert_eq!(prior_warning(&schedule).is_some(), steps < 1000);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let schedule = paper();
        let (first, last) = (schedule.at(1).unwrap(), schedule.last());
        assert!(step(first, 0.1, 0.0).is_err());
        assert!(step(last, 0.0, 0.0).is_err());
        assert!(weight(last, f64::NAN).is_err());
        assert!(decoder(&schedule, 0.0, 0.0).is_err());
        assert!(discrete_decoder(1.1, 0.0, 0.1).is_err());
        assert!(discrete_decoder(f64::NAN, 0.0, 0.1).is_err());
        assert!(discrete_decoder(0.0, f64::NAN, 0.1).is_err());
    }
}
