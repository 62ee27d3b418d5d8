//! The residual block of the U-Net, conditioned on the timestep.

use super::conv2d::{Conv2d, Conv2dConfig};
use super::group_norm::GroupNorm;
use super::init::Init;
use super::linear::Linear;
use super::unet_config::UNetConfig;
use candle_core::{Result, Tensor};
use candle_fused::add;
use candle_nn::VarBuilder;

/// `x + conv2(silu(norm2(conv1(silu(norm1(x))) + proj(temb))))`. Where the
/// number of channels changes, a 1×1 convolution of `x` replaces `x`.
#[derive(Clone, Debug)]
pub(super) struct ResidualBlock {
    norm1: GroupNorm,
    conv1: Conv2d,
    time_emb_proj: Linear,
    norm2: GroupNorm,
    conv2: Conv2d,
    conv_shortcut: Option<Conv2d>,
}

impl ResidualBlock {
    pub(super) fn new(
        config: &UNetConfig,
        in_channels: usize,
        out_channels: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let conv = |in_channels, config, name| {
            Conv2d::new(in_channels, out_channels, config, &vb.pp(name))
        };
        let k3 = Conv2dConfig::default();
        let k3_zero = Conv2dConfig { init: Init::Zero, ..k3 };
        let k1 = Conv2dConfig { kernel_size: 1, ..k3 };
        let linear = |in_dim, name| {
            Linear::new(in_dim, out_channels, Init::FanIn, &vb.pp(name))
        };
        let norm = |channels, name| {
            GroupNorm::new(config.norm_num_groups, channels, &vb.pp(name))
        };
        Ok(Self {
            norm1: norm(in_channels, "norm1")?,
            conv1: conv(in_channels, k3, "conv1")?,
            time_emb_proj: linear(config.temb_dim(), "time_emb_proj")?,
            norm2: norm(out_channels, "norm2")?,
            conv2: conv(out_channels, k3_zero, "conv2")?,
            conv_shortcut: (in_channels != out_channels)
                .then(|| conv(in_channels, k1, "conv_shortcut"))
                .transpose()?,
        })
    }

    /// Maps `x` `(B, C_in, H, W)` and `temb` `(B, temb_dim)` to `(B, C_out, H, W)`.
    pub(super) fn forward(&self, x: &Tensor, temb: &Tensor) -> Result<Tensor> {
        let temb = self.time_emb_proj.forward(temb)?; // (B, C_out)
        let h = self.norm1.forward_silu(x)?; // (B, C_in, H, W)
        let h = self.conv1.forward_with_bias(&h, &temb)?; // (B, C_out, H, W)
        let h = self.norm2.forward_silu(&h)?; // (B, C_out, H, W)
        let h = self.conv2.forward(&h)?; // (B, C_out, H, W)
        match &self.conv_shortcut {
            Some(conv) => add(&conv.forward(x)?, &h), // (B, C_out, H, W)
            None => add(x, &h),
        }
    }
}
