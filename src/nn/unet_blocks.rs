//! The levels of the U-Net: down, middle, up.

use super::attention_block::AttentionBlock;
use super::conv2d::{Conv2d, Conv2dConfig};
use super::residual_block::ResidualBlock;
use super::unet_config::UNetConfig;
use candle_core::{Result, Tensor};
use candle_fused::{concat, upsample_2x};
use candle_nn::VarBuilder;

/// Creates the parts of a level.
struct Builder<'a> {
    config: &'a UNetConfig,
    vb: VarBuilder<'a>,
}

impl Builder<'_> {
    fn residual(
        &self,
        index: usize,
        in_channels: usize,
        out_channels: usize,
    ) -> Result<ResidualBlock> {
        let vb = self.vb.pp(format!("resnets.{index}"));
        let (temb_dim, groups) =
            (self.config.temb_dim(), self.config.norm_num_groups);
        ResidualBlock::new(in_channels, out_channels, temb_dim, groups, &vb)
    }

    fn attention(
        &self,
        index: usize,
        channels: usize,
    ) -> Result<AttentionBlock> {
        let vb = self.vb.pp(format!("attentions.{index}"));
        let UNetConfig { attention_head_dim, norm_num_groups, .. } =
            *self.config;
        AttentionBlock::new(channels, attention_head_dim, norm_num_groups, &vb)
    }

    /// Creates the layers of a level, one for each of `skip_channels`: the
    /// channels that a skip connection adds to the input of the layer.
    fn layers(
        &self,
        level: usize,
        in_channels: usize,
        skip_channels: &[usize],
    ) -> Result<Vec<Layer>> {
        let channels = self.config.block_out_channels[level];
        let is_lowest = level + 1 == self.config.block_out_channels.len();
        let mut layers = vec![];
        for (i, skip) in skip_channels.iter().enumerate() {
            let c_in = if i == 0 { in_channels } else { channels } + skip;
            let attention =
                is_lowest.then(|| self.attention(i, channels)).transpose()?;
            layers.push((self.residual(i, c_in, channels)?, attention));
        }
        Ok(layers)
    }

    fn conv(
        &self,
        name: &str,
        channels: usize,
        stride: usize,
    ) -> Result<Conv2d> {
        let config = Conv2dConfig { stride, ..Conv2dConfig::default() };
        Conv2d::new(channels, channels, config, &self.vb.pp(name))
    }
}

/// A residual block, with attention after it at the lowest level.
type Layer = (ResidualBlock, Option<AttentionBlock>);

fn forward_layer(layer: &Layer, h: &Tensor, temb: &Tensor) -> Result<Tensor> {
    let (residual, attention) = layer;
    let h = residual.forward(h, temb)?; // (B, C_out, H, W)
    match attention {
        Some(attention) => attention.forward(&h), // (B, C_out, H, W)
        None => Ok(h),
    }
}

/// A level on the way down; all but the lowest end by halving the image.
#[derive(Clone, Debug)]
pub(super) struct DownBlock {
    layers: Vec<Layer>,
    downsampler: Option<Conv2d>,
}

impl DownBlock {
    pub(super) fn new(
        config: &UNetConfig,
        level: usize,
        in_channels: usize,
        vb: VarBuilder,
    ) -> Result<Self> {
        let builder = Builder { config, vb };
        let channels = config.block_out_channels[level];
        let is_lowest = level + 1 == config.block_out_channels.len();
        let no_skips = vec![0; config.layers_per_block];
        let layers = builder.layers(level, in_channels, &no_skips)?;
        let name = "downsamplers.0.conv";
        let downsampler = (!is_lowest)
            .then(|| builder.conv(name, channels, 2))
            .transpose()?;
        Ok(Self { layers, downsampler })
    }

    /// `(B, C_in, H, W)` to `(B, C_out, H/2, W/2)`, or `(B, C_out, H, W)` at the
    /// lowest level. Adds the result of each layer to `skips`.
    pub(super) fn forward(
        &self,
        h: &Tensor,
        temb: &Tensor,
        skips: &mut Vec<Tensor>,
    ) -> Result<Tensor> {
        let mut h = h.clone();
        for layer in &self.layers {
            h = forward_layer(layer, &h, temb)?; // (B, C_out, H, W)
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
    residual_0: ResidualBlock,
    attention: AttentionBlock,
    residual_1: ResidualBlock,
}

impl MidBlock {
    pub(super) fn new(
        config: &UNetConfig,
        channels: usize,
        vb: VarBuilder,
    ) -> Result<Self> {
        let builder = Builder { config, vb };
        Ok(Self {
            residual_0: builder.residual(0, channels, channels)?,
            attention: builder.attention(0, channels)?,
            residual_1: builder.residual(1, channels, channels)?,
        })
    }

    /// `(B, C, H, W)` to the same shape.
    pub(super) fn forward(&self, h: &Tensor, temb: &Tensor) -> Result<Tensor> {
        let h = self.residual_0.forward(h, temb)?; // (B, C, H, W)
        let h = self.attention.forward(&h)?; // (B, C, H, W)
        self.residual_1.forward(&h, temb) // (B, C, H, W)
    }
}

/// A level on the way up; all but the largest end by doubling the image.
#[derive(Clone, Debug)]
pub(super) struct UpBlock {
    layers: Vec<Layer>,
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
        vb: VarBuilder,
    ) -> Result<Self> {
        let builder = Builder { config, vb };
        let channels = config.block_out_channels[level];
        let layers = builder.layers(level, in_channels, skip_channels)?;
        let name = "upsamplers.0.conv";
        let upsampler =
            (level > 0).then(|| builder.conv(name, channels, 1)).transpose()?;
        Ok(Self { layers, upsampler })
    }

    /// `(B, C_in, H, W)` to `(B, C_out, 2H, 2W)`, or `(B, C_out, H, W)` at the
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
            h = forward_layer(layer, &h, temb)?; // (B, C_out, H, W)
        }
        if let Some(upsampler) = &self.upsampler {
            h = upsample_2x(&h)?; // (B, C_out, 2H, 2W)
            h = upsampler.forward(&h)?; // (B, C_out, 2H, 2W)
        }
        Ok(h)
    }
}
