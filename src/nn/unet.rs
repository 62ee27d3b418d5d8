//! The U-Net: a network for images.
//!
//! The down blocks halve the image level by level, and the up blocks double it
//! again. Skip connections pass the activations of each down block to the up block
//! of the same level. Low-resolution levels capture global shape, and
//! high-resolution levels capture detail. Attention is at the lowest level, where
//! its cost is small. The up blocks are numbered as in diffusers, from the lowest
//! level on.
//!
//! ```text
//! x_t ─ conv_in ─ down 0 ────────── skips ────────── up 2 ─ norm, SiLU, conv_out ─ output
//!                   └─ down 1 ───── skips ───── up 1 ─┘
//!                        └─ down 2 ─ skips ─ up 0 ─┘        down 2, middle and up 0
//!                               └── middle ──┘              have attention
//! ```

use super::conv2d::{Conv2d, Conv2dConfig};
use super::group_norm::GroupNorm;
use super::init::Init;
use super::micro_batch::micro_batches;
use super::network::{Network, NetworkConfig, check_input};
use super::timestep_embedding::TimestepEmbedding;
use super::unet_blocks::{DownBlock, MidBlock, UpBlock};
use super::unet_config::UNetConfig;
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};
use candle_fused::{silu, with_cached_shapes};
use candle_nn::VarBuilder;
use candle_nn::ops::{pixel_shuffle, pixel_unshuffle};

/// A U-Net after the DDPM paper; see [`UNetConfig`] for its sizes.
///
/// Its structure and the names of its parameters are those of `UNet2DModel` of
/// the library diffusers. Among other things, it differs from the
/// paper's in these points: attention is at the lowest level and has several heads,
/// there is no dropout, the initial weights have another distribution, and the image
/// can be cut into patches. The last layer of each block starts at zero, so a block
/// starts as its shortcut. `conv_out` starts at zero, so the network predicts zero
/// before training.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Network, Parameters, UNet, UNetConfig};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let unet = UNet::new(&UNetConfig::digits(), &parameters.builder())?;
/// let x_t = Tensor::ones((1, 1, 28, 28), DType::F32, &Device::Cpu)?;
/// let t = Tensor::new(&[500_f32], &Device::Cpu)?;
/// let largest = unet.forward(&x_t, &t)?.abs()?.max_all()?;
/// assert_eq!(largest.to_scalar::<f32>()?, 0.0);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct UNet {
    config: UNetConfig,
    time_embedding: TimestepEmbedding,
    conv_in: Conv2d,
    down_blocks: Vec<DownBlock>,
    mid_block: MidBlock,
    up_blocks: Vec<UpBlock>,
    conv_norm_out: GroupNorm,
    conv_out: Conv2d,
}

impl UNet {
    /// Creates a U-Net with parameters from `vb`.
    ///
    /// # Errors
    /// If a size is out of range, or sizes do not divide each other.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Network, Parameters, UNet, UNetConfig};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// let unet = UNet::new(&UNetConfig::digits(), &parameters.builder())?;
    /// let x_t = Tensor::zeros((3, 1, 28, 28), DType::F32, &Device::Cpu)?;
    /// let t = Tensor::ones(3, DType::F32, &Device::Cpu)?;
    /// assert_eq!(unet.forward(&x_t, &t)?.dims(), [3, 1, 28, 28]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(config: &UNetConfig, vb: &VarBuilder) -> Result<Self> {
        config.check()?;
        let channels = &config.block_out_channels;
        let first = channels[0];
        let image_channels = config.image_channels * config.patch_size.pow(2);
        let k3 = Conv2dConfig::default();
        let k3_zero = Conv2dConfig { init: Init::Zero, ..k3 };
        let conv = |c_in, c_out, config, name| {
            Conv2d::new(c_in, c_out, config, &vb.pp(name))
        };
        let (time_vb, temb_dim) = (vb.pp("time_embedding"), config.temb_dim());
        let time_embedding = TimestepEmbedding::new(first, temb_dim, &time_vb)?;
        let conv_in = conv(image_channels, first, k3, "conv_in")?;

        // The channels of each skip connection. The up blocks take them in
        // reverse order.
        let mut skips = vec![first];
        let mut down_blocks = vec![];
        let mut in_channels = first;
        for (level, &c) in channels.iter().enumerate() {
            let vb = vb.pp(format!("down_blocks.{level}"));
            down_blocks.push(DownBlock::new(config, level, in_channels, &vb)?);
            let downsampled = usize::from(!config.is_lowest(level));
            let count = config.layers_per_block + downsampled;
            skips.extend(std::iter::repeat_n(c, count));
            in_channels = c;
        }
        let mid_block = MidBlock::new(config, &vb.pp("mid_block"))?;
        skips.reverse();
        let mut up_blocks = vec![];
        let skips = skips.chunks(config.layers_per_block + 1);
        for ((i, skips), &c) in skips.enumerate().zip(channels.iter().rev()) {
            let level = channels.len() - 1 - i;
            let vb = vb.pp(format!("up_blocks.{i}"));
            let block = UpBlock::new(config, level, in_channels, skips, &vb)?;
            up_blocks.push(block);
            in_channels = c;
        }

        let (groups, norm_vb) =
            (config.norm_num_groups, vb.pp("conv_norm_out"));
        Ok(Self {
            time_embedding,
            conv_in,
            down_blocks,
            mid_block,
            up_blocks,
            conv_norm_out: GroupNorm::new(groups, first, &norm_vb)?,
            conv_out: conv(first, image_channels, k3_zero, "conv_out")?,
            config: config.clone(),
        })
    }

    fn check_image(&self, x_t: &Tensor, t: &Tensor) -> Result<()> {
        let shape = [Some(self.config.image_channels), None, None];
        check_input(x_t, &shape, t, self.dtype())?;
        let (height, width) = (x_t.dims()[2], x_t.dims()[3]);
        let divisor = self.config.size_divisor();
        Error::require(
            height % divisor == 0 && width % divisor == 0,
            "the image",
            format_args!("of a height and width divisible by {divisor}"),
            format_args!("{height}x{width}"),
        )
    }
}

impl Network for UNet {
    /// `x_t` is `(B, C, H, W)`. `H` and `W` are multiples of
    /// `patch_size · 2^(levels - 1)`.
    fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        self.check_image(x_t, t)?;
        let patch = self.config.patch_size;
        let x = pixel_unshuffle(x_t, patch)?; // (B, C p², H/p, W/p)
        let temb = self.time_embedding.forward(t)?; // (B, temb_dim)
        let temb = silu(&temb)?; // (B, temb_dim)
        let mut h = self.conv_in.forward(&x)?; // (B, C_1, H/p, W/p)
        let mut skips = vec![h.clone()];
        for block in &self.down_blocks {
            // Half the height and width, except at the lowest level.
            h = block.forward(&h, &temb, &mut skips)?;
        }
        h = self.mid_block.forward(&h, &temb)?; // (B, C_L, h, w)
        for block in &self.up_blocks {
            // Twice the height and width, except at the largest level.
            h = block.forward(&h, &temb, &mut skips)?;
        }
        let h = self.conv_norm_out.forward_silu(&h)?; // (B, C_1, H/p, W/p)
        let y = self.conv_out.forward(&h)?; // (B, C p², H/p, W/p)
        Ok(pixel_shuffle(&y, patch)?) // (B, C, H, W)
    }

    fn infer(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        self.check_image(x_t, t)?;
        let outputs = micro_batches(x_t, |first, count| {
            let [x_t, t] = [x_t, t].map(|all| all.narrow(0, first, count));
            let (x_t, t) = (x_t?, t?);
            let output =
                with_cached_shapes(x_t.device(), || self.forward(&x_t, &t));
            Ok(output?.detach())
        })?;
        Ok(Tensor::cat(&outputs, 0)?)
    }

    fn device(&self) -> Device {
        self.conv_in.weight.device().clone()
    }

    fn dtype(&self) -> DType {
        self.conv_in.weight.dtype()
    }
}

impl NetworkConfig for UNetConfig {
    const KIND: &'static str = "unet";
    type Network = UNet;

    fn build(&self, vb: &VarBuilder) -> Result<UNet> {
        UNet::new(self, vb)
    }
}
