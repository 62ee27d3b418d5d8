//! A residual block that is told the time.

use super::kernels::{Value, add};
use super::layers::{Conv2d, GroupNorm, Linear, Start};
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// `x + conv(norm_silu(conv(norm_silu(x)) + time))`; where the number of
/// channels changes, a 1×1 convolution of `x` stands for `x`.
#[derive(Clone, Debug)]
pub(super) struct Residual {
    norm_1: GroupNorm,
    conv_1: Conv2d,
    time: Linear,
    norm_2: GroupNorm,
    conv_2: Conv2d,
    skip: Option<Conv2d>,
}

impl Residual {
    /// `channels` are `(C_in, C_out)`, `time` the width of the embedded time.
    pub(super) fn new(
        channels: (usize, usize),
        time: usize,
        groups: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let (c_in, c_out) = channels;
        let skip = (c_in != c_out).then(|| {
            Conv2d::new(Start::Uniform, channels, 1, 1, &vb.pp("skip"))
        });
        Ok(Self {
            norm_1: GroupNorm::new(c_in, groups, &vb.pp("norm_1"))?,
            conv_1: Conv2d::new(
                Start::Uniform,
                channels,
                3,
                1,
                &vb.pp("conv_1"),
            )?,
            time: Linear::new(Start::Uniform, (time, c_out), &vb.pp("time"))?,
            norm_2: GroupNorm::new(c_out, groups, &vb.pp("norm_2"))?,
            conv_2: Conv2d::new(
                Start::Zero,
                (c_out, c_out),
                3,
                1,
                &vb.pp("conv_2"),
            )?,
            skip: skip.transpose()?,
        })
    }

    /// `x` `(B, C_in, H, W)` and `time` `(B, time)` to `(B, C_out, H, W)`.
    pub(super) fn forward<V: Value>(&self, x: &V, time: &Tensor) -> Result<V> {
        let time = self.time.forward(time)?; // (B, C_out)
        let h = self.norm_1.forward_silu(x)?;
        let h = self.conv_1.forward_shifted(&h, &time)?;
        let h = self.conv_2.forward(&self.norm_2.forward_silu(&h)?)?;
        match &self.skip {
            Some(skip) => add(&skip.forward(x)?, &h),
            None => add(x, &h),
        }
    }
}
