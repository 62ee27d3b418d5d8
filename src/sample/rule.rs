//! How to get from `x_t` to `x_{t-1}`.

use crate::Result;
use crate::math::posterior::{self, ReverseVariance};
use crate::math::{Timestep, ddim};
use crate::nn::{Estimate, combine};
use candle_core::Tensor;

/// A step of the reverse process, given estimates of `x_0` and `ε`.
///
/// ```
/// # use candle_core::{Device, Tensor};
/// # use ddpm::math::{Schedule, forward, posterior::ReverseVariance};
/// # use ddpm::nn::Estimate;
/// # use ddpm::sample::Rule;
/// # let number = |x: f64| Tensor::new(&[x], &Device::Cpu);
/// let schedule = Schedule::cosine(50)?;
/// let at = schedule.at(20)?;
/// let (signal, noise) = forward::closed_form(at);
/// let x_t = number(0.5 * signal - noise)?;
/// let estimate = Estimate { x_0: number(0.5)?, epsilon: number(-1.0)? };
/// let step = |rule: Rule| -> ddpm::Result<f64> {
///     let x = rule.step(at, &x_t, &estimate, || Ok(number(0.3)?))?;
///     Ok(x.to_vec1::<f64>()?[0])
/// };
/// // DDIM with η = 1 is Algorithm 2 with the smaller variance.
/// let ancestral = step(Rule::Ancestral(ReverseVariance::BetaTilde))?;
/// assert!((step(Rule::Ddim(1.0))? - ancestral).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
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
    ///
    /// ```
    /// use candle_core::{Device, Tensor};
    /// use ddpm::{math::Schedule, nn::Estimate, sample::Rule};
    ///
    /// let x_1 = Tensor::new(&[0.9], &Device::Cpu)?;
    /// let x_0 = Tensor::new(&[1.0], &Device::Cpu)?;
    /// let epsilon = Tensor::new(&[-0.5], &Device::Cpu)?;
    /// let estimate = Estimate { x_0, epsilon };
    /// // The last step goes to the estimate of x_0, without noise.
    /// let (schedule, rule) = (Schedule::cosine(50)?, Rule::Ddim(1.0));
    /// let no_noise = || -> ddpm::Result<Tensor> { unreachable!() };
    /// let x = rule.step(schedule.at(1)?, &x_1, &estimate, no_noise)?;
    /// assert_eq!(x.to_vec1::<f64>()?, [1.0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
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
