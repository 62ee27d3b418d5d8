//! How to get from `x_t` to `x_{t-1}`.

use crate::Result;
use crate::math::posterior::{self, ReverseVariance};
use crate::math::{Timestep, ddim};
use crate::nn::{Estimate, combine};
use candle_core::Tensor;

/// A step of the reverse process, given estimates of `x_0` and `ε`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Algorithm 2: `x_{t-1} = μ̃_t(x_t, x̂_0) + σ_t z`.
    Ancestral(ReverseVariance),
    /// DDIM with its `η`; 0 adds no noise.
    Ddim(f64),
}

impl Rule {
    /// `x_{t-1}`, with `z ~ N(0, I)` of the shape of `x_t` from `noise`, which
    /// is called only if noise is added: never at `t = 1`.
    ///
    /// The paper's (11) is the posterior mean at the network's `x̂_0`; going by
    /// way of `x̂_0` gives the same, and lets it be clipped.
    ///
    /// Equation: eq-posterior-mean, eq-ddim-step
    ///
    /// # Errors
    /// If `η` is not in [0, 1], or `noise` or the device fails.
    pub fn step(
        self,
        at: Timestep,
        x_t: &Tensor,
        estimate: &Estimate,
        noise: impl FnOnce() -> Result<Tensor>,
    ) -> Result<Tensor> {
        let (mean, std) = match self {
            Self::Ancestral(variance) => {
                let mean = combine(posterior::mean(at), &estimate.x_0, x_t)?;
                (mean, variance.at(at).sqrt())
            }
            Self::Ddim(eta) => {
                let (x_0, epsilon, std) = ddim::step(at, eta)?;
                let Estimate { x_0: clean, epsilon: noise } = estimate;
                (combine((x_0, epsilon), clean, noise)?, std)
            }
        };
        if at.t() == 1 || std == 0.0 {
            return Ok(mean);
        }
        Ok((mean + (noise()? * std)?)?)
    }
}
