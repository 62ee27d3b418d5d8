//! A small network for points in the plane.

use super::embedding::TimeEmbedding;
use super::layers::{Linear, Start};
use super::{Network, denoiser::check_input};
use crate::{Error, Result};
use candle_core::Tensor;
use candle_nn::VarBuilder;

/// Residual layers, each told the time: `h ← h + SiLU(W h + b + time)`.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Mlp, Network, Parameters};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let mlp = Mlp::new(2, 16, 1, &parameters.builder())?;
/// // The same point at two times.
/// let x_t = Tensor::ones((2, 2), DType::F32, &Device::Cpu)?;
/// let t = Tensor::new(&[1_f32, 100.0], &Device::Cpu)?;
/// let output = mlp.forward(&x_t, &t)?.to_vec2::<f32>()?;
/// assert_ne!(output[0], output[1]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mlp {
    dimensions: usize,
    time: TimeEmbedding,
    first: Linear,
    hidden: Vec<Linear>,
    out: Linear,
}

impl Mlp {
    /// A network on points of `dimensions` numbers, with `layers` hidden
    /// layers of `width` units.
    ///
    /// # Errors
    /// If `width` is odd or 0, or there are no `dimensions`.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Mlp, Network, Parameters};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// let mlp = Mlp::new(2, 64, 3, &parameters.builder())?;
    /// let x_t = Tensor::zeros((5, 2), DType::F32, &Device::Cpu)?;
    /// let t = Tensor::ones(5, DType::F32, &Device::Cpu)?;
    /// assert_eq!(mlp.forward(&x_t, &t)?.dims(), [5, 2]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(
        dimensions: usize,
        width: usize,
        layers: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        if dimensions == 0 {
            return Err(Error::argument("dimensions", "at least 1", 0));
        }
        let linear = |sizes, name: &str| {
            Linear::new(Start::Uniform, sizes, &vb.pp(name))
        };
        let mut hidden = vec![];
        for i in 0..layers {
            hidden.push(linear((width, width), &format!("hidden.{i}"))?);
        }
        Ok(Self {
            dimensions,
            time: TimeEmbedding::new(width, width, &vb.pp("time"))?,
            first: linear((dimensions, width), "first")?,
            hidden,
            out: linear((width, dimensions), "out")?,
        })
    }
}

impl Network for Mlp {
    fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        check_input(x_t, &[self.dimensions], t)?;
        let time = self.time.forward(t)?; // (B, width)
        let mut h = (self.first.forward(x_t)? + &time)?.silu()?;
        for layer in &self.hidden {
            h = (&h + (layer.forward(&h)? + &time)?.silu()?)?;
        }
        Ok(self.out.forward(&h)?) // (B, dimensions)
    }
}
