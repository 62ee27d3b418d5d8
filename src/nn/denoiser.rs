//! From the output of a network to estimates of `x_0` and `ε`.

use crate::math::{Prediction, Schedule, Timestep};
use crate::{Error, Result};
use candle_core::Tensor;

/// A network of the reverse process.
///
/// Implement it for a network of your own, or for a function that is known
/// in closed form, and train or sample with it as with those of this crate.
/// Training calls it from several threads at once.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::nn::Network;
///
/// // Sees no noise anywhere.
/// struct Optimist;
///
/// impl Network for Optimist {
///     fn forward(&self, x_t: &Tensor, _t: &Tensor) -> ddpm::Result<Tensor> {
///         Ok(x_t.zeros_like()?)
///     }
/// }
///
/// let x_t = Tensor::new(&[[0.3_f64, -0.8]], &Device::Cpu)?;
/// let t = Tensor::new(&[500.0], &Device::Cpu)?;
/// let epsilon = Optimist.forward(&x_t, &t)?;
/// assert_eq!(epsilon.to_vec2::<f64>()?, [[0.0, 0.0]]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub trait Network: Sync {
    /// The prediction for each example.
    ///
    /// `x_t` is `(B, …)`; `t` is `(B)`, the paper's `1 … T`, in the same type
    /// of number; the result has the shape of `x_t`.
    ///
    /// # Errors
    /// If a shape is wrong or the device fails.
    fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor>;

    /// The same for sampling: nothing is kept for a gradient, and none passes
    /// through the result.
    ///
    /// # Errors
    /// As those of [`forward`](Self::forward).
    fn infer(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        Ok(self.forward(x_t, t)?.detach())
    }
}

/// Checks that `x_t` is a batch of `shape` and `t` one time for each.
pub(super) fn check_input(
    x_t: &Tensor,
    shape: &[usize],
    t: &Tensor,
) -> Result<()> {
    let dims = x_t.dims();
    if dims.is_empty() || &dims[1..] != shape || t.dims() != &dims[..1] {
        return Err(Error::argument(
            "the input of the network",
            format!("x_t of shape (B, {shape:?}) with t of shape (B)"),
            format!("{dims:?} with {:?}", t.dims()),
        ));
    }
    Ok(())
}

/// A network, the schedule it was trained for, and what its output means.
///
/// ```
/// use candle_core::{Device, Tensor};
/// # use ddpm::Result;
/// use ddpm::math::{Prediction, Schedule};
/// use ddpm::nn::{Denoiser, Network};
/// # struct Zero;
/// # impl Network for Zero {
/// #     fn forward(&self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
/// #         Ok(x.zeros_like()?)
/// #     }
/// # }
///
/// // A network whose output is 0, and that means x_0: all of x_t is noise.
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let prediction = Prediction::X0;
/// let model = Denoiser { network: Zero, schedule, prediction };
/// let x_t = Tensor::new(&[[0.6_f64]], &Device::Cpu)?;
/// let estimate = model.estimate(&x_t, model.schedule.at(1)?, false)?;
/// assert_eq!(estimate.x_0.to_vec2::<f64>()?, [[0.0]]);
/// assert!((estimate.epsilon.to_vec2::<f64>()?[0][0] - 1.0).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Denoiser<N> {
    /// The network.
    pub network: N,
    /// The schedule of the forward process.
    pub schedule: Schedule,
    /// What the output of the network stands for.
    pub prediction: Prediction,
}

/// What a [`Denoiser`] makes of `x_t`: the clean data and the noise in it, of
/// the shape of `x_t`.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::math::{Schedule, forward};
/// use ddpm::nn::Estimate;
///
/// let x_0 = Tensor::new(&[1.0], &Device::Cpu)?;
/// let epsilon = Tensor::new(&[-1.0], &Device::Cpu)?;
/// let estimate = Estimate { x_0, epsilon };
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let (signal, noise) = forward::closed_form(schedule.at(1)?);
/// // The two explain x_t.
/// let x_t = ((estimate.x_0 * signal)? + (estimate.epsilon * noise)?)?;
/// assert!((x_t.to_vec1::<f64>()?[0] - 0.2).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Estimate {
    /// The estimate of `x_0`.
    pub x_0: Tensor,
    /// The estimate of `ε`.
    pub epsilon: Tensor,
}

impl<N: Network> Denoiser<N> {
    /// The estimates of `x_0` and `ε` in a batch `x_t` `(B, …)`, all of it
    /// at the same step; with `clip`, `x_0` is kept within [-1, 1], and `ε`
    /// is what then explains `x_t`.
    ///
    /// Equation: eq-x0-from-epsilon, eq-x0-from-v, eq-epsilon-from-x0
    ///
    /// # Errors
    /// If the network refuses the input, or the device fails.
    ///
    /// ```
    /// use candle_core::{Device, Tensor};
    /// # use ddpm::Result;
    /// use ddpm::math::{Prediction, Schedule};
    /// use ddpm::nn::{Denoiser, Network};
    /// # struct Zero;
    /// # impl Network for Zero {
    /// #     fn forward(&self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
    /// #         Ok(x.zeros_like()?)
    /// #     }
    /// # }
    ///
    /// // A network that sees no noise makes x_t = 1.6 = 0.8 x_0 an x_0 of 2.
    /// let schedule = Schedule::from_betas(vec![0.36])?;
    /// let prediction = Prediction::Epsilon;
    /// let model = Denoiser { network: Zero, schedule, prediction };
    /// let x_t = Tensor::new(&[1.6], &Device::Cpu)?;
    /// let estimate = model.estimate(&x_t, model.schedule.at(1)?, true)?;
    /// // Clipped it is 1, and what is left of x_t is noise.
    /// assert_eq!(estimate.x_0.to_vec1::<f64>()?, [1.0]);
    /// let epsilon = estimate.epsilon.to_vec1::<f64>()?[0];
    /// assert!((epsilon - (1.6 - 0.8) / 0.6).abs() < 1e-12);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn estimate(
        &self,
        x_t: &Tensor,
        at: Timestep,
        clip: bool,
    ) -> Result<Estimate> {
        let t = Tensor::full(at.t() as f32, x_t.dim(0)?, x_t.device())?;
        let output = self.network.infer(x_t, &t.to_dtype(x_t.dtype())?)?;
        let x_0 = combine(self.prediction.x_0(at), x_t, &output)?;
        if !clip {
            let epsilon = combine(self.prediction.epsilon(at), x_t, &output)?;
            return Ok(Estimate { x_0, epsilon });
        }
        let x_0 = x_0.clamp(-1.0, 1.0)?;
        let epsilon = combine(Prediction::X0.epsilon(at), x_t, &x_0)?;
        Ok(Estimate { x_0, epsilon })
    }
}

/// `a x + b y`.
pub(crate) fn combine(
    (a, b): (f64, f64),
    x: &Tensor,
    y: &Tensor,
) -> Result<Tensor> {
    Ok(((x * a)? + (y * b)?)?)
}
