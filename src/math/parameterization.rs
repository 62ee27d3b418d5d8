//! Prediction types: a network predicts `ε`, `x_0` or `v`; and `μ̃_t` in terms of
//! `ε`.
//!
//! Given `x_t`, the closed form can be solved for `x_0` or for `ε`, so a
//! prediction of one is a prediction of the other. `v` is a rotation of the two,
//! and well conditioned at both ends of the chain. The posterior mean, with `x_0`
//! expressed by `ε`, is the mean that the sampler uses. There `ε` has a minus
//! sign: the sampler removes noise.

use super::coefficients::{X0Epsilon, X0Xt, XtEpsilon, XtOutput, XtV};
use super::{Timestep, forward};

/// Returns the coefficients of `x_t` and `ε` in `x_0`.
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
/// let (x_0, epsilon) = (0.7, -1.2);
/// let c = forward::closed_form(at);
/// let x_t = c.x_0 * x_0 + c.epsilon * epsilon;
/// let c = parameterization::x_0_from_epsilon(at);
/// assert!((c.x_t * x_t + c.epsilon * epsilon - x_0).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn x_0_from_epsilon(at: Timestep) -> XtEpsilon {
    let c = forward::closed_form(at);
    XtEpsilon { x_t: 1.0 / c.x_0, epsilon: -c.epsilon / c.x_0 }
}

/// Returns the coefficients of `x_0` and `x_t` in `ε`.
///
/// # Formula
/// `ε = (x_t - √ᾱ_t x_0) / √(1-ᾱ_t)`
///
/// Equation: eq-epsilon-from-x0
///
/// ```
/// use ddpm::math::{Schedule, parameterization};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let c = parameterization::epsilon_from_x_0(schedule.at(1)?);
/// assert!((c.x_0 + 0.8 / 0.6).abs() < 1e-12);
/// assert!((c.x_t - 1.0 / 0.6).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn epsilon_from_x_0(at: Timestep) -> X0Xt {
    let c = forward::closed_form(at);
    X0Xt { x_0: -c.x_0 / c.epsilon, x_t: 1.0 / c.epsilon }
}

/// Returns the coefficients of `x_0` and `ε` in `v`.
///
/// # Formula
/// `v = √ᾱ_t ε - √(1-ᾱ_t) x_0`
///
/// Equation: eq-v (Salimans and Ho 2022, section 4)
///
/// ```
/// use ddpm::math::{Schedule, parameterization};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let c = parameterization::v(schedule.at(1)?);
/// assert!((c.x_0 + 0.6).abs() < 1e-12 && (c.epsilon - 0.8).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn v(at: Timestep) -> X0Epsilon {
    let c = forward::closed_form(at);
    X0Epsilon { x_0: -c.epsilon, epsilon: c.x_0 }
}

/// Returns the coefficients of `x_t` and `v` in `x_0`.
///
/// # Formula
/// `x_0 = √ᾱ_t x_t - √(1-ᾱ_t) v`
///
/// Equation: eq-x0-from-v (Salimans and Ho 2022, section 4)
///
/// ```
/// use ddpm::math::{Schedule, parameterization};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let c = parameterization::x_0_from_v(schedule.at(1)?);
/// assert!((c.x_t - 0.8).abs() < 1e-12 && (c.v + 0.6).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn x_0_from_v(at: Timestep) -> XtV {
    let c = forward::closed_form(at);
    XtV { x_t: c.x_0, v: -c.epsilon }
}

/// Returns the coefficients of `x_t` and `v` in `ε`.
///
/// # Formula
/// `ε = √(1-ᾱ_t) x_t + √ᾱ_t v`
///
/// Equation: eq-epsilon-from-v
///
/// ```
/// use ddpm::math::{Schedule, parameterization};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let c = parameterization::epsilon_from_v(schedule.at(1)?);
/// assert!((c.x_t - 0.6).abs() < 1e-12 && (c.v - 0.8).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn epsilon_from_v(at: Timestep) -> XtV {
    let c = forward::closed_form(at);
    XtV { x_t: c.epsilon, v: c.x_0 }
}

/// Returns the coefficients of `x_t` and `ε` in the posterior mean `μ̃_t`.
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
///     let c = parameterization::mean_from_epsilon(at);
///     assert!(c.x_t > 1.0 && c.epsilon < 0.0); // the noise is removed
/// }
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn mean_from_epsilon(at: Timestep) -> XtEpsilon {
    let x_t = at.alpha().sqrt().recip();
    let epsilon = -x_t * at.beta() / at.one_minus_alpha_bar().sqrt();
    XtEpsilon { x_t, epsilon }
}

/// The quantity that a network predicts.
///
/// ```
/// use ddpm::math::{PredictionType, Schedule};
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let at = schedule.at(1)?;
/// // With x_0 = 1 and ε = -1, x_t = 0.2. Three equivalent outputs:
/// let outputs = [-1.0, 1.0, -1.4];
/// let kinds = [PredictionType::Epsilon, PredictionType::X0, PredictionType::V];
/// for (kind, output) in kinds.into_iter().zip(outputs) {
///     let c = kind.x_0(at);
///     assert!((c.x_t * 0.2 + c.output * output - 1.0).abs() < 1e-12);
/// }
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "nn", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "nn", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum PredictionType {
    /// The noise `ε`, as in the DDPM paper.
    Epsilon,
    /// The clean data `x_0`.
    X0,
    /// `v = √ᾱ_t ε - √(1-ᾱ_t) x_0`.
    V,
}

impl PredictionType {
    /// Returns the coefficients of `x_0` and `ε` in the target of the network.
    ///
    /// Equation: eq-v for [`V`](Self::V)
    ///
    /// ```
    /// use ddpm::math::{PredictionType, Schedule};
    /// let schedule = Schedule::from_betas(vec![0.36])?;
    /// let at = schedule.at(1)?;
    /// let c = PredictionType::Epsilon.target(at);
    /// assert_eq!((c.x_0, c.epsilon), (0.0, 1.0));
    /// let c = PredictionType::V.target(at);
    /// assert!((c.x_0 + 0.6).abs() < 1e-12 && (c.epsilon - 0.8).abs() < 1e-12);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn target(self, at: Timestep) -> X0Epsilon {
        match self {
            Self::Epsilon => X0Epsilon { x_0: 0.0, epsilon: 1.0 },
            Self::X0 => X0Epsilon { x_0: 1.0, epsilon: 0.0 },
            Self::V => v(at),
        }
    }

    /// Returns the coefficients of `x_t` and the network's output in `x_0`.
    ///
    /// Equation: eq-x0-from-epsilon, eq-x0-from-v
    ///
    /// ```
    /// use ddpm::math::{PredictionType, Schedule};
    /// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    /// // At t = T an error in ε is multiplied by more than 100.
    /// let at = schedule.last();
    /// assert!(PredictionType::Epsilon.x_0(at).output.abs() > 100.0);
    /// assert!(PredictionType::V.x_0(at).output.abs() < 1.0);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn x_0(self, at: Timestep) -> XtOutput {
        match self {
            Self::Epsilon => {
                let c = x_0_from_epsilon(at);
                XtOutput { x_t: c.x_t, output: c.epsilon }
            }
            Self::X0 => XtOutput { x_t: 0.0, output: 1.0 },
            Self::V => {
                let c = x_0_from_v(at);
                XtOutput { x_t: c.x_t, output: c.v }
            }
        }
    }

    /// Returns the coefficients of `x_t` and the network's output in `ε`.
    ///
    /// Equation: eq-epsilon-from-x0, eq-epsilon-from-v
    ///
    /// ```
    /// use ddpm::math::{PredictionType, Schedule};
    /// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    /// // At t = 1 an error in x_0 is multiplied by about 100.
    /// let at = schedule.at(1)?;
    /// assert!(PredictionType::X0.epsilon(at).output.abs() > 90.0);
    /// assert!(PredictionType::V.epsilon(at).output.abs() < 1.0);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn epsilon(self, at: Timestep) -> XtOutput {
        match self {
            Self::Epsilon => XtOutput { x_t: 0.0, output: 1.0 },
            Self::X0 => {
                let c = epsilon_from_x_0(at);
                XtOutput { x_t: c.x_t, output: c.x_0 }
            }
            Self::V => {
                let c = epsilon_from_v(at);
                XtOutput { x_t: c.x_t, output: c.v }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{Schedule, posterior};
    use crate::testing::{check, random_schedule, uniforms};
    use approx::assert_relative_eq;

    fn mix(c: X0Epsilon, x_0: f64, epsilon: f64) -> f64 {
        c.x_0 * x_0 + c.epsilon * epsilon
    }

    #[test]
    fn every_prediction_gives_x_0_and_epsilon_back() {
        check(|seed| {
            let [x_0, epsilon] = uniforms(seed, -2.0, 2.0);
            for at in random_schedule(seed).iter() {
                let x_t = mix(forward::closed_form(at), x_0, epsilon);
                // Dividing by √ᾱ_t or √(1-ᾱ_t) magnifies rounding by as much.
                let worst = at.alpha_bar().min(at.one_minus_alpha_bar()).sqrt();
                for kind in [
                    PredictionType::Epsilon,
                    PredictionType::X0,
                    PredictionType::V,
                ] {
                    let output = mix(kind.target(at), x_0, epsilon);
                    let (a, b) = (kind.x_0(at), kind.epsilon(at));
                    assert_relative_eq!(
                        a.x_t * x_t + a.output * output,
                        x_0,
                        epsilon = 1e-14 / worst
                    );
                    assert_relative_eq!(
                        b.x_t * x_t + b.output * output,
                        epsilon,
                        epsilon = 1e-14 / worst
                    );
                }
            }
        });
    }

    /// The main result of the notes: both forms of `μ̃_t` agree, at every `t`, to
    /// 1e-12 of the size of their terms.
    #[test]
    fn the_mean_is_the_same_from_x_0_and_from_epsilon() {
        check(|seed| {
            let [x_0, epsilon] = uniforms(seed, -2.0, 2.0);
            let paper = Schedule::linear(1000, 1e-4, 0.02).unwrap();
            for schedule in [&random_schedule(seed), &paper] {
                for at in schedule.iter() {
                    let x_t = mix(forward::closed_form(at), x_0, epsilon);
                    let (a, b) = (posterior::mean(at), mean_from_epsilon(at));
                    assert_relative_eq!(
                        a.x_0 * x_0 + a.x_t * x_t,
                        b.x_t * x_t + b.epsilon * epsilon,
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
                let x_t = mix(forward::closed_form(at), x_0, epsilon);
                let v = mix(v(at), x_0, epsilon);
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
            let c = mean_from_epsilon(at);
            let ratio = -c.epsilon / c.x_t;
            assert_relative_eq!(ratio, expected, max_relative = 1e-8);
        }
    }
}
