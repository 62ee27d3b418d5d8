//! The attention block of the U-Net: self-attention over the pixels.
//!
//! A convolution sees a neighbourhood; attention sees the whole image. Its cost
//! grows with the square of the number of pixels, so it is used where the image
//! is small.

use super::group_norm::GroupNorm;
use super::init::Init;
use super::linear::Linear;
use super::unet_config::UNetConfig;
use candle_core::{Result, Tensor};
use candle_fused::{add, attention};
use candle_nn::VarBuilder;

/// `x + to_out(attention(to_q(h), to_k(h), to_v(h)))` with `h = group_norm(x)`;
/// it starts as the identity.
///
/// The gradient of attention is derived in `kernels/src/ops/attention.rs`.
#[derive(Clone, Debug)]
pub(super) struct AttentionBlock {
    group_norm: GroupNorm,
    to_q: Linear,
    to_k: Linear,
    to_v: Linear,
    to_out: Linear,
    heads: usize,
}

impl AttentionBlock {
    pub(super) fn new(
        config: &UNetConfig,
        channels: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let linear =
            |init, name| Linear::new(channels, channels, init, &vb.pp(name));
        let (groups, norm_vb) = (config.norm_num_groups, vb.pp("group_norm"));
        Ok(Self {
            group_norm: GroupNorm::new(groups, channels, &norm_vb)?,
            to_q: linear(Init::FanIn, "to_q")?,
            to_k: linear(Init::FanIn, "to_k")?,
            to_v: linear(Init::FanIn, "to_v")?,
            to_out: linear(Init::Zero, "to_out.0")?,
            heads: channels / config.attention_head_dim,
        })
    }

    /// Maps `(B, C, H, W)` to the same shape.
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let h = self.group_norm.forward(x)?; // (B, C, H, W)
        let q = self.to_q.conv1x1(&h)?; // (B, C, H, W)
        let k = self.to_k.conv1x1(&h)?; // (B, C, H, W)
        let v = self.to_v.conv1x1(&h)?; // (B, C, H, W)
        let h = attention(&q, &k, &v, self.heads)?; // (B, C, H, W)
        add(x, &self.to_out.conv1x1(&h)?) // (B, C, H, W)
    }
}
