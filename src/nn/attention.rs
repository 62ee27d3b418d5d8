//! Self-attention over the pixels of an image.
//!
//! Every pixel asks every other: `softmax(q kᵀ / √d) v`, with queries, keys
//! and values linear in the normalised input. A convolution sees its
//! neighbours; this sees the whole image, and is cheap where that is small.

use super::kernels::{self, Value};
use super::layers::{GroupNorm, Linear, Start, at_each_pixel};
use candle_core::Result;
use candle_nn::VarBuilder;

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
        let project = |start, name| {
            Linear::new(start, (channels, channels), &vb.pp(name))
        };
        Ok(Self {
            heads,
            norm: GroupNorm::new(channels, groups, &vb.pp("norm"))?,
            query: project(Start::Uniform, "query")?,
            key: project(Start::Uniform, "key")?,
            value: project(Start::Uniform, "value")?,
            out: project(Start::Zero, "out")?,
        })
    }

    /// `(B, C, H, W)` to the same shape.
    pub(super) fn forward<V: Value>(&self, x: &V) -> Result<V> {
        let normed = self.norm.forward(x)?;
        let qkv = [&self.query, &self.key, &self.value];
        let qkv = at_each_pixel(&qkv, &normed)?; // (B, 3C, H, W)
        let mixed = kernels::attention(&qkv, self.heads)?; // (B, C, H, W)
        kernels::add(x, &at_each_pixel(&[&self.out], &mixed)?)
    }
}
