//! A small classifier of digits, to judge samples by.

use super::conv2d::{Conv2d, Conv2dConfig};
use super::group_norm::GroupNorm;
use super::init::Init;
use super::linear::Linear;
use crate::{Error, Result};
use candle_core::Tensor;
use candle_fused::with_tape;
use candle_nn::VarBuilder;

/// Convolutions at three sizes, then a linear layer: `(B, 1, 28, 28)` to the
/// logits `(B, 10)`.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Classifier, Parameters};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let judge = Classifier::new(&parameters.builder())?;
/// let images = Tensor::zeros((2, 1, 28, 28), DType::F32, &Device::Cpu)?;
/// let digits = judge.forward(&images)?.argmax(1)?.to_vec1::<u32>()?;
/// assert!(digits.iter().all(|&digit| digit < 10));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Classifier {
    stages: Vec<(Conv2d, GroupNorm)>,
    out: Linear,
}

impl Classifier {
    /// A classifier with parameters of its own.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Classifier, Parameters};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// Classifier::new(&parameters.builder())?;
    /// assert_eq!(parameters.count(), 33_770);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(vb: &VarBuilder) -> Result<Self> {
        let mut stages = vec![];
        let sizes = [(1, 16), (16, 32), (32, 64)];
        let config = Conv2dConfig { stride: 2, ..Conv2dConfig::default() };
        for (i, (c_in, c_out)) in sizes.into_iter().enumerate() {
            let vb = vb.pp(format!("stage.{i}"));
            stages.push((
                Conv2d::new(c_in, c_out, config, &vb.pp("conv"))?,
                GroupNorm::new(8, c_out, &vb.pp("norm"))?,
            ));
        }
        // 28 -> 14 -> 7 -> 4
        let out = Linear::new(64 * 4 * 4, 10, Init::FanIn, &vb.pp("out"))?;
        Ok(Self { stages, out })
    }

    /// The logits of each of the ten digits.
    ///
    /// # Errors
    /// If `images` is not `(B, 1, 28, 28)`, or the device fails.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Classifier, Parameters};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// let judge = Classifier::new(&parameters.builder())?;
    /// let images = Tensor::zeros((2, 1, 28, 28), DType::F32, &Device::Cpu)?;
    /// assert_eq!(judge.forward(&images)?.dims(), [2, 10]);
    /// let small = Tensor::zeros((2, 1, 8, 8), DType::F32, &Device::Cpu)?;
    /// assert!(judge.forward(&small).is_err());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn forward(&self, images: &Tensor) -> Result<Tensor> {
        if images.rank() != 4 || images.dims()[1..] != [1, 28, 28] {
            let (expected, got) = ("(B, 1, 28, 28)", images.dims());
            return Err(Error::argument(
                "images",
                expected,
                format!("{got:?}"),
            ));
        }
        let features = with_tape(|| {
            let mut h = images.clone();
            for (conv, norm) in &self.stages {
                h = norm.forward_silu(&conv.forward(&h)?)?;
            }
            Ok(h) // (B, 64, 4, 4)
        })?;
        Ok(self.out.forward(&features.flatten_from(1)?)?)
    }
}
