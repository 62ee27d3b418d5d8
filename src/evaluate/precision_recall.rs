//! Precision and recall of a set of samples.

use super::Estimate;
use super::nearest::{distance, nearest, rows};
use crate::{Error, Result};
use candle_core::Tensor;
use rayon::prelude::*;

/// The precision and the recall of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrecisionRecall {
    /// The share of samples that lie among real images: it falls if samples look
    /// wrong.
    pub precision: Estimate,
    /// The share of real images that lie among samples: it falls if some kind of
    /// image is never drawn.
    pub recall: Estimate,
}

/// Returns the precision and recall of samples, from features of real images
/// `(M, d)` and of samples `(N, d)`.
///
/// Around each real image, a ball reaches to the `k`-th nearest other real image;
/// these balls together stand for all real images. Precision is the share of
/// samples within a ball. Recall is the same with real images and samples
/// exchanged. Both depend on `k` (3 in the paper) and on the number of images, so
/// use as many samples as real images.
///
/// Source: Kynkäänniemi et al. 2019, section 2. The standard errors take the balls
/// as given.
///
/// # Errors
/// If the dimensions differ, there are no more than `k` images of a kind, or a
/// value is not finite.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::evaluate::precision_recall;
/// // Real numbers from 0 to 99; the samples know only the lower half.
/// let points = |count| Tensor::arange(0.0, count, &Device::Cpu)?.reshape(((), 1));
/// let result = precision_recall(&points(100.0)?, &points(50.0)?, 3)?;
/// assert_eq!(result.precision.value, 1.0);
/// assert_eq!(result.recall.value, 0.53); // 0 to 49, and three more within reach
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn precision_recall(
    real: &Tensor,
    samples: &Tensor,
    k: usize,
) -> Result<PrecisionRecall> {
    Ok(PrecisionRecall {
        precision: within(samples, real, k)?,
        recall: within(real, samples, k)?,
    })
}

/// Returns the share of `points` that lie in the ball of some centre.
fn within(points: &Tensor, centres: &Tensor, k: usize) -> Result<Estimate> {
    let others = centres.dims().first().map_or(0, |n| n.saturating_sub(1));
    let expected =
        format_args!("in 1..={others}, as there are {} images", others + 1);
    Error::require((1..=others).contains(&k), "k", expected, k)?;
    // The nearest centre of a centre is itself.
    let radii = nearest(centres, centres, k + 1)?;
    let radii: Vec<f64> =
        radii.iter().map(|neighbours| neighbours[k].distance).collect();
    let (points, centres) = (rows(points)?, rows(centres)?);
    let (dim, got) = (centres[0].len(), points[0].len());
    let expected = format_args!("of {dim} values");
    Error::require(got == dim, "the features", expected, got)?;
    let inside = |point: &&Vec<f64>| {
        let mut balls = centres.iter().zip(&radii);
        balls.any(|(centre, radius)| distance(point, centre) <= *radius)
    };
    Ok(Estimate::share(points.par_iter().filter(inside).count(), points.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    fn points(values: impl IntoIterator<Item = f64>) -> Tensor {
        let values: Vec<f64> = values.into_iter().collect();
        let shape = (values.len(), 1);
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    }

    fn whole(range: std::ops::Range<i32>) -> Tensor {
        points(range.map(f64::from))
    }

    #[test]
    fn a_set_compared_with_itself_has_precision_and_recall_one() {
        let set = points((0..30).map(|i| f64::from(i).powi(2)));
        let result = precision_recall(&set, &set, 3).unwrap();
        assert_eq!((result.precision.value, result.recall.value), (1.0, 1.0));
    }

    #[test]
    fn samples_far_from_all_real_images_have_neither() {
        let result =
            precision_recall(&whole(0..40), &whole(1000..1040), 3).unwrap();
        assert_eq!((result.precision.value, result.recall.value), (0.0, 0.0));
    }

    #[test]
    fn features_of_other_dimensions_are_refused() {
        let plane = points((0..40).map(f64::from)).reshape((20, 2)).unwrap();
        let error = precision_recall(&whole(0..40), &plane, 3).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("the features must be of 1 values"), "{error}");
    }

    /// Half of the samples are real images of one half; the others are wrong. The
    /// ball of the last real image, 39, has a radius of 3, and so reaches to no
    /// sample beyond.
    #[test]
    fn precision_counts_samples_and_recall_counts_real_images() {
        let samples = points((0..20).chain(1000..1020).map(f64::from));
        let result = precision_recall(&whole(0..40), &samples, 3).unwrap();
        assert_eq!(result.precision.value, 0.5);
        // 0 to 19, and 20 to 22, which the ball of 19 reaches: its radius is 3.
        assert_eq!(result.recall.value, 23.0 / 40.0);
    }
}
