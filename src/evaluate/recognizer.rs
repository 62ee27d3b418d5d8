//! Recognition: is an image one of the classes, and which?

use super::{Classifier, nearest_distances};
use crate::Result;
use candle_core::{D, Tensor};

/// The smallest confidence of a class that counts as recognised.
pub const CONFIDENT: f32 = 0.9;
/// The share of real images that are near to other real images.
const NEAR: f64 = 0.99;

/// The verdict of a [`Recognizer`] on an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The most likely class.
    pub class: usize,
    /// The probability of that class, according to the classifier.
    pub confidence: f32,
    /// True if the image is as near to a real image, in the features of the
    /// classifier, as real images are to each other.
    pub near: bool,
}

impl Verdict {
    /// Returns whether the classifier is sure of the class.
    pub fn is_confident(&self) -> bool {
        self.confidence > CONFIDENT
    }

    /// Returns whether the image is recognised: the classifier is sure of the class,
    /// and the image is near to a real one.
    pub fn is_recognized(&self) -> bool {
        self.near && self.is_confident()
    }
}

/// Recognises images of the classes of a [`Classifier`], and rejects others.
///
/// A classifier alone gives each image one of its classes, often with confidence:
/// a classifier of digits calls a black image a one. So an image counts only if the
/// distance to the nearest real image, in the features of the classifier, is not
/// larger than for 99 % of other real images.
///
/// Source: Sun et al. 2022. Differences: the nearest neighbour in place of the k-th,
/// features that are not normalised, and a limit of 99 % in place of 95 %.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::evaluate::{Classifier, ClassifierConfig, Recognizer};
/// let digits = ddpm::data::digits_8x8()?;
/// let (images, labels) = (digits.to_tensor(&Device::Cpu)?, digits.labels().unwrap());
/// let train = images.narrow(0, 0, 1500)?;
/// let test = images.narrow(0, 1500, 297)?;
/// let config = ClassifierConfig::default();
/// let classifier = Classifier::train(&train, &labels[..1500], config, |_| ())?;
/// let recognizer = Recognizer::new(classifier, &train, &test)?;
///
/// let share = |images: &Tensor| -> ddpm::Result<f64> {
///     let (verdicts, _) = recognizer.recognize(images)?;
///     let count = verdicts.iter().filter(|v| v.is_recognized()).count();
///     Ok(count as f64 / verdicts.len() as f64)
/// };
/// assert!(share(&test)? > 0.8);
/// assert_eq!(share(&Tensor::full(-1_f32, (1, 1, 8, 8), &Device::Cpu)?)?, 0.0); // black
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Recognizer {
    classifier: Classifier,
    /// Features of real images, `(M, 64)`.
    real: Tensor,
    /// The largest distance that is near.
    limit: f64,
}

impl Recognizer {
    /// Creates a recogniser from real images that the classifier was trained on, and
    /// from others that it has not seen, both `(N, C, H, W)`.
    ///
    /// # Errors
    /// If there are no images of a kind, their shape is wrong, or the device fails.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn new(
        classifier: Classifier,
        seen: &Tensor,
        unseen: &Tensor,
    ) -> Result<Self> {
        let (_, real) = classifier.forward(seen)?;
        let (_, others) = classifier.forward(unseen)?;
        let mut distances = nearest_distances(&others, &real)?;
        distances.sort_by(f64::total_cmp);
        let last = (distances.len() as f64 * NEAR).ceil() as usize;
        let limit = distances[last - 1];
        Ok(Self { classifier, real, limit })
    }

    /// Returns the features `(M, 64)` of the real images that the classifier was
    /// trained on.
    pub fn real_features(&self) -> &Tensor {
        &self.real
    }

    /// Returns the verdict on each of the images `(N, C, H, W)`, and their features
    /// `(N, 64)`.
    ///
    /// # Errors
    /// If there are no images, their shape is wrong, a value is not finite, or the
    /// device fails.
    pub fn recognize(&self, images: &Tensor) -> Result<(Vec<Verdict>, Tensor)> {
        let (logits, features) = self.classifier.forward(images)?;
        let rows = candle_nn::ops::softmax(&logits, D::Minus1)?; // (N, K)
        let rows = rows.to_vec2::<f32>()?.into_iter();
        let distances = nearest_distances(&features, &self.real)?;
        let verdicts = rows.zip(distances).map(|(row, distance)| {
            let ranked = row.iter().copied().enumerate();
            let best = ranked.max_by(|a, b| a.1.total_cmp(&b.1));
            let (class, confidence) = best.unwrap_or((0, 0.0));
            let near = distance <= self.limit;
            Verdict { class, confidence, near }
        });
        Ok((verdicts.collect(), features))
    }
}
