//! A 2-D convolution.

use super::init::Init;
use candle_core::{Result, Tensor};
use candle_fused::add_bias;
use candle_nn::VarBuilder;

/// The options of a [`Conv2d`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conv2dConfig {
    /// Height and width of the kernel, odd.
    pub(crate) kernel_size: usize,
    pub(crate) stride: usize,
    pub(crate) init: Init,
}

impl Default for Conv2dConfig {
    fn default() -> Self {
        Self { kernel_size: 3, stride: 1, init: Init::FanIn }
    }
}

/// A convolution with "same" padding.
#[derive(Clone, Debug)]
pub(crate) struct Conv2d {
    pub(crate) weight: Tensor, // (C_out, C_in, k, k)
    bias: Tensor,              // (C_out)
    stride: usize,
}

impl Conv2d {
    pub(crate) fn new(
        in_channels: usize,
        out_channels: usize,
        config: Conv2dConfig,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let Conv2dConfig { kernel_size: k, stride, init } = config;
        let init = init.with_fan_in(in_channels * k * k);
        let shape = (out_channels, in_channels, k, k);
        let weight = vb.get_with_hints(shape, "weight", init)?;
        let bias = vb.get_with_hints(out_channels, "bias", init)?;
        Ok(Self { weight, bias, stride })
    }

    /// Maps `(B, C_in, H, W)` to `(B, C_out, ⌈H/stride⌉, ⌈W/stride⌉)`.
    pub(crate) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        candle_fused::conv2d(x, &self.weight, &self.bias, self.stride)
    }

    /// Applies the convolution, and adds `bias` `(B, C_out)` to every pixel of each
    /// image.
    pub(crate) fn forward_with_bias(
        &self,
        x: &Tensor,
        bias: &Tensor,
    ) -> Result<Tensor> {
        let bias = add_bias(bias, &self.bias)?; // (B, C_out)
        candle_fused::conv2d(x, &self.weight, &bias, self.stride)
    }
}
