//! The levels of the U-Net: down, middle, up.

use super::attention_block::AttentionBlock;
use super::conv2d::{Conv2d, Conv2dConfig};
use super::residual_block::ResidualBlock;
use super::unet_config::UNetConfig;
use candle_core::{Result, Tensor};
use candle_fused::{concat, upsample_2x};
use candle_nn::VarBuilder;

/// A residual block, with attention after it at the lowest level.
#[derive(Clone, Debug)]
struct ResidualAttention {
    residual: ResidualBlock,
    attention: Option<AttentionBlock>,
}

impl ResidualAttention {
    /// Creates layer number `index` of a level.
    fn new(
        config: &UNetConfig,
        level: usize,
        index: usize,
        in_channels: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let c = config.block_out_channels[level];
        let resnet = vb.pp(format!("resnets.{index}"));
        let residual = ResidualBlock::new(config, in_channels, c, &resnet)?;
        let vb = vb.pp(format!("attentions.{index}"));
        let attention = config
            .is_lowest(level)
            .then(|| AttentionBlock::new(config, c, &vb))
            .transpose()?;
        Ok(Self { residual, attention })
    }

    fn forward(&self, h: &Tensor, temb: &Tensor) -> Result<Tensor> {
        let h = self.residual.forward(h, temb)?; // (B, C_out, H, W)
        match &self.attention {
            Some(attention) => attention.forward(&h), // (B, C_out, H, W)
            None => Ok(h),
        }
    }
}

/// A level of the down path. All but the lowest end with a convolution with stride
/// 2, which halves the image.
#[derive(Clone, Debug)]
pub(super) struct DownBlock {
    layers: Vec<ResidualAttention>,
    downsampler: Option<Conv2d>,
}

impl DownBlock {
    pub(super) fn new(
        config: &UNetConfig,
        level: usize,
        in_channels: usize,
        vb: &VarBuilder,
    ) -> Result<Self> {
        let c = config.block_out_channels[level];
        let layer = |i| {
            let c_in = if i == 0 { in_channels } else { c };
            ResidualAttention::new(config, level, i, c_in, vb)
        };
        let layers = (0..config.layers_per_block).map(layer);
        let conv = Conv2dConfig { stride: 2, ..Conv2dConfig::default() };
        let conv_vb = vb.pp("downsamplers.0.conv");
        Ok(Self {
            layers: layers.collect::<Result<_>>()?,
            downsampler: (!config.is_lowest(level))
                .then(|| Conv2d::new(c, c, conv, &conv_vb))
                .transpose()?,
        })
    }

    /// Maps `(B, C_in, H, W)` to `(B, C_out, H/2, W/2)`, or `(B, C_out, H, W)` at the
    /// lowest level. Adds the result of each layer to `skips`.
    pub(super) fn forward(
        &self,
        h: &Tensor,
        temb: &Tensor,
        skips: &mut Vec<Tensor>,
    ) -> Result<Tensor> {
        let mut h = h.clone();
        for layer in &self.layers {
            h = layer.forward(&h, temb)?; // (B, C_out, H, W)
            skips.push(h.clone());
        }
        if let Some(downsampler) = &self.downsampler {
            h = downsampler.forward(&h)?; // (B, C_out, H/2, W/2)
            skips.push(h.clone());
        }
        Ok(h)
    }
}

/// Two residual blocks with attention between them, at the lowest level.
#[derive(Clone, Debug)]
pub(super) struct MidBlock {
    layer: ResidualAttention,
    residual: ResidualBlock,
}

impl MidBlock {
    pub(super) fn new(config: &UNetConfig, vb: &VarBuilder) -> Result<Self> {
        let level = config.block_out_channels.len() - 1;
        let c = config.block_out_channels[level];
        Ok(Self {
            layer: ResidualAttention::new(config, level, 0, c, vb)?,
            residual: ResidualBlock::new(config, c, c, &vb.pp("resnets.1"))?,
        })
    }

    /// Maps `(B, C, H, W)` to the same shape.
    pub(super) fn forward(&self, h: &Tensor, temb: &Tensor) -> Result<Tensor> {
        let h = self.layer.forward(h, temb)?; // (B, C, H, W)
        self.residual.forward(&h, temb) // (B, C, H, W)
    }
}

/// A level of the up path. All but the largest end by doubling the image.
#[derive(Clone, Debug)]
pub(super) struct UpBlock {
    layers: Vec<ResidualAttention>,
    upsampler: Option<Conv2d>,
}

impl UpBlock {
    /// `skip_channels` are the channels of the skip connections, in the order in
    /// which the layers take them.
    pub(super) fn new(
        config: &UNetConfig,
        level: usize,
        in_channels: usize,
        skip_channels: &[usize],
        vb: &VarBuilder,
    ) -> Result<Self> {
        let c = config.block_out_channels[level];
        let layer = |(i, skip): (usize, &usize)| {
            let c_in = if i == 0 { in_channels } else { c } + skip;
            ResidualAttention::new(config, level, i, c_in, vb)
        };
        let layers = skip_channels.iter().enumerate().map(layer);
        let conv_vb = vb.pp("upsamplers.0.conv");
        Ok(Self {
            layers: layers.collect::<Result<_>>()?,
            upsampler: (level > 0)
                .then(|| Conv2d::new(c, c, Conv2dConfig::default(), &conv_vb))
                .transpose()?,
        })
    }

    /// Maps `(B, C_in, H, W)` to `(B, C_out, 2H, 2W)`, or `(B, C_out, H, W)` at the
    /// largest level. Each layer takes one of `skips`, from the last on.
    pub(super) fn forward(
        &self,
        h: &Tensor,
        temb: &Tensor,
        skips: &mut Vec<Tensor>,
    ) -> Result<Tensor> {
        let mut h = h.clone();
        for layer in &self.layers {
            let Some(skip) = skips.pop() else {
                candle_core::bail!("the U-Net ran out of skip connections")
            };
            h = concat(&h, &skip)?; // (B, C_in + C_skip, H, W)
            h = layer.forward(&h, temb)?; // (B, C_out, H, W)
        }
        if let Some(upsampler) = &self.upsampler {
            h = upsample_2x(&h)?; // (B, C_out, 2H, 2W)
            h = upsampler.forward(&h)?; // (B, C_out, 2H, 2W)
        }
        Ok(h)
    }
}
