//! The layers that the networks are made of.
//!
//! Weights and biases start uniform within `±1/√fan_in`, as PyTorch has it;
//! or at zero, where a block is to begin as the identity.

use super::kernels::{self, Value};
use candle_core::{Result, Tensor};
use candle_nn::{Init, VarBuilder};

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

/// A linear layer with bias.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    weight: Tensor, // (outputs, inputs)
    bias: Tensor,   // (outputs)
}

impl Linear {
    pub(super) fn new(
        start: Start,
        (inputs, outputs): (usize, usize),
        vb: &VarBuilder,
    ) -> Result<Self> {
        let init = start.init(inputs);
        let weight = vb.get_with_hints((outputs, inputs), "weight", init)?;
        let bias = vb.get_with_hints(outputs, "bias", init)?;
        Ok(Self { weight, bias })
    }

    /// `(B, inputs)` to `(B, outputs)`.
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        kernels::linear(x, &self.weight, &self.bias)
    }
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
    pub(super) fn forward<V: Value>(&self, x: &V) -> Result<V> {
        let batch = x.shape().dims4()?.0;
        let bias = self.bias.broadcast_left(batch)?; // (B, C_out)
        self.forward_biased(x, &bias)
    }

    /// The same with `shift` `(B, C_out)` added to every pixel.
    pub(super) fn forward_shifted<V: Value>(
        &self,
        x: &V,
        shift: &Tensor,
    ) -> Result<V> {
        let bias = shift.broadcast_add(&self.bias)?; // (B, C_out)
        self.forward_biased(x, &bias)
    }

    fn forward_biased<V: Value>(&self, x: &V, bias: &Tensor) -> Result<V> {
        let (weight, bias) = (x.beside(&self.weight)?, x.beside(bias)?);
        kernels::conv2d(x, &weight, &bias, self.stride)
    }
}

/// Linear layers at each pixel of `x`, their outputs as channels side by side:
/// a 1×1 convolution.
pub(super) fn at_each_pixel<V: Value>(layers: &[&Linear], x: &V) -> Result<V> {
    let weights: Vec<_> = layers.iter().map(|layer| &layer.weight).collect();
    let weight = Tensor::cat(&weights, 0)?; // (C_out, C_in)
    let biases: Vec<_> = layers.iter().map(|layer| &layer.bias).collect();
    let bias = Tensor::cat(&biases, 0)?; // (C_out)
    let weight = weight.unsqueeze(2)?.unsqueeze(3)?;
    let bias = bias.broadcast_left(x.shape().dims4()?.0)?;
    kernels::conv2d(x, &x.beside(&weight)?, &x.beside(&bias)?, 1)
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
    pub(super) fn forward<V: Value>(&self, x: &V) -> Result<V> {
        let (scale, shift) = (x.beside(&self.scale)?, x.beside(&self.shift)?);
        kernels::group_norm(x, &scale, &shift, self.groups, EPS)
    }

    /// The same, then SiLU.
    pub(super) fn forward_silu<V: Value>(&self, x: &V) -> Result<V> {
        let (scale, shift) = (x.beside(&self.scale)?, x.beside(&self.shift)?);
        kernels::group_norm_silu(x, &scale, &shift, self.groups, EPS)
    }
}
