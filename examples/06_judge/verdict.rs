//! The verdict on images: a class, its confidence, and the distance to real digits.

use crate::classifier::Classifier;
use anyhow::Result;
use candle_core::{D, Tensor};

/// The smallest confidence of a class that counts.
pub(crate) const CONFIDENT: f32 = 0.9;
/// The share of real digits that are near to other real digits.
const NEAR: f64 = 0.99;
/// The number of images that are evaluated at a time.
const BATCH: usize = 50;

/// The verdict on an image.
pub(crate) struct Verdict {
    /// The most likely class, and its probability.
    pub(crate) class: usize,
    pub(crate) confidence: f32,
    /// True if the features are as near to the features of a real digit as real
    /// digits are to each other.
    pub(crate) near: bool,
}

/// A classifier that has seen real digits, and knows how near they are to each
/// other.
///
/// A classifier alone gives each image one of ten classes, often with confidence:
/// it calls a black image a one. So an image counts as a digit only if the distance
/// to the nearest real digit, in the features of the classifier, is not larger
/// than for 99 % of other real digits (Sun et al. 2022, with the nearest neighbour).
pub(crate) struct Judge {
    classifier: Classifier,
    /// Features of real digits, `(M, 64)`.
    real: Tensor,
    /// The largest distance that is near.
    limit: f32,
}

impl Judge {
    /// Creates a judge from digits that the classifier was trained on, and others,
    /// both `(N, 1, 28, 28)`.
    pub(crate) fn new(
        classifier: Classifier,
        seen: &Tensor,
        unseen: &Tensor,
    ) -> Result<Self> {
        let features = batches(seen)?
            .iter()
            .map(|batch| Ok(classifier.forward(batch)?.1))
            .collect::<Result<Vec<_>>>()?;
        let real = Tensor::cat(&features, 0)?;
        let mut judge = Self { classifier, real, limit: f32::INFINITY };
        let mut distances = vec![];
        for batch in batches(unseen)? {
            distances.extend(judge.look(&batch)?.into_iter().map(|l| l.2));
        }
        distances.sort_by(f32::total_cmp);
        let last = (distances.len() as f64 * NEAR) as usize;
        judge.limit = distances[last.min(distances.len()) - 1];
        Ok(judge)
    }

    /// Returns the verdict on each of the images `(N, 1, 28, 28)`.
    pub(crate) fn verdicts(&self, images: &Tensor) -> Result<Vec<Verdict>> {
        let mut verdicts = vec![];
        for batch in batches(images)? {
            let looks = self.look(&batch)?.into_iter();
            verdicts.extend(looks.map(|(class, confidence, distance)| {
                let near = distance <= self.limit;
                Verdict { class, confidence, near }
            }));
        }
        Ok(verdicts)
    }

    /// Returns three values for each image of a batch: the class, its probability,
    /// and the squared distance to the nearest real digit.
    fn look(&self, batch: &Tensor) -> Result<Vec<(usize, f32, f32)>> {
        let (logits, features) = self.classifier.forward(batch)?;
        let softmax = candle_nn::ops::softmax(&logits, D::Minus1)?;
        // |a - b|² = |a|² + |b|² - 2 a·b
        let squares = |x: &Tensor| x.sqr()?.sum_keepdim(1); // (N, 1)
        let products = features.matmul(&self.real.t()?)?; // (B, M)
        let distances = squares(&features)?
            .broadcast_add(&squares(&self.real)?.t()?)?
            .sub(&(products * 2.0)?)?
            .min(1)?; // (B)
        let rows = softmax.to_vec2::<f32>()?.into_iter();
        let looks = rows.zip(distances.to_vec1::<f32>()?);
        Ok(looks
            .map(|(row, distance)| {
                let best = (0..10).max_by(|&a, &b| row[a].total_cmp(&row[b]));
                let best = best.unwrap_or(0);
                (best, row[best], distance)
            })
            .collect())
    }
}

fn batches(images: &Tensor) -> Result<Vec<Tensor>> {
    let count = images.dim(0)?;
    let firsts = (0..count).step_by(BATCH);
    let batch = |first| images.narrow(0, first, BATCH.min(count - first));
    Ok(firsts.map(batch).collect::<candle_core::Result<_>>()?)
}
