//! What a network may predict: `ε`, `x_0` or `v`, and the mean in terms of it.
//!
//! Given `x_t`, knowing the noise `ε` and knowing `x_0` are the same thing:
//! the closed form can be solved for either. `v` is a rotation of the two, and
//! well conditioned at both ends of the chain. Putting `x_0` in terms of `ε`
//! into the posterior mean gives the mean that the sampler uses, with a minus
//! sign: noise is taken away.

use super::{Timestep, forward};

/// The coefficients of `(x_t, ε)` in `x_0`.
///
/// # Formula
/// `x_0 = (x_t - √(1-ᾱ_t) ε) / √ᾱ_t`
///
/// Equation: eq-x0-from-epsilon (Ho et al. 2020, eq. 15)
///
/// ```
/// use ddpm::math::{Schedule, forward, parameterization};
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// let at = schedule.at(300)?;
/// let (signal, noise) = forward::closed_form(at);
/// let (x_0, epsilon) = (0.7, -1.2);
/// let x_t = signal * x_0 + noise * epsilon;
/// let (a, b) = parameterization::x_0_from_epsilon(at);
/// assert!((a * x_t + b * epsilon - x_0).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn x_0_from_epsilon(at: Timestep) -> (f64, f64) {
    let (signal, noise) = forward::closed_form(at);
    (1.0 / signal, -noise / signal)
}

/// The coefficients of `(x_t, x_0)` in `ε`.
///
/// # Formula
/// `ε = (x_t - √ᾱ_t x_0) / √(1-ᾱ_t)`
///
/// Equation: eq-epsilon-from-x0
///
/// ```
/// use ddpm::math::{Schedule, parameterization};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let (x_t, x_0) = parameterization::epsilon_from_x_0(schedule.at(1)?);
/// assert!((x_t - 1.0 / 0.6).abs() < 1e-12);
/// assert!((x_0 + 0.8 / 0.6).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn epsilon_from_x_0(at: Timestep) -> (f64, f64) {
    let (signal, noise) = forward::closed_form(at);
    (1.0 / noise, -signal / noise)
}

/// The coefficients of `(x_0, ε)` in `v`.
///
/// # Formula
/// `v = √ᾱ_t ε - √(1-ᾱ_t) x_0`
///
/// Equation: eq-v (Salimans and Ho 2022, section 4)
///
/// ```
/// use ddpm::math::{Schedule, parameterization};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let (x_0, epsilon) = parameterization::v(schedule.at(1)?);
/// assert!((x_0 + 0.6).abs() < 1e-12 && (epsilon - 0.8).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn v(at: Timestep) -> (f64, f64) {
    let (signal, noise) = forward::closed_form(at);
    (-noise, signal)
}

/// The coefficients of `(x_t, v)` in `x_0`.
///
/// # Formula
/// `x_0 = √ᾱ_t x_t - √(1-ᾱ_t) v`
///
/// Equation: eq-x0-from-v (Salimans and Ho 2022, section 4)
///
/// ```
/// use ddpm::math::{Schedule, parameterization};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let (x_t, v) = parameterization::x_0_from_v(schedule.at(1)?);
/// assert!((x_t - 0.8).abs() < 1e-12 && (v + 0.6).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn x_0_from_v(at: Timestep) -> (f64, f64) {
    let (signal, noise) = forward::closed_form(at);
    (signal, -noise)
}

/// The coefficients of `(x_t, v)` in `ε`.
///
/// # Formula
/// `ε = √(1-ᾱ_t) x_t + √ᾱ_t v`
///
/// Equation: eq-epsilon-from-v
///
/// ```
/// use ddpm::math::{Schedule, parameterization};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let (x_t, v) = parameterization::epsilon_from_v(schedule.at(1)?);
/// assert!((x_t - 0.6).abs() < 1e-12 && (v - 0.8).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn epsilon_from_v(at: Timestep) -> (f64, f64) {
    let (signal, noise) = forward::closed_form(at);
    (noise, signal)
}

/// The coefficients of `(x_t, ε)` in the posterior mean `μ̃_t`.
///
/// # Formula
/// `μ̃_t = (x_t - β_t / √(1-ᾱ_t) · ε) / √α_t`
///
/// Equation: eq-mu-tilde-epsilon (Ho et al. 2020, eq. 10; with `ε_θ` for `ε`,
/// eq. 11)
///
/// ```
/// use ddpm::math::{Schedule, parameterization};
/// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
/// for at in schedule.iter() {
///     let (x_t, epsilon) = parameterization::mean_from_epsilon(at);
///     assert!(x_t > 1.0 && epsilon < 0.0); // noise is taken away
/// }
/// # Ok::<(), ddpm::Error>(())
/// ```
#[must_use]
pub fn mean_from_epsilon(at: Timestep) -> (f64, f64) {
    let scale = at.alpha().sqrt().recip();
    (scale, -scale * at.beta() / at.one_minus_alpha_bar().sqrt())
}

/// What the output of a network stands for.
///
/// ```
/// use ddpm::math::{PredictionType, Schedule};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let at = schedule.at(1)?;
/// // With x_0 = 1 and ε = -1, x_t = 0.2; three outputs that say the same:
/// let outputs = [-1.0, 1.0, -1.4];
/// let kinds = [PredictionType::Epsilon, PredictionType::X0, PredictionType::V];
/// for (kind, output) in kinds.into_iter().zip(outputs) {
///     let (a, b) = kind.x_0(at);
///     assert!((a * 0.2 + b * output - 1.0).abs() < 1e-12);
/// }
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "nn", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "nn", serde(rename_all = "snake_case"))]
pub enum PredictionType {
    /// The noise `ε`, as in the DDPM paper.
    Epsilon,
    /// The clean data `x_0`.
    X0,
    /// `v = √ᾱ_t ε - √(1-ᾱ_t) x_0`.
    V,
}

impl PredictionType {
    /// The coefficients of `(x_0, ε)` in what the network is trained to
    /// predict.
    ///
    /// Equation: eq-v, for [`V`](Self::V); `(0, 1)` for [`Epsilon`] and
    /// `(1, 0)` for [`X0`].
    ///
    /// [`Epsilon`]: Self::Epsilon
    /// [`X0`]: Self::X0
    ///
    /// ```
    /// use ddpm::math::{PredictionType, Schedule};
    /// let schedule = Schedule::from_betas(vec![0.36])?;
    /// let at = schedule.at(1)?;
    /// assert_eq!(PredictionType::Epsilon.target(at), (0.0, 1.0));
    /// let (x_0, epsilon) = PredictionType::V.target(at);
    /// assert!((x_0 + 0.6).abs() < 1e-12 && (epsilon - 0.8).abs() < 1e-12);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[must_use]
    pub fn target(self, at: Timestep) -> (f64, f64) {
        match self {
            Self::Epsilon => (0.0, 1.0),
            Self::X0 => (1.0, 0.0),
            Self::V => v(at),
        }
    }

    /// The coefficients of `(x_t, prediction)` in `x_0`.
    ///
    /// Equation: eq-x0-from-epsilon, eq-x0-from-v
    ///
    /// ```
    /// use ddpm::math::{PredictionType, Schedule};
    /// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    /// // At the end of the chain an error in ε is blown up, one in v is not.
    /// let at = schedule.last();
    /// assert!(PredictionType::Epsilon.x_0(at).1.abs() > 100.0);
    /// assert!(PredictionType::V.x_0(at).1.abs() < 1.0);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[must_use]
    pub fn x_0(self, at: Timestep) -> (f64, f64) {
        match self {
            Self::Epsilon => x_0_from_epsilon(at),
            Self::X0 => (0.0, 1.0),
            Self::V => x_0_from_v(at),
        }
    }

    /// The coefficients of `(x_t, prediction)` in `ε`.
    ///
    /// Equation: eq-epsilon-from-x0, eq-epsilon-from-v
    ///
    /// ```
    /// use ddpm::math::{PredictionType, Schedule};
    /// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    /// // At its beginning an error in x_0 is blown up, one in v is not.
    /// let at = schedule.at(1)?;
    /// assert!(PredictionType::X0.epsilon(at).1.abs() > 90.0);
    /// assert!(PredictionType::V.epsilon(at).1.abs() < 1.0);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[must_use]
    pub fn epsilon(self, at: Timestep) -> (f64, f64) {
        match self {
            Self::Epsilon => (0.0, 1.0),
            Self::X0 => epsilon_from_x_0(at),
            Self::V => epsilon_from_v(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{Schedule, posterior};
    use crate::testing::{check, random_schedule, uniforms};
    use approx::assert_relative_eq;

    fn apply((a, b): (f64, f64), x: f64, y: f64) -> f64 {
        a * x + b * y
    }

    #[test]
    fn every_prediction_gives_x_0_and_epsilon_back() {
        check(|seed| {
            let [x_0, epsilon] = uniforms(seed, -2.0, 2.0);
            for at in random_schedule(seed).iter() {
                let x_t = apply(forward::closed_form(at), x_0, epsilon);
                // Dividing by √ᾱ_t or √(1-ᾱ_t) magnifies rounding by as much.
                let worst = at.alpha_bar().min(at.one_minus_alpha_bar()).sqrt();
                for kind in [
                    PredictionType::Epsilon,
                    PredictionType::X0,
                    PredictionType::V,
                ] {
                    let output = apply(kind.target(at), x_0, epsilon);
                    assert_relative_eq!(
                        apply(kind.x_0(at), x_t, output),
                        x_0,
                        epsilon = 1e-14 / worst
                    );
                    assert_relative_eq!(
                        apply(kind.epsilon(at), x_t, output),
                        epsilon,
                        epsilon = 1e-14 / worst
                    );
                }
            }
        });
    }

    /// The heart of the notes: both forms of `μ̃_t` agree, at every `t`, to
    /// 1e-12 of the size of their terms.
    #[test]
    fn the_mean_is_the_same_from_x_0_and_from_epsilon() {
        check(|seed| {
            let [x_0, epsilon] = uniforms(seed, -2.0, 2.0);
            let paper = Schedule::linear(1000, 1e-4, 0.02).unwrap();
            for schedule in [&random_schedule(seed), &paper] {
                for at in schedule.iter() {
                    let x_t = apply(forward::closed_form(at), x_0, epsilon);
                    assert_relative_eq!(
                        apply(posterior::mean(at), x_0, x_t),
                        apply(mean_from_epsilon(at), x_t, epsilon),
                        epsilon = 1e-12
                    );
                }
            }
        });
    }

    /// `(x_t, v)` is `(x_0, ε)` turned by an angle, so lengths agree.
    #[test]
    fn v_is_a_rotation() {
        check(|seed| {
            let [x_0, epsilon] = uniforms(seed, -2.0, 2.0);
            for at in random_schedule(seed).iter() {
                let x_t = apply(forward::closed_form(at), x_0, epsilon);
                let v = apply(v(at), x_0, epsilon);
                assert_relative_eq!(
                    x_t.hypot(v),
                    x_0.hypot(epsilon),
                    max_relative = 1e-12
                );
            }
        });
    }

    /// Computed independently in double precision: `β_t / √(1-ᾱ_t)`.
    #[test]
    fn the_papers_schedule_has_known_noise_coefficients() {
        let schedule = Schedule::linear(1000, 1e-4, 0.02).unwrap();
        let known = [
            (1, 0.01),
            (2, 0.008_086_691_707),
            (101, 0.006_460_384_784),
            (501, 0.010_475_696_470),
            (1000, 0.020_000_403_595),
        ];
        for (t, expected) in known {
            let at = schedule.at(t).unwrap();
            let (x_t, epsilon) = mean_from_epsilon(at);
            assert_relative_eq!(-epsilon / x_t, expected, max_relative = 1e-8);
        }
    }
}
