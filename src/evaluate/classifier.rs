//! A small classifier of images, for its classes and its features.

use crate::nn::{Conv2d, Conv2dConfig, GroupNorm, Init, Linear, Parameters};
use crate::optim::{Optimizer, ParamGroups};
use crate::random::{Purpose, Stream, stream};
use crate::{Error, Result};
use candle_core::{DType, Tensor};
use candle_fused::value_and_grad;
use candle_nn::VarBuilder;
use candle_nn::loss::cross_entropy;

/// Channels of the three convolutions, each with stride 2.
const CHANNELS: [usize; 3] = [16, 32, 64];
const GROUPS: usize = 8;
/// The images of a training step, and of a forward pass.
const BATCH: usize = 50;
/// The learning rate of the first step.
const LEARNING_RATE: f64 = 2e-3;
/// The images of a batch are shifted by up to this share of their size.
const SHIFT: usize = 14; // one fourteenth

/// The options of training a [`Classifier`].
///
/// ```
/// let config = ddpm::evaluate::ClassifierConfig::default();
/// assert_eq!((config.seed, config.epochs), (1, 15));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassifierConfig {
    /// The seed of the weights and of the batches.
    pub seed: u64,
    /// The number of times that training goes through the images.
    pub epochs: u32,
}

impl Default for ClassifierConfig {
    fn default() -> Self {
        Self { seed: 1, epochs: 15 }
    }
}

/// A classifier: three convolutions with stride 2, group norm and SiLU, then a
/// linear layer.
///
/// # Shapes
/// Images `(B, C, H, W)` to logits `(B, K)`, one for each of `K` classes, and to
/// features `(B, 64)`.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::evaluate::{Classifier, ClassifierConfig};
///
/// // Two classes: black images, and white ones.
/// let black = Tensor::full(-1_f32, (50, 1, 8, 8), &Device::Cpu)?;
/// let white = Tensor::full(1_f32, (50, 1, 8, 8), &Device::Cpu)?;
/// let images = Tensor::cat(&[black, white], 0)?;
/// let labels = [[0; 50], [1; 50]].concat();
/// let config = ClassifierConfig::default();
/// let classifier = Classifier::train(&images, &labels, config, |_| ())?;
/// let (logits, features) = classifier.forward(&images)?;
/// assert_eq!((logits.dims(), features.dims()), (&[100, 2][..], &[100, 64][..]));
/// assert_eq!(logits.argmax(1)?.to_vec1::<u32>()?, labels);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Classifier {
    stages: Vec<(Conv2d, GroupNorm)>,
    linear_out: Linear, // 64·H/8·W/8 to K
    shape: [usize; 3],  // C, H, W
}

impl Classifier {
    /// Trains a classifier on images `(N, C, H, W)` in [-1, 1] and their labels, by
    /// cross-entropy and Adam; the learning rate falls to zero along half a cosine.
    /// The images of a batch are shifted at random by up to a fourteenth of their
    /// size, so that the classifier does not depend on positions. `progress` is
    /// called after each epoch with its number; the first is 1.
    ///
    /// # Errors
    /// If there are no images, there is not one label for each image, or the device
    /// fails.
    pub fn train(
        images: &Tensor,
        labels: &[u32],
        config: ClassifierConfig,
        mut progress: impl FnMut(u32),
    ) -> Result<Self> {
        let dims = images.dims();
        let ok = dims.len() == 4 && images.elem_count() > 0;
        let got = format_args!("{dims:?}");
        Error::require(ok, "images", "(N, C, H, W) with N ≥ 1", got)?;
        let expected = format_args!("one for each of {} images", dims[0]);
        let ok = labels.len() == dims[0];
        Error::require(ok, "labels", expected, labels.len())?;
        let shape = [dims[1], dims[2], dims[3]];
        let classes = labels.iter().max().map_or(0, |&last| last as usize + 1);

        let ClassifierConfig { seed, epochs } = config;
        let device = images.device();
        let parameters = Parameters::new(seed, DType::F32, device);
        let classifier = Self::new(&parameters.builder(), shape, classes)?;
        let mut adam = Optimizer::new(&parameters, &ParamGroups::default())?;
        let count = u32::try_from(labels.len()).unwrap_or(u32::MAX);
        let steps_per_epoch = labels.len().div_ceil(BATCH);
        let steps = f64::from(epochs) * steps_per_epoch as f64;
        for epoch in 0..epochs {
            let mut order: Vec<u32> = (0..count).collect();
            let mut random = stream(seed, Purpose::Shuffle, epoch, 0);
            random.shuffle(&mut order);
            for chosen in order.chunks(BATCH) {
                let targets: Vec<u32> =
                    chosen.iter().map(|&i| labels[i as usize]).collect();
                let targets = Tensor::new(targets, device)?; // (B)
                let batch =
                    images.index_select(&Tensor::new(chosen, device)?, 0)?;
                let batch = shifted(&batch, &mut random)?; // (B, C, H, W)
                let loss = || {
                    let (logits, _) = classifier.forward_batch(&batch)?;
                    cross_entropy(&logits, &targets)
                };
                let (_, gradients) = value_and_grad(loss)?;
                let done = f64::from(adam.steps()) / steps;
                let decay = 0.5 + 0.5 * (std::f64::consts::PI * done).cos();
                let gradients = parameters.gradients(&gradients)?;
                adam.step(&gradients, LEARNING_RATE * decay)?;
            }
            progress(epoch + 1);
        }
        Ok(classifier)
    }

    fn new(vb: &VarBuilder, shape: [usize; 3], classes: usize) -> Result<Self> {
        let [mut channels, mut height, mut width] = shape;
        let mut stages = vec![];
        for (i, out) in CHANNELS.into_iter().enumerate() {
            let vb = vb.pp(format!("stages.{i}"));
            let stride_2 =
                Conv2dConfig { stride: 2, ..Conv2dConfig::default() };
            let conv = Conv2d::new(channels, out, stride_2, &vb.pp("conv"))?;
            stages.push((conv, GroupNorm::new(GROUPS, out, &vb.pp("norm"))?));
            channels = out;
            (height, width) = (height.div_ceil(2), width.div_ceil(2));
        }
        let features = channels * height * width;
        let vb = vb.pp("linear_out");
        let linear_out = Linear::new(features, classes, Init::FanIn, &vb)?;
        Ok(Self { stages, linear_out, shape })
    }

    /// Returns the logits `(N, K)` and the features `(N, 64)` of images
    /// `(N, C, H, W)`. The features are the output of the last convolution, averaged
    /// over its positions.
    ///
    /// # Errors
    /// If the images have another shape than those of training, or the device fails.
    pub fn forward(&self, images: &Tensor) -> Result<(Tensor, Tensor)> {
        let dims = images.dims();
        let ok = dims.len() == 4 && dims[0] > 0 && dims[1..] == self.shape;
        let expected = format_args!("(N, C, H, W) with {:?}", self.shape);
        Error::require(ok, "images", expected, format_args!("{dims:?}"))?;
        let (mut logits, mut features) = (vec![], vec![]);
        for first in (0..dims[0]).step_by(BATCH) {
            let count = BATCH.min(dims[0] - first);
            let batch = images.narrow(0, first, count)?;
            let (batch_logits, batch_features) = self.forward_batch(&batch)?;
            logits.push(batch_logits.detach());
            features.push(batch_features.detach());
        }
        Ok((Tensor::cat(&logits, 0)?, Tensor::cat(&features, 0)?))
    }

    fn forward_batch(
        &self,
        images: &Tensor,
    ) -> candle_core::Result<(Tensor, Tensor)> {
        let mut h = images.clone(); // (B, C, H, W)
        for (conv, norm) in &self.stages {
            h = norm.forward_silu(&conv.forward(&h)?)?;
        } // (B, 64, H/8, W/8)
        let flat = h.flatten_from(1)?; // (B, 64·H/8·W/8)
        let logits = self.linear_out.forward(&flat)?; // (B, K)
        Ok((logits, h.flatten_from(2)?.mean(2)?))
    }
}

/// Shifts a batch at random along both axes, and fills with -1, the background.
fn shifted(images: &Tensor, random: &mut Stream) -> Result<Tensor> {
    let (_, _, height, width) = images.dims4()?;
    let (most_y, most_x) = (height / SHIFT, width / SHIFT);
    let dy = random.below(2 * most_y + 1);
    let dx = random.below(2 * most_x + 1);
    let padded = (images + 1.0)?; // padding is with zeros
    let padded = padded.pad_with_zeros(2, most_y, most_y)?;
    let padded = padded.pad_with_zeros(3, most_x, most_x)?;
    let shifted = padded.narrow(2, dy, height)?.narrow(3, dx, width)?;
    Ok((shifted - 1.0)?)
}
