//! The denoiser: its parts, and its predictions of `x_0` and `ε` from the output of
//! a network.

use super::network::{Network, NetworkConfig, check_output};
use crate::math::{PredictionType, Schedule, Timestep, parameterization};
use crate::{Error, Result};
use candle_core::Tensor;
use candle_fused::linear_combination;
use candle_nn::VarBuilder;

/// Everything that defines a model except its weights.
///
/// ```
/// use ddpm::math::{PredictionType, Schedule};
/// use ddpm::nn::{MlpConfig, ModelConfig};
///
/// let model = ModelConfig {
///     network: MlpConfig { dim: 2, width: 32, layers: 2 },
///     schedule: Schedule::cosine(100)?,
///     prediction_type: PredictionType::Epsilon,
/// };
/// assert_eq!(model.schedule.steps(), 100);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ModelConfig<C> {
    /// The sizes of the network.
    pub network: C,
    /// The schedule of the forward process.
    pub schedule: Schedule,
    /// The quantity that the network predicts.
    pub prediction_type: PredictionType,
}

impl<C: NetworkConfig> ModelConfig<C> {
    /// Builds the model with parameters from `vb`, for samples of
    /// `sample_shape`.
    ///
    /// # Errors
    /// If a size of the network is out of range, or `vb` lacks a parameter.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::math::{PredictionType, Schedule};
    /// use ddpm::nn::{MlpConfig, ModelConfig, Parameters};
    ///
    /// let config = ModelConfig {
    ///     network: MlpConfig { dim: 2, width: 32, layers: 2 },
    ///     schedule: Schedule::cosine(100)?,
    ///     prediction_type: PredictionType::Epsilon,
    /// };
    /// let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// let model = config.build(&parameters.builder(), &[2])?;
    /// assert_eq!(model.sample_shape, [2]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn build(
        &self,
        vb: &VarBuilder,
        sample_shape: &[usize],
    ) -> Result<Denoiser<C::Network>> {
        Ok(Denoiser {
            network: self.network.build(vb)?,
            schedule: self.schedule.clone(),
            prediction_type: self.prediction_type,
            sample_shape: sample_shape.to_vec(),
        })
    }
}

/// A network with everything that sampling needs: the noise schedule, the
/// prediction type, and the shape of a sample.
///
/// ```
/// use candle_core::{Device, Tensor};
/// # use ddpm::Result;
/// use ddpm::math::{PredictionType, Schedule};
/// use ddpm::nn::{Denoiser, Network};
/// # struct Zero;
/// # impl Network for Zero {
/// #     fn forward(&self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
/// #         Ok(x.zeros_like()?)
/// #     }
/// # }
///
/// // The output is 0, and means x_0: all of x_t is noise.
/// let model = Denoiser {
///     network: Zero,
///     schedule: Schedule::from_betas(vec![0.36])?,
///     prediction_type: PredictionType::X0,
///     sample_shape: vec![1],
/// };
/// let x_t = Tensor::new(&[[0.6_f64]], &Device::Cpu)?;
/// let predicted = model.predict(&x_t, model.schedule.at(1)?, false)?;
/// assert_eq!(predicted.x_0.to_vec2::<f64>()?, [[0.0]]);
/// assert!((predicted.epsilon.to_vec2::<f64>()?[0][0] - 1.0).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Denoiser<N> {
    /// The network.
    pub network: N,
    /// The schedule of the forward process.
    pub schedule: Schedule,
    /// The quantity that the network predicts.
    pub prediction_type: PredictionType,
    /// The shape of one sample, without the batch: `[2]` for points,
    /// `[1, 28, 28]` for grey images.
    pub sample_shape: Vec<usize>,
}

/// The predictions of a [`Denoiser`] from `x_t`: the clean data and the noise,
/// each of the shape of `x_t`.
#[derive(Clone, Debug)]
pub struct ModelPrediction {
    /// The prediction of `x_0`.
    pub x_0: Tensor,
    /// The prediction of `ε`.
    pub epsilon: Tensor,
}

impl<N: Network> Denoiser<N> {
    /// Predicts `x_0` and `ε` from a batch `x_t` `(B, …)` at one timestep. With
    /// `clip_sample`, `x_0` is clipped to [-1, 1], and `ε` is computed from the
    /// clipped `x_0`.
    ///
    /// Equation: eq-x0-from-epsilon, eq-x0-from-v, eq-epsilon-from-x0
    ///
    /// # Errors
    /// If the network refuses the input, or the device fails.
    ///
    /// ```
    /// use candle_core::{Device, Tensor};
    /// # use ddpm::Result;
    /// use ddpm::math::{PredictionType, Schedule};
    /// use ddpm::nn::{Denoiser, Network};
    /// # struct Zero;
    /// # impl Network for Zero {
    /// #     fn forward(&self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
    /// #         Ok(x.zeros_like()?)
    /// #     }
    /// # }
    ///
    /// // The output is 0, and means ε: x_t = 1.6 = 0.8 x_0 gives an x_0 of 2.
    /// let model = Denoiser {
    ///     network: Zero,
    ///     schedule: Schedule::from_betas(vec![0.36])?,
    ///     prediction_type: PredictionType::Epsilon,
    ///     sample_shape: vec![],
    /// };
    /// let x_t = Tensor::new(&[1.6], &Device::Cpu)?;
    /// let predicted = model.predict(&x_t, model.schedule.at(1)?, true)?;
    /// // Clipped, x_0 is 1, and what is left of x_t is noise.
    /// assert_eq!(predicted.x_0.to_vec1::<f64>()?, [1.0]);
    /// let epsilon = predicted.epsilon.to_vec1::<f64>()?[0];
    /// assert!((epsilon - (1.6 - 0.8) / 0.6).abs() < 1e-12);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn predict(
        &self,
        x_t: &Tensor,
        at: Timestep,
        clip_sample: bool,
    ) -> Result<ModelPrediction> {
        let count = x_t.dims().first().copied().unwrap_or(0);
        let got = format_args!("{:?}", x_t.dims());
        Error::require(count > 0, "x_t", "a batch (B, …) with B ≥ 1", got)?;
        let t = Tensor::full(at.t() as f32, count, x_t.device())?;
        let output = self.network.infer(x_t, &t.to_dtype(x_t.dtype())?)?;
        check_output(x_t, &output)?;
        let c = self.prediction_type.x_0(at);
        let x_0 = linear_combination(c.x_t, x_t, c.output, &output)?;
        if !clip_sample {
            let c = self.prediction_type.epsilon(at);
            let epsilon = linear_combination(c.x_t, x_t, c.output, &output)?;
            return Ok(ModelPrediction { x_0, epsilon });
        }
        let x_0 = x_0.clamp(-1.0, 1.0)?;
        let c = parameterization::epsilon_from_x_0(at);
        let epsilon = linear_combination(c.x_0, &x_0, c.x_t, x_t)?;
        Ok(ModelPrediction { x_0, epsilon })
    }
}
