//! A linear layer.

use super::init::Init;
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// `y = x Wᵀ + b`.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    pub(crate) weight: Tensor, // (O, I)
    bias: Tensor,              // (O)
}

impl Linear {
    pub(crate) fn new(
        in_dim: usize,
        out_dim: usize,
        init: Init,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let init = init.with_fan_in(in_dim);
        let weight = vb.get_with_hints((out_dim, in_dim), "weight", init)?;
        let bias = vb.get_with_hints(out_dim, "bias", init)?;
        Ok(Self { weight, bias })
    }

    /// Applies the layer to each row: `(B, I)` to `(B, O)`.
    pub(crate) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        candle_fused::linear(x, &self.weight, &self.bias)
    }

    /// Applies the layer to the channels of each pixel: `(B, I, H, W)` to
    /// `(B, O, H, W)`.
    pub(crate) fn conv1x1(&self, x: &Tensor) -> Result<Tensor> {
        candle_fused::conv2d(x, &self.weight, &self.bias, 1)
    }
}
