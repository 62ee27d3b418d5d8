//! The U-Net: a network for images.
//!
//! The image is halved level by level and brought back up, and each level on
//! the way up sees what the same level saw on the way down. Small levels see
//! the whole shape, large ones the fine strokes. Attention sits at the lowest
//! level, where it is cheap.

use super::attention::Attention;
use super::denoiser::{Network, check_input};
use super::embedding::TimeEmbedding;
use super::kernels::{
    Recorder, Value, concat, has_kernels, silu, traced, upsample_2x,
};
use super::layers::{Conv2d, GroupNorm, Start};
use super::parts::in_parts;
use super::residual::Residual;
use crate::{Error, Result};
use candle_core::Tensor;
use candle_nn::VarBuilder;
use candle_nn::ops::{pixel_shuffle, pixel_unshuffle};

/// The sizes of a [`UNet`].
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Network, Parameters, UNet, UNetConfig};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let two = UNetConfig { channels: vec![8, 16], ..UNetConfig::digits() };
/// let net = UNet::new(two, &parameters.builder())?;
/// let x_t = Tensor::zeros((1, 1, 6, 6), DType::F32, &Device::Cpu)?;
/// let t = Tensor::ones(1, DType::F32, &Device::Cpu)?;
/// assert_eq!(net.forward(&x_t, &t)?.dims(), [1, 1, 6, 6]);
/// let odd = UNetConfig { groups: 5, ..UNetConfig::digits() };
/// let error = UNet::new(odd, &parameters.builder()).unwrap_err();
/// assert!(error.to_string().contains("a divisor of 16 channels"));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UNetConfig {
    /// Channels of the image: 1 for grey.
    pub image_channels: usize,
    /// Squares of so many pixels on a side are seen as one pixel with a channel
    /// for each, and the result is dealt out again; 1 leaves the image as it is.
    /// At 2 all levels are half as high and half as wide, which leaves time for
    /// more channels.
    ///
    /// Source: Shi and others 2016, section 3.2 (sub-pixel convolution).
    pub patch: usize,
    /// Channels of each level, the largest level first.
    pub channels: Vec<usize>,
    /// Residual blocks a level on the way down; one more on the way up.
    pub blocks: usize,
    /// Groups of each group norm; they divide every number of channels.
    pub groups: usize,
    /// Channels of one attention head; they divide those of the last level.
    pub head: usize,
}

impl UNetConfig {
    /// The network of the digits: 28×28, 14×14 and 7×7.
    ///
    /// ```
    /// use candle_core::{DType, Device};
    /// use ddpm::nn::{Parameters, UNet, UNetConfig};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// UNet::new(UNetConfig::digits(), &parameters.builder())?;
    /// assert_eq!(parameters.count(), 280_177); // small enough for a laptop
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[must_use]
    pub fn digits() -> Self {
        Self {
            image_channels: 1,
            patch: 1,
            channels: vec![16, 32, 32],
            blocks: 1,
            groups: 8,
            head: 8,
        }
    }

    fn check(&self) -> Result<()> {
        let fits = |name, divisor: usize, channels: usize| {
            if divisor > 0 && channels > 0 && channels.is_multiple_of(divisor) {
                return Ok(());
            }
            let expected = format!("a divisor of {channels} channels");
            Err(Error::argument(name, expected, divisor))
        };
        if self.blocks == 0 || self.image_channels == 0 {
            let got = format!("{} and {}", self.blocks, self.image_channels);
            let name = "blocks and image_channels";
            return Err(Error::argument(name, "at least 1", got));
        }
        if !(1..=16).contains(&self.patch) {
            return Err(Error::argument("patch", "1 to 16", self.patch));
        }
        if self.channels.len() > 16
            || self.channels.iter().any(|&c| c > 1 << 16)
        {
            let expected = "at most 16 levels of at most 65536 channels";
            let got = format!("{:?}", self.channels);
            return Err(Error::argument("channels", expected, got));
        }
        let Some(&last) = self.channels.last() else {
            let expected = "one number a level";
            return Err(Error::argument("channels", expected, "none"));
        };
        fits("head", self.head, last)?;
        self.channels.iter().try_for_each(|&c| fits("groups", self.groups, c))
    }
}

/// The network; see [`UNetConfig`] for its sizes.
///
/// Its structure is that of the `UNet2DModel` of the `diffusers` library,
/// with attention at the lowest level; the last layer of each block starts at
/// zero, so that the network begins by predicting zero.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::{Network, Parameters, UNet, UNetConfig};
///
/// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
/// let net = UNet::new(UNetConfig::digits(), &parameters.builder())?;
/// let x_t = Tensor::ones((1, 1, 28, 28), DType::F32, &Device::Cpu)?;
/// let t = Tensor::new(&[500_f32], &Device::Cpu)?;
/// let largest = net.forward(&x_t, &t)?.abs()?.max_all()?;
/// assert_eq!(largest.to_scalar::<f32>()?, 0.0);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct UNet {
    config: UNetConfig,
    time: TimeEmbedding,
    conv_in: Conv2d,
    down: Vec<Level>,
    middle: (Residual, Attention, Residual),
    up: Vec<Level>,
    norm_out: GroupNorm,
    conv_out: Conv2d,
}

/// The blocks of one level, and the convolution that leads to the next.
#[derive(Clone, Debug)]
struct Level {
    blocks: Vec<(Residual, Option<Attention>)>,
    resize: Option<Conv2d>,
}

impl UNet {
    /// A network with parameters of its own.
    ///
    /// # Errors
    /// If sizes do not divide each other.
    ///
    /// ```
    /// use candle_core::{DType, Device, Tensor};
    /// use ddpm::nn::{Network, Parameters, UNet, UNetConfig};
    ///
    /// let parameters = Parameters::new(42, DType::F32, &Device::Cpu);
    /// let net = UNet::new(UNetConfig::digits(), &parameters.builder())?;
    /// let x_t = Tensor::zeros((3, 1, 28, 28), DType::F32, &Device::Cpu)?;
    /// let t = Tensor::ones(3, DType::F32, &Device::Cpu)?;
    /// assert_eq!(net.forward(&x_t, &t)?.dims(), [3, 1, 28, 28]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(config: UNetConfig, vb: &VarBuilder) -> Result<Self> {
        config.check()?;
        let (first, levels) = (config.channels[0], config.channels.len());
        let image = config.image_channels * config.patch.pow(2);
        let time_width = 4 * first;
        let conv = |channels, stride, name: String| {
            Conv2d::new(Start::Uniform, channels, 3, stride, &vb.pp(name))
        };
        let residual = |channels, name: String| {
            Residual::new(channels, time_width, config.groups, &vb.pp(name))
        };
        let attention = |channels, name: String| {
            let heads = channels / config.head;
            Attention::new(channels, heads, config.groups, &vb.pp(name))
        };

        // On the way down, remember how many channels each result has: the
        // way up meets them again in reverse order.
        let mut channels = first;
        let mut skips = vec![first];
        let mut down = vec![];
        for (level, &c) in config.channels.iter().enumerate() {
            let lowest = level + 1 == levels;
            let mut blocks = vec![];
            for i in 0..config.blocks {
                let name = format!("down.{level}.{i}");
                let block =
                    residual((channels, c), format!("{name}.residual"))?;
                let attention = lowest
                    .then(|| attention(c, format!("{name}.attention")))
                    .transpose()?;
                blocks.push((block, attention));
                channels = c;
                skips.push(c);
            }
            let resize = (!lowest)
                .then(|| conv((c, c), 2, format!("down.{level}.resize")))
                .transpose()?;
            skips.extend(resize.is_some().then_some(c));
            down.push(Level { blocks, resize });
        }

        let middle = (
            residual((channels, channels), "middle.0".to_owned())?,
            attention(channels, "middle.attention".to_owned())?,
            residual((channels, channels), "middle.1".to_owned())?,
        );

        let mut up = vec![];
        for (level, &c) in config.channels.iter().enumerate().rev() {
            let lowest = level + 1 == levels;
            let mut blocks = vec![];
            for i in 0..=config.blocks {
                let name = format!("up.{level}.{i}");
                let c_in = channels + skips.pop().unwrap_or(0);
                let block = residual((c_in, c), format!("{name}.residual"))?;
                let attention = lowest
                    .then(|| attention(c, format!("{name}.attention")))
                    .transpose()?;
                blocks.push((block, attention));
                channels = c;
            }
            let resize = (level > 0)
                .then(|| conv((c, c), 1, format!("up.{level}.resize")))
                .transpose()?;
            up.push(Level { blocks, resize });
        }

        Ok(Self {
            time: TimeEmbedding::new(first, time_width, &vb.pp("time"))?,
            conv_in: conv((image, first), 1, "conv_in".to_owned())?,
            down,
            middle,
            up,
            norm_out: GroupNorm::new(first, config.groups, &vb.pp("norm_out"))?,
            conv_out: Conv2d::new(
                Start::Zero,
                (first, image),
                3,
                1,
                &vb.pp("conv_out"),
            )?,
            config,
        })
    }
}

impl Level {
    /// One block of the level, with its attention if it has one.
    fn block<V: Value>(
        &self,
        i: usize,
        h: &V,
        time: &Tensor,
    ) -> candle_core::Result<V> {
        let (residual, attention) = &self.blocks[i];
        let h = residual.forward(h, time)?;
        match attention {
            Some(attention) => attention.forward(&h),
            None => Ok(h),
        }
    }
}

impl UNet {
    /// The network, with `time` already embedded: `(B, 4 C_1)`.
    fn run<V: Value>(&self, x_t: &V, time: &Tensor) -> candle_core::Result<V> {
        let mut h = self.conv_in.forward(x_t)?; // (B, C_1, H, W)
        let mut skips = vec![h.clone()];
        for level in &self.down {
            for i in 0..level.blocks.len() {
                h = level.block(i, &h, time)?;
                skips.push(h.clone());
            }
            if let Some(resize) = &level.resize {
                h = resize.forward(&h)?; // half the height and width
                skips.push(h.clone());
            }
        }

        h = self.middle.0.forward(&h, time)?;
        h = self.middle.1.forward(&h)?;
        h = self.middle.2.forward(&h, time)?;

        for level in &self.up {
            for i in 0..level.blocks.len() {
                if let Some(skip) = skips.pop() {
                    h = concat(&h, &skip)?; // channels add up
                }
                h = level.block(i, &h, time)?;
            }
            if let Some(resize) = &level.resize {
                h = resize.forward(&upsample_2x(&h)?)?;
            }
        }
        self.conv_out.forward(&self.norm_out.forward_silu(&h)?)
    }

    /// Refuses what does not fit the network.
    fn check(&self, x_t: &Tensor, t: &Tensor) -> Result<()> {
        let (_, _, height, width) = x_t.dims4()?;
        check_input(x_t, &[self.config.image_channels, height, width], t)?;
        let divisor = self.config.patch << (self.down.len() - 1);
        if height % divisor != 0 || width % divisor != 0 {
            return Err(Error::argument(
                "the image",
                format!("of a height and width divisible by {divisor}"),
                format!("{height}x{width}"),
            ));
        }
        Ok(())
    }

    /// The output, with gradients or without.
    fn output(
        &self,
        x_t: &Tensor,
        t: &Tensor,
        tracked: bool,
    ) -> Result<Tensor> {
        let time = silu(&self.time.forward(t)?)?; // (B, 4 C_1)
        let patch = self.config.patch;
        let x_t = pixel_unshuffle(x_t, patch)?; // (B, C p², H/p, W/p)
        let y = if has_kernels(&x_t) {
            let run = |tape: &Recorder| self.run(&tape.leaf(&x_t)?, &time);
            traced(tracked, run)?
        } else {
            self.run(&x_t, &time)?
        };
        Ok(pixel_shuffle(&y, patch)?) // (B, C, H, W)
    }
}

impl Network for UNet {
    /// `x_t` is `(B, C, H, W)`, with `H` and `W` divisible by the patch, and by
    /// 2 for each level but the last.
    fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        self.check(x_t, t)?;
        self.output(x_t, t, true)
    }

    fn infer(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
        self.check(x_t, t)?;
        let parts = in_parts(x_t, |first, count| {
            let x_t = x_t.narrow(0, first, count)?;
            self.output(&x_t, &t.narrow(0, first, count)?, false)
        })?;
        Ok(Tensor::cat(&parts, 0)?.detach())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Parameters;
    use crate::nn::testing::{Draws, assert_close};
    use candle_core::{DType, Device};

    #[test]
    fn patches_are_put_back_where_they_came_from() {
        let parameters = Parameters::new(1, DType::F64, &Device::Cpu);
        let config =
            UNetConfig { patch: 2, channels: vec![8], ..UNetConfig::digits() };
        let net = UNet::new(config, &parameters.builder()).unwrap();
        let x = Draws::new(3).tensor(&[1, 1, 4, 6]);
        let t = Tensor::new(&[7.0], &Device::Cpu).unwrap();
        // The last layer alone is not zero: for each place in a patch, a
        // bias of its own.
        let bias = Tensor::new(&[1.0, 2.0, 3.0, 4.0], &Device::Cpu).unwrap();
        for (name, var) in parameters.named() {
            if name == "conv_out.bias" {
                var.set(&bias).unwrap();
            }
        }
        let y = net.forward(&x, &t).unwrap().squeeze(0).unwrap();
        let rows = y.squeeze(0).unwrap().to_vec2::<f64>().unwrap();
        assert_eq!(rows[0], [1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
        assert_eq!(rows[3], [3.0, 4.0, 3.0, 4.0, 3.0, 4.0]);
        // And it refuses half a patch.
        let odd = Draws::new(3).tensor(&[1, 1, 4, 5]);
        let error = net.forward(&odd, &t).unwrap_err().to_string();
        assert!(error.contains("divisible by 2"), "{error}");
    }

    /// On a tape, and operation by operation with candle between them.
    #[test]
    fn the_tape_computes_what_candle_does() {
        let parameters = Parameters::new(1, DType::F64, &Device::Cpu);
        let config =
            UNetConfig { channels: vec![8, 16], ..UNetConfig::digits() };
        let net = UNet::new(config, &parameters.builder()).unwrap();
        parameters.randomize(2, 0.3).unwrap(); // what starts at zero, too
        let x = Draws::new(3).tensor(&[2, 1, 6, 10]);
        let t = Tensor::new(&[3.0, 800.0], &Device::Cpu).unwrap();

        let whole = net.forward(&x, &t).unwrap();
        let time = silu(&net.time.forward(&t).unwrap()).unwrap();
        let parts = net.run(&x, &time).unwrap();
        assert_close(&whole, &parts, 1e-12);
        assert_close(&whole, &net.infer(&x, &t).unwrap(), 0.0);

        let gradients = [whole, parts].map(|y| {
            let loss = (y * &x).unwrap().sum_all().unwrap();
            loss.backward().unwrap()
        });
        for (_, var) in parameters.named() {
            let [a, b] = gradients.each_ref().map(|g| g.get(&var).unwrap());
            assert_close(a, b, 1e-10);
        }
    }
}
