//! A small classifier of digits, to judge samples by.

use super::layers::{Conv2d, GroupNorm, Start, linear};
use crate::{Error, Result};
use candle_core::{Module, Tensor};
use candle_nn::{Linear, VarBuilder};

/// Convolutions at three sizes, then a linear layer: `(B, 1, 28, 28)` to the
/// logits `(B, 10)`.
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
    pub fn new(vb: &VarBuilder) -> Result<Self> {
        let mut stages = vec![];
        let sizes = [(1, 16), (16, 32), (32, 64)];
        for (i, channels) in sizes.into_iter().enumerate() {
            let vb = vb.pp(format!("stage.{i}"));
            stages.push((
                Conv2d::new(Start::Uniform, channels, 3, 2, &vb.pp("conv"))?,
                GroupNorm::new(channels.1, 8, &vb.pp("norm"))?,
            ));
        }
        // 28 -> 14 -> 7 -> 4
        let out = linear(64 * 4 * 4, 10, &vb.pp("out"))?;
        Ok(Self { stages, out })
    }

    /// The logits of each of the ten digits.
    ///
    /// # Errors
    /// If `images` is not `(B, 1, 28, 28)`, or the device fails.
    pub fn forward(&self, images: &Tensor) -> Result<Tensor> {
        if images.rank() != 4 || images.dims()[1..] != [1, 28, 28] {
            let (expected, got) = ("(B, 1, 28, 28)", images.dims());
            return Err(Error::argument(
                "images",
                expected,
                format!("{got:?}"),
            ));
        }
        let mut h = images.clone();
        for (conv, norm) in &self.stages {
            h = norm.forward_silu(&conv.forward(&h)?)?;
        }
        Ok(self.out.forward(&h.flatten_from(1)?)?)
    }
}
