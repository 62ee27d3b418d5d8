//! The timestep embedding: the timestep as a vector.
//!
//! A linear layer can do little with a single number `t`. Sines and cosines of
//! `t` at many frequencies, as Transformers use for positions, give close
//! timesteps close vectors and distant timesteps distant vectors.

use super::init::Init;
use super::linear::Linear;
use crate::{Error, Result};
use candle_core::{D, Device, Tensor};
use candle_fused::silu;
use candle_nn::VarBuilder;

/// Returns the network's timestep `t - 1` for the paper's timestep `t`, so that
/// a network sees `0 … T-1`, as published models do. The library shifts
/// timesteps in this function alone.
///
/// # Errors
/// If the device fails.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let t = Tensor::new(&[1.0, 1000.0], &Device::Cpu)?;
/// let seen = ddpm::nn::network_timestep(&t)?;
/// assert_eq!(seen.to_vec1::<f64>()?, [0.0, 999.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn network_timestep(t: &Tensor) -> candle_core::Result<Tensor> {
    t - 1.0
}

/// A sinusoidal embedding of the timestep, followed by two linear layers.
///
/// # Formula
/// `e = (cos(ω_0 s), …, cos(ω_{h-1} s), sin(ω_0 s), …, sin(ω_{h-1} s))`, with
/// `s = t - 1`, `h = sinusoids / 2` and `ω_i = 10000^{-i/h}`; then linear, SiLU,
/// linear.
///
/// Source: Vaswani et al. 2017, section 3.5, which interleaves sines and cosines; the
/// order here is the one of the code of Dhariwal and Nichol 2021.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Parameters, TimestepEmbedding};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let embedding = TimestepEmbedding::new(32, 64, &parameters.builder())?;
/// let t = Tensor::new(&[5_f32, 6.0], &Device::Cpu)?;
/// let vectors = embedding.forward(&t)?.to_vec2::<f32>()?;
/// assert_ne!(vectors[0], vectors[1]); // even neighbours differ
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TimestepEmbedding {
    frequencies: Tensor, // (1, sinusoids / 2)
    linear_1: Linear,
    linear_2: Linear,
}

impl TimestepEmbedding {
    /// Creates an embedding of `sinusoids` sines and cosines into vectors of
    /// `temb_dim` values.
    ///
    /// # Errors
    /// If `sinusoids` is odd or 0, or `temb_dim` is 0.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Parameters, TimestepEmbedding};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// // Each frequency has a sine and a cosine.
    /// assert!(TimestepEmbedding::new(7, 64, &parameters.builder()).is_err());
    /// TimestepEmbedding::new(8, 64, &parameters.builder())?;
    /// assert_eq!(parameters.count(), (8 + 1) * 64 + (64 + 1) * 64);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(
        sinusoids: usize,
        temb_dim: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let ok = sinusoids > 0 && sinusoids.is_multiple_of(2);
        Error::require(ok, "sinusoids", "even and positive", sinusoids)?;
        Error::require(temb_dim > 0, "temb_dim", "at least 1", temb_dim)?;
        let half = sinusoids / 2;
        let frequency = |i| 10000_f64.powf(-(i as f64) / half as f64);
        let frequencies: Vec<f64> = (0..half).map(frequency).collect();
        // Rounded to the network's type on the CPU: Metal has no f64.
        let frequencies =
            Tensor::from_vec(frequencies, (1, half), &Device::Cpu)?
                .to_dtype(vb.dtype())?
                .to_device(vb.device())?;
        let linear = |in_dim, name| {
            Linear::new(in_dim, temb_dim, Init::FanIn, &vb.pp(name))
        };
        Ok(Self {
            frequencies,
            linear_1: linear(sinusoids, "linear_1")?,
            linear_2: linear(temb_dim, "linear_2")?,
        })
    }

    /// Embeds the paper's timesteps `t` `(B)`: `(B, temb_dim)`.
    ///
    /// # Errors
    /// If the shape is wrong or the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Parameters, TimestepEmbedding};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// let embedding = TimestepEmbedding::new(32, 64, &parameters.builder())?;
    /// let t = Tensor::new(&[1_f32, 500.0, 1000.0], &Device::Cpu)?;
    /// assert_eq!(embedding.forward(&t)?.dims(), [3, 64]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn forward(&self, t: &Tensor) -> candle_core::Result<Tensor> {
        let angles = network_timestep(t)?
            .unsqueeze(1)? // (B, 1)
            .broadcast_mul(&self.frequencies)?; // (B, sinusoids / 2)
        let e = Tensor::cat(&[angles.cos()?, angles.sin()?], D::Minus1)?;
        let h = silu(&self.linear_1.forward(&e)?)?; // (B, temb_dim)
        self.linear_2.forward(&h) // (B, temb_dim)
    }
}
