//! The sizes of a U-Net.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The sizes of a [`UNet`](super::UNet).
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Network, Parameters, UNet, UNetConfig};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let block_out_channels = vec![8, 16];
/// let config = UNetConfig { block_out_channels, ..UNetConfig::digits() };
/// let unet = UNet::new(&config, &parameters.builder())?;
/// let x_t = Tensor::zeros((1, 1, 6, 6), DType::F32, &Device::Cpu)?;
/// let t = Tensor::ones(1, DType::F32, &Device::Cpu)?;
/// assert_eq!(unet.forward(&x_t, &t)?.dims(), [1, 1, 6, 6]);
///
/// let config = UNetConfig { norm_num_groups: 5, ..UNetConfig::digits() };
/// let error = UNet::new(&config, &parameters.builder()).unwrap_err();
/// assert!(error.to_string().contains("a divisor of 16 channels"));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UNetConfig {
    /// Channels of the image: 1 for grey, 3 for colour.
    pub image_channels: usize,
    /// The patch size `p`: each `p × p` patch of pixels becomes one pixel with `p²`
    /// times the channels. With 1 the image stays as it is. With 2 every level has
    /// half the height and width, so more channels take the same time.
    ///
    /// Source: Shi et al. 2016, section 3.2 (sub-pixel convolution).
    pub patch_size: usize,
    /// Channels of each level, from the largest image to the smallest.
    pub block_out_channels: Vec<usize>,
    /// Residual blocks of each down block; an up block has one more.
    pub layers_per_block: usize,
    /// Groups of each group norm; they divide the channels of every level.
    pub norm_num_groups: usize,
    /// Channels of one attention head; they divide the channels of the last
    /// level.
    pub attention_head_dim: usize,
}

impl UNetConfig {
    /// Returns the sizes of a small U-Net for images of 28×28 pixels: three levels
    /// of 28×28, 14×14 and 7×7, with 280,177 parameters.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Parameters, UNet, UNetConfig};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// UNet::new(&UNetConfig::digits(), &parameters.builder())?;
    /// assert_eq!(parameters.count(), 280_177);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn digits() -> Self {
        Self {
            image_channels: 1,
            patch_size: 1,
            block_out_channels: vec![16, 32, 32],
            layers_per_block: 1,
            norm_num_groups: 8,
            attention_head_dim: 8,
        }
    }

    /// Returns the width of the timestep embedding.
    pub(super) fn temb_dim(&self) -> usize {
        4 * self.block_out_channels[0]
    }

    /// Returns the number that must divide height and width of an image.
    pub(super) fn size_divisor(&self) -> usize {
        self.patch_size << (self.block_out_channels.len() - 1)
    }

    /// Returns whether `level` is the lowest, where attention is.
    pub(super) fn is_lowest(&self, level: usize) -> bool {
        level + 1 == self.block_out_channels.len()
    }

    pub(super) fn check(&self) -> Result<()> {
        let positive = |name, n| Error::require(n > 0, name, "at least 1", n);
        positive("image_channels", self.image_channels)?;
        positive("layers_per_block", self.layers_per_block)?;
        let patch = self.patch_size;
        let ok = (1..=16).contains(&patch);
        Error::require(ok, "patch_size", "1 to 16", patch)?;
        let channels = &self.block_out_channels;
        Error::require(
            (1..=16).contains(&channels.len())
                && channels.iter().all(|&c| c <= 1 << 16),
            "block_out_channels",
            "1 to 16 levels of at most 65536 channels",
            format_args!("{channels:?}"),
        )?;
        let divides = |name, divisor: usize, channels: usize| {
            let ok =
                channels > 0 && divisor > 0 && channels.is_multiple_of(divisor);
            let expected = format_args!("a divisor of {channels} channels");
            Error::require(ok, name, expected, divisor)
        };
        // As many sines and cosines of the timestep.
        let even = channels[0].is_multiple_of(2);
        Error::require(even, "block_out_channels[0]", "even", channels[0])?;
        let lowest = channels[channels.len() - 1];
        divides("attention_head_dim", self.attention_head_dim, lowest)?;
        channels.iter().try_for_each(|&channels| {
            divides("norm_num_groups", self.norm_num_groups, channels)
        })
    }
}
