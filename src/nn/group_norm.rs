//! Group normalisation.

use candle_core::{Result, Tensor};
use candle_nn::{Init, VarBuilder};

/// Normalises each group of channels to mean 0 and variance 1, then scales by
/// `weight` and adds `bias` for each channel.
#[derive(Clone, Debug)]
pub(crate) struct GroupNorm {
    weight: Tensor, // (C)
    bias: Tensor,   // (C)
    num_groups: usize,
}

/// Keeps the division finite where all values of a group are equal.
const EPS: f64 = 1e-5;

impl GroupNorm {
    pub(crate) fn new(
        num_groups: usize,
        num_channels: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let weight =
            vb.get_with_hints(num_channels, "weight", Init::Const(1.0))?;
        let bias = vb.get_with_hints(num_channels, "bias", Init::Const(0.0))?;
        Ok(Self { weight, bias, num_groups })
    }

    /// Maps `(B, C, H, W)` to the same shape.
    pub(crate) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let Self { weight, bias, num_groups } = self;
        candle_fused::group_norm(x, weight, bias, *num_groups, EPS)
    }

    /// Applies group normalisation, then SiLU: `(B, C, H, W)` to the same shape.
    pub(crate) fn forward_silu(&self, x: &Tensor) -> Result<Tensor> {
        let Self { weight, bias, num_groups } = self;
        candle_fused::group_norm_silu(x, weight, bias, *num_groups, EPS)
    }
}
