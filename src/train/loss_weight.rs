//! The weight of each timestep in the loss.

use crate::math::{PredictionType, Timestep, bound};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The weight `w_t` of the squared error of the network's output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LossWeight {
    /// `w_t = 1`, whatever the network predicts. For `ε` it is the simple loss of the
    /// DDPM paper.
    #[default]
    Simple,
    /// The weights of the variational bound, `β_t / (2 α_t (1-ᾱ_t))` for the
    /// error of `ε`, with the variance `σ_t² = β_t`.
    ///
    /// Equation: eq-bound-weight (Ho et al. 2020, eq. 12)
    VariationalBound,
    /// `min(SNR_t, gamma)` for the error of `x_0`.
    ///
    /// Source: Hang et al. 2023 (arXiv:2303.09556), section 3.4.
    MinSnr {
        /// The signal-to-noise ratio above which the weight is constant; 5 in the
        /// paper.
        gamma: f64,
    },
}

impl LossWeight {
    /// Returns the weight for a network that predicts `prediction_type`.
    ///
    /// ```
    /// use ddpm::math::{PredictionType, Schedule};
    /// use ddpm::train::LossWeight;
    /// let schedule = Schedule::cosine(100)?;
    /// let min_snr = LossWeight::MinSnr { gamma: 5.0 };
    /// let weight =
    ///     |t, output| Ok::<_, ddpm::Error>(min_snr.at(schedule.at(t)?, output));
    /// assert_eq!(weight(1, PredictionType::X0)?, 5.0);
    /// // An error of ε is converted to the error of x_0.
    /// assert!((weight(99, PredictionType::Epsilon)? - 1.0).abs() < 1e-12);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn at(self, at: Timestep, prediction_type: PredictionType) -> f64 {
        match self {
            Self::Simple => 1.0,
            Self::VariationalBound => {
                let output = prediction_type.epsilon(at).output;
                // β_t is positive and finite, so there is a weight.
                let weight = bound::weight(at, at.beta()).unwrap_or(0.0);
                weight * output.powi(2)
            }
            Self::MinSnr { gamma } => {
                at.snr().min(gamma) * prediction_type.x_0(at).output.powi(2)
            }
        }
    }

    pub(super) fn check(self) -> Result<()> {
        let Self::MinSnr { gamma } = self else { return Ok(()) };
        let ok = gamma > 0.0 && gamma.is_finite();
        Error::require(ok, "gamma", "positive and finite", gamma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Schedule;
    use approx::assert_relative_eq;

    /// The same error of `x_0` has the same weight, whatever the network
    /// predicts: an output error `e` is an `x_0` error of `|c| e`.
    #[test]
    fn a_weight_does_not_depend_on_what_the_network_predicts() {
        let kinds =
            [PredictionType::Epsilon, PredictionType::X0, PredictionType::V];
        let min_snr = LossWeight::MinSnr { gamma: 5.0 };
        for weight in [LossWeight::VariationalBound, min_snr] {
            for at in Schedule::cosine(50).unwrap().iter() {
                let [a, b, c] = kinds.map(|prediction_type| {
                    weight.at(at, prediction_type)
                        / prediction_type.x_0(at).output.powi(2)
                });
                assert_relative_eq!(a, b, max_relative = 1e-9);
                assert_relative_eq!(a, c, max_relative = 1e-9);
            }
        }
    }
}
