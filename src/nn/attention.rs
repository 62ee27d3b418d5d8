//! Self-attention over the pixels of an image.
//!
//! Every pixel asks every other: `softmax(q kᵀ / √d) v`, with queries, keys
//! and values linear in the normalised input. A convolution sees its
//! neighbours; this sees the whole image, and is cheap where that is small.

use super::layers::{GroupNorm, Start, linear, linear_from};
use candle_core::{D, Module, Result, Tensor};
use candle_nn::{Linear, VarBuilder};

/// Multi-head self-attention with a residual connection; it starts as the
/// identity.
#[derive(Clone, Debug)]
pub(super) struct Attention {
    heads: usize,
    norm: GroupNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
}

impl Attention {
    pub(super) fn new(
        channels: usize,
        heads: usize,
        groups: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let project = |name| linear(channels, channels, &vb.pp(name));
        Ok(Self {
            heads,
            norm: GroupNorm::new(channels, groups, &vb.pp("norm"))?,
            query: project("query")?,
            key: project("key")?,
            value: project("value")?,
            out: linear_from(Start::Zero, channels, channels, &vb.pp("out"))?,
        })
    }

    /// `(B, C, H, W)` to the same shape.
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, channels, height, width) = x.dims4()?;
        let pixels = height * width;
        let size = channels / self.heads;
        let tokens = self.norm.forward(x)?.flatten_from(2)?.transpose(1, 2)?;
        let tokens = tokens.contiguous()?; // (B, N, C), N = H W
        let split = |layer: &Linear| -> Result<Tensor> {
            layer
                .forward(&tokens)?
                .reshape((batch, pixels, self.heads, size))?
                .transpose(1, 2)? // (B, heads, N, size)
                .contiguous()
        };
        let (q, k, v) =
            (split(&self.query)?, split(&self.key)?, split(&self.value)?);
        let scores = (q.matmul(&k.t()?)? / (size as f64).sqrt())?;
        // Not `softmax_last_dim`: it has no backward, and says nothing.
        let weights = candle_nn::ops::softmax(&scores, D::Minus1)?;
        let mixed = weights
            .matmul(&v)? // (B, heads, N, size)
            .transpose(1, 2)?
            .reshape((batch, pixels, channels))?;
        let out = self.out.forward(&mixed)?; // (B, N, C)
        x + out.transpose(1, 2)?.reshape(x.shape())?
    }
}
