//! The time as a vector.
//!
//! A single number `t` says little to a linear layer. Sines and cosines of it
//! at many frequencies, as for positions in a Transformer, let the network
//! tell neighbouring times apart and see far ones as far.

use super::layers::{Linear, Start};
use crate::{Error, Result};
use candle_core::{D, Device, Tensor};
use candle_nn::VarBuilder;

/// What a network is fed for the paper's `t`: `t - 1`, so that it sees
/// `0 … T-1`, as the published models do. The one place of this shift.
///
/// # Errors
/// If the device fails.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let t = Tensor::new(&[1.0, 1000.0], &Device::Cpu)?;
/// let seen = ddpm::nn::network_time(&t)?;
/// assert_eq!(seen.to_vec1::<f64>()?, [0.0, 999.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn network_time(t: &Tensor) -> Result<Tensor> {
    Ok((t - 1.0)?)
}

/// Sines and cosines of the time, and two linear layers.
///
/// # Formula
/// `e = (cos(ω_0 s), …, cos(ω_{h-1} s), sin(ω_0 s), …, sin(ω_{h-1} s))`, with
/// `s = t - 1` and `ω_i = 10000^{-i/h}`; then linear, SiLU, linear.
///
/// Source: Vaswani et al. 2017, section 3.5; Ho et al. 2020, appendix B.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Parameters, TimeEmbedding};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let time = TimeEmbedding::new(32, 64, &parameters.builder())?;
/// let t = Tensor::new(&[5_f32, 6.0], &Device::Cpu)?;
/// let vectors = time.forward(&t)?.to_vec2::<f32>()?;
/// assert_ne!(vectors[0], vectors[1]); // neighbours are told apart
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TimeEmbedding {
    frequencies: Tensor, // (1, width / 2)
    first: Linear,
    second: Linear,
}

impl TimeEmbedding {
    /// An embedding of `width` waves into `out` numbers.
    ///
    /// # Errors
    /// If `width` is odd or 0, or `out` is 0.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Parameters, TimeEmbedding};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// // A sine and a cosine for each frequency.
    /// assert!(TimeEmbedding::new(7, 64, &parameters.builder()).is_err());
    /// TimeEmbedding::new(8, 64, &parameters.builder())?;
    /// assert_eq!(parameters.count(), (8 + 1) * 64 + (64 + 1) * 64);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(width: usize, out: usize, vb: &VarBuilder) -> Result<Self> {
        if width == 0 || width % 2 == 1 {
            let expected = "even and positive";
            return Err(Error::argument("the time width", expected, width));
        }
        if out == 0 {
            return Err(Error::argument("out", "at least 1", 0));
        }
        let linear =
            |sizes, name| Linear::new(Start::Uniform, sizes, &vb.pp(name));
        let half = width / 2;
        let frequency = |i| 10000_f64.powf(-(i as f64) / half as f64);
        let frequencies: Vec<f64> = (0..half).map(frequency).collect();
        // Rounded on the CPU: Metal knows no f64.
        let frequencies =
            Tensor::from_vec(frequencies, (1, half), &Device::Cpu)?
                .to_dtype(vb.dtype())?
                .to_device(vb.device())?;
        Ok(Self {
            frequencies,
            first: linear((width, out), "first")?,
            second: linear((out, out), "second")?,
        })
    }

    /// The paper's `t` `(B)` to `(B, out)`.
    ///
    /// # Errors
    /// If the shape is wrong or the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Parameters, TimeEmbedding};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// let time = TimeEmbedding::new(32, 64, &parameters.builder())?;
    /// let t = Tensor::new(&[1_f32, 500.0, 1000.0], &Device::Cpu)?;
    /// assert_eq!(time.forward(&t)?.dims(), [3, 64]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn forward(&self, t: &Tensor) -> Result<Tensor> {
        let angles = network_time(t)?
            .unsqueeze(1)? // (B, 1)
            .broadcast_mul(&self.frequencies)?; // (B, width / 2)
        let waves = Tensor::cat(&[angles.cos()?, angles.sin()?], D::Minus1)?;
        let hidden = self.first.forward(&waves)?.silu()?;
        Ok(self.second.forward(&hidden)?)
    }
}
