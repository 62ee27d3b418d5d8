//! Five measures of samples of digits.

use crate::digits::Digits;
use anyhow::Result;
use candle_core::{Device, Tensor};
use ddpm::evaluate::{
    ClassifierConfig, Estimate, PrecisionRecall, Recognizer, Verdict,
    frechet_distance, nearest_distances, precision_recall,
};

/// The number of images that are compared with as many real ones. The Fréchet
/// distance, precision and recall depend on it.
pub(crate) const COMPARED: usize = 1_000;
/// The neighbour that a ball of precision and recall reaches to.
const NEIGHBOURS: usize = 3;
/// The share of test digits that are nearer to a training digit than an image that
/// counts as a copy.
const NEAREST: f64 = 0.01;

/// The number of images that a comparison of sets needs.
pub(crate) const MEASURABLE: usize = 50;

/// The measures of some images.
#[derive(Clone, Debug)]
pub(crate) struct Measures {
    /// The verdict on each image.
    pub(crate) verdicts: Vec<Verdict>,
    /// The measures of the images as a set, if there are enough.
    pub(crate) sets: Option<SetMeasures>,
}

/// The measures of a set of images.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SetMeasures {
    pub(crate) frechet: Estimate,
    pub(crate) precision_recall: PrecisionRecall,
    /// The median distance to the nearest training digit, in pixels.
    pub(crate) nearest: f64,
    /// The share of images that are nearer to a training digit than 99 % of test
    /// digits are.
    pub(crate) copies: Estimate,
}

/// Evaluates images of digits.
pub(crate) struct Evaluator {
    recognizer: Recognizer,
    digits: Digits,
    close: f64,
}

impl Evaluator {
    /// Trains the classifier on 9,000 digits; `progress` is called after each epoch.
    pub(crate) fn new(
        config: ClassifierConfig,
        device: &Device,
        progress: impl FnMut(u32),
    ) -> Result<Self> {
        let digits = Digits::new(device)?;
        let recognizer = digits.recognizer(config, progress)?;
        let (train, test) = (&digits.train.images, &digits.test.images);
        let close = quantile(nearest_distances(test, train)?, NEAREST);
        Ok(Self { recognizer, digits, close })
    }

    /// Returns the test digits, `(1000, 1, 28, 28)`.
    pub(crate) fn test(&self) -> &Tensor {
        &self.digits.test.images
    }

    /// Returns the share of test digits that are classified correctly.
    pub(crate) fn accuracy(&self, test: &[Verdict]) -> Estimate {
        let pairs = test.iter().zip(&self.digits.test.labels);
        let right = pairs.filter(|(v, label)| v.class == **label as usize);
        Estimate::share(right.count(), self.digits.test.labels.len())
    }

    /// Measures images `(N, 1, 28, 28)`.
    pub(crate) fn measure(&self, images: &Tensor) -> Result<Measures> {
        let (verdicts, features) = self.recognizer.recognize(images)?;
        let compared = verdicts.len().min(COMPARED);
        if compared < MEASURABLE {
            return Ok(Measures { verdicts, sets: None });
        }
        let images = images.narrow(0, 0, compared)?;
        let features = features.narrow(0, 0, compared)?;
        let real = self.recognizer.real_features();
        let as_many = real.narrow(0, 0, compared)?;
        let distances = nearest_distances(&images, &self.digits.train.images)?;
        let copies = distances.iter().filter(|d| **d < self.close).count();
        let sets = SetMeasures {
            frechet: frechet_distance(real, &features)?,
            precision_recall: precision_recall(
                &as_many, &features, NEIGHBOURS,
            )?,
            nearest: quantile(distances, 0.5),
            copies: Estimate::share(copies, compared),
        };
        Ok(Measures { verdicts, sets: Some(sets) })
    }
}

/// Returns the value that a share of the values is below.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() as f64 * share) as usize]
}
