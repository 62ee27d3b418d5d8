//! An MLP: a small network for points.

use super::init::Init;
use super::linear::Linear;
use super::network::{Network, NetworkConfig, check_input};
use super::timestep_embedding::TimestepEmbedding;
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};
use candle_fused::{add, silu};
use candle_nn::VarBuilder;
use serde::{Deserialize, Serialize};

/// The sizes of an [`Mlp`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MlpConfig {
    /// Coordinates of a point.
    pub dim: usize,
    /// Units of each hidden layer; even.
    pub width: usize,
    /// Hidden layers.
    pub layers: usize,
}

/// A residual MLP, conditioned on the timestep: each hidden layer computes
/// `h ← h + SiLU(W h + b + temb)`.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Mlp, MlpConfig, Network, Parameters};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let config = MlpConfig { dim: 2, width: 16, layers: 1 };
/// let mlp = Mlp::new(&config, &parameters.builder())?;
/// // The same point at two timesteps.
/// let x_t = Tensor::ones((2, 2), DType::F32, &Device::Cpu)?;
/// let t = Tensor::new(&[1_f32, 100.0], &Device::Cpu)?;
/// let output = mlp.forward(&x_t, &t)?.to_vec2::<f32>()?;
/// assert_ne!(output[0], output[1]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mlp {
    dim: usize,
    time_embedding: TimestepEmbedding,
    linear_in: Linear,
    hidden: Vec<Linear>,
    linear_out: Linear,
}

impl Mlp {
    /// Creates an MLP with parameters from `vb`.
    ///
    /// # Errors
    /// If `width` is odd or 0, or `dim` is 0.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Mlp, MlpConfig, Network, Parameters};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// let config = MlpConfig { dim: 2, width: 64, layers: 3 };
    /// let mlp = Mlp::new(&config, &parameters.builder())?;
    /// let x_t = Tensor::zeros((5, 2), DType::F32, &Device::Cpu)?;
    /// let t = Tensor::ones(5, DType::F32, &Device::Cpu)?;
    /// assert_eq!(mlp.forward(&x_t, &t)?.dims(), [5, 2]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(config: &MlpConfig, vb: &VarBuilder) -> Result<Self> {
        let MlpConfig { dim, width, layers } = *config;
        Error::require(dim > 0, "dim", "at least 1", dim)?;
        // As many sines and cosines of the timestep.
        let even = width > 0 && width.is_multiple_of(2);
        Error::require(even, "width", "even and positive", width)?;
        let linear = |in_dim, out_dim, name: &str| {
            Linear::new(in_dim, out_dim, Init::FanIn, &vb.pp(name))
        };
        let time_vb = vb.pp("time_embedding");
        let time_embedding = TimestepEmbedding::new(width, width, &time_vb)?;
        let linear_in = linear(dim, width, "linear_in")?;
        let hidden = |i| linear(width, width, &format!("hidden.{i}"));
        let hidden = (0..layers).map(hidden).collect::<Result<_, _>>()?;
        let linear_out = linear(width, dim, "linear_out")?;
        Ok(Self { dim, time_embedding, linear_in, hidden, linear_out })
    }
}

impl Network for Mlp {
    /// `x_t` is `(B, dim)`.
    fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        check_input(x_t, &[Some(self.dim)], t, self.dtype())?;
        let temb = self.time_embedding.forward(t)?; // (B, width)
        let h = self.linear_in.forward(x_t)?; // (B, width)
        let mut h = silu(&add(&h, &temb)?)?; // (B, width)
        for layer in &self.hidden {
            let update = add(&layer.forward(&h)?, &temb)?; // (B, width)
            h = add(&h, &silu(&update)?)?; // (B, width)
        }
        Ok(self.linear_out.forward(&h)?) // (B, dim)
    }

    fn device(&self) -> Device {
        self.linear_in.weight.device().clone()
    }

    fn dtype(&self) -> DType {
        self.linear_in.weight.dtype()
    }
}

impl NetworkConfig for MlpConfig {
    const KIND: &'static str = "mlp";
    type Network = Mlp;

    fn build(&self, vb: &VarBuilder) -> Result<Mlp> {
        Mlp::new(self, vb)
    }
}
