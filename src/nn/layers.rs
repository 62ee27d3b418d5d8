//! The layers that the networks are made of.
//!
//! Weights and biases start uniform within `±1/√fan_in`, as PyTorch has it;
//! or at zero, where a block is to begin as the identity.

use super::kernels;
use candle_core::{Result, Tensor};
use candle_nn::{Init, Linear, VarBuilder};

/// How the weights of a layer start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Start {
    /// Uniform within `±1/√fan_in`.
    Uniform,
    /// All zero: a block that ends in this layer adds nothing at first.
    Zero,
}

impl Start {
    fn init(self, fan_in: usize) -> Init {
        match self {
            Self::Uniform => {
                let bound = (fan_in as f64).sqrt().recip();
                Init::Uniform { lo: -bound, up: bound }
            }
            Self::Zero => Init::Const(0.0),
        }
    }
}

/// A linear layer with bias: `(…, inputs)` to `(…, outputs)`.
pub(super) fn linear(
    inputs: usize,
    outputs: usize,
    vb: &VarBuilder,
) -> Result<Linear> {
    linear_from(Start::Uniform, inputs, outputs, vb)
}

/// A linear layer that starts as told.
pub(super) fn linear_from(
    start: Start,
    inputs: usize,
    outputs: usize,
    vb: &VarBuilder,
) -> Result<Linear> {
    let init = start.init(inputs);
    let weight = vb.get_with_hints((outputs, inputs), "weight", init)?;
    let bias = vb.get_with_hints(outputs, "bias", init)?;
    Ok(Linear::new(weight, Some(bias)))
}

/// A convolution with an odd kernel, "same" padding and a bias.
#[derive(Clone, Debug)]
pub(super) struct Conv2d {
    weight: Tensor, // (C_out, C_in, k, k)
    bias: Tensor,   // (C_out)
    stride: usize,
}

impl Conv2d {
    /// `channels` are `(C_in, C_out)`.
    pub(super) fn new(
        start: Start,
        channels: (usize, usize),
        kernel: usize,
        stride: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let (c_in, c_out) = channels;
        let init = start.init(c_in * kernel * kernel);
        let shape = (c_out, c_in, kernel, kernel);
        let weight = vb.get_with_hints(shape, "weight", init)?;
        let bias = vb.get_with_hints(c_out, "bias", init)?;
        Ok(Self { weight, bias, stride })
    }

    /// `(B, C_in, H, W)` to `(B, C_out, ⌈H/stride⌉, ⌈W/stride⌉)`.
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let bias = self.bias.broadcast_left(x.dim(0)?)?; // (B, C_out)
        kernels::conv2d(x, &self.weight, &bias, self.stride)
    }

    /// The same with `shift` `(B, C_out)` added to every pixel.
    pub(super) fn forward_shifted(
        &self,
        x: &Tensor,
        shift: &Tensor,
    ) -> Result<Tensor> {
        let bias = shift.broadcast_add(&self.bias)?; // (B, C_out)
        kernels::conv2d(x, &self.weight, &bias, self.stride)
    }
}

/// Group normalisation: zero mean and unit variance over each group of
/// channels, then a scale and a shift for each channel.
#[derive(Clone, Debug)]
pub(super) struct GroupNorm {
    scale: Tensor, // (C)
    shift: Tensor, // (C)
    groups: usize,
}

/// Keeps the division finite where a group is constant.
const EPS: f64 = 1e-5;

impl GroupNorm {
    pub(super) fn new(
        channels: usize,
        groups: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let scale = vb.get_with_hints(channels, "scale", Init::Const(1.0))?;
        let shift = vb.get_with_hints(channels, "shift", Init::Const(0.0))?;
        Ok(Self { scale, shift, groups })
    }

    /// `(B, C, H, W)` to the same shape.
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        kernels::group_norm(x, &self.scale, &self.shift, self.groups, EPS)
    }

    /// The same, then SiLU.
    pub(super) fn forward_silu(&self, x: &Tensor) -> Result<Tensor> {
        kernels::group_norm_silu(x, &self.scale, &self.shift, self.groups, EPS)
    }
}
