//! The sampler step: from `x_t` to `x_{t-1}`.

use crate::Result;
use crate::math::posterior::{self, ReverseVariance};
use crate::math::{Timestep, ddim};
use crate::nn::ModelPrediction;
use candle_core::Tensor;
use candle_fused::linear_combination;

/// A step of the reverse process, from predictions of `x_0` and `ε`.
///
/// ```
/// # use candle_core::{Device, Tensor};
/// # use ddpm::math::{Schedule, forward, posterior::ReverseVariance};
/// # use ddpm::nn::ModelPrediction;
/// # use ddpm::sample::Method;
/// # let number = |x: f64| Tensor::new(&[x], &Device::Cpu);
/// let schedule = Schedule::cosine(50)?;
/// let at = schedule.at(20)?;
/// let c = forward::closed_form(at);
/// let x_t = number(c.x_0 * 0.5 - c.epsilon)?;
/// let predicted =
///     ModelPrediction { x_0: number(0.5)?, epsilon: number(-1.0)? };
/// let step = |method: Method| -> ddpm::Result<f64> {
///     let x = method.step(at, &x_t, &predicted, || Ok(number(0.3)?))?;
///     Ok(x.to_vec1::<f64>()?[0])
/// };
/// // DDIM with η = 1 is Algorithm 2 with the smaller variance.
/// let ancestral = step(Method::Ancestral(ReverseVariance::BetaTilde))?;
/// assert!((step(Method::Ddim { eta: 1.0 })? - ancestral).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Method {
    /// Ancestral sampling, Algorithm 2: `x_{t-1} = μ̃_t(x_t, x̂_0) + σ_t z`.
    Ancestral(ReverseVariance),
    /// DDIM.
    Ddim {
        /// `η`, how much noise a step adds: 0 for none, 1 for as much as
        /// ancestral sampling with `β̃_t`.
        eta: f64,
    },
}

impl Method {
    /// Returns `x_{t-1}`. `noise` returns `z ~ N(0, I)` of the shape of `x_t`;
    /// it is called only if the step adds noise, so never at `t = 1`.
    ///
    /// The paper's equation 11 computes the mean from `ε`. Going by way of `x̂_0`
    /// gives the same mean, and allows `x̂_0` to be clipped.
    ///
    /// Equation: eq-posterior-mean, eq-ddim-step
    ///
    /// # Errors
    /// If `η` is not in [0, 1], or `noise` or the device fails.
    ///
    /// ```
    /// use candle_core::{Device, Tensor};
    /// use ddpm::{math::Schedule, nn::ModelPrediction, sample::Method};
    ///
    /// let x_1 = Tensor::new(&[0.9], &Device::Cpu)?;
    /// let x_0 = Tensor::new(&[1.0], &Device::Cpu)?;
    /// let epsilon = Tensor::new(&[-0.5], &Device::Cpu)?;
    /// let predicted = ModelPrediction { x_0, epsilon };
    /// // The last step returns the prediction of x_0, without noise.
    /// let schedule = Schedule::cosine(50)?;
    /// let method = Method::Ddim { eta: 1.0 };
    /// let no_noise = || -> ddpm::Result<Tensor> { unreachable!() };
    /// let x = method.step(schedule.at(1)?, &x_1, &predicted, no_noise)?;
    /// assert_eq!(x.to_vec1::<f64>()?, [1.0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn step(
        self,
        at: Timestep,
        x_t: &Tensor,
        predicted: &ModelPrediction,
        noise: impl FnOnce() -> Result<Tensor>,
    ) -> Result<Tensor> {
        let ModelPrediction { x_0, epsilon } = predicted;
        let (mean, std) = match self {
            Self::Ancestral(sigma_2) => {
                let c = posterior::mean(at);
                let mean = linear_combination(c.x_0, x_0, c.x_t, x_t)?;
                (mean, sigma_2.variance(at).sqrt())
            }
            Self::Ddim { eta } => {
                let ddim::Step { mean: c, std } = ddim::step(at, eta)?;
                (linear_combination(c.x_0, x_0, c.epsilon, epsilon)?, std)
            }
        };
        if at.t() == 1 || std == 0.0 {
            return Ok(mean);
        }
        Ok(linear_combination(1.0, &mean, std, &noise()?)?)
    }
}
