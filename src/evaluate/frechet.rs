//! The Fréchet distance of two sets of features.

use super::Estimate;
use super::nearest::rows;
use crate::{Error, Result};
use candle_core::Tensor;
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// The blocks of the jackknife.
const BLOCKS: usize = 10;

/// Returns the squared Fréchet distance of two sets of features, `(M, d)` and
/// `(N, d)`, with a standard error from the second set.
///
/// A Gaussian is fitted to each set. The distance compares means and covariances,
/// and nothing else. With the features of an Inception network it is known as FID;
/// these features are others, so the numbers cannot be compared.
///
/// The estimate is biased: two finite sets of the same distribution have a positive
/// distance, which falls as `1/N`. Compare sets of the same size, and compare with
/// the distance of real images to real images.
///
/// # Formula
/// `d² = ‖m_1 - m_2‖² + tr(Σ_1 + Σ_2 - 2 (Σ_1 Σ_2)^½)`
///
/// Source: Heusel et al. 2017; Dowson and Landau 1982. The standard error is that of
/// a jackknife over ten blocks.
///
/// # Errors
/// If the sets have other dimensions, fewer than 20 rows or values that are not
/// finite.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::evaluate::frechet_distance;
/// let real = Tensor::randn(0.0, 1.0, (500, 3), &Device::Cpu)?;
/// // The same points, shifted by 2 along each of three axes.
/// let distance = frechet_distance(&real, &(&real + 2.0)?)?;
/// assert!((distance.value - 12.0).abs() < 1e-9);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn frechet_distance(real: &Tensor, samples: &Tensor) -> Result<Estimate> {
    let (real, samples) = (rows(real)?, rows(samples)?);
    let dim = real[0].len();
    let same = samples[0].len() == dim;
    let expected = format_args!("of {dim} values");
    Error::require(same, "the features", expected, samples[0].len())?;
    let fewest = real.len().min(samples.len());
    let enough = fewest >= 2 * BLOCKS;
    let expected = format_args!("at least {}", 2 * BLOCKS);
    Error::require(enough, "the number of features", expected, fewest)?;

    let (mean, covariance) = moments(&real);
    let root = square_root(covariance.clone());
    let distance = |samples: &[Vec<f64>]| {
        let moments = moments(samples);
        distance(&mean, &covariance, &root, &moments)
    };
    let left_out: Vec<f64> = (0..BLOCKS)
        .map(|block| {
            let kept = samples.iter().enumerate();
            let kept = kept.filter(|(i, _)| i % BLOCKS != block);
            distance(&kept.map(|(_, row)| row.clone()).collect::<Vec<_>>())
        })
        .collect();
    Ok(Estimate::jackknife(distance(&samples), &left_out))
}

/// Returns the squared Fréchet distance of two Gaussians, each given by its mean
/// and its covariance, row by row.
///
/// # Panics
/// If a mean of `d` values does not come with a covariance of `d²`.
///
/// ```
/// use ddpm::evaluate::gaussian_frechet_distance;
/// // Along one axis: (m_1 - m_2)² + (σ_1 - σ_2)².
/// let distance = gaussian_frechet_distance((&[1.0], &[4.0]), (&[3.0], &[9.0]));
/// assert!((distance - (4.0 + 1.0)).abs() < 1e-12);
/// ```
pub fn gaussian_frechet_distance(
    (mean, covariance): (&[f64], &[f64]),
    other: (&[f64], &[f64]),
) -> f64 {
    let dim = mean.len();
    let vector = |mean: &[f64]| DVector::from_column_slice(mean);
    let matrix = |values: &[f64]| DMatrix::from_row_slice(dim, dim, values);
    let covariance = matrix(covariance);
    let root = square_root(covariance.clone());
    let other = (vector(other.0), matrix(other.1));
    distance(&vector(mean), &covariance, &root, &other)
}

/// Returns the squared distance; `root` is the square root of `covariance`.
fn distance(
    mean: &DVector<f64>,
    covariance: &DMatrix<f64>,
    root: &DMatrix<f64>,
    (other_mean, other_covariance): &(DVector<f64>, DMatrix<f64>),
) -> f64 {
    // tr (Σ_1 Σ_2)^½ = tr (Σ_1^½ Σ_2 Σ_1^½)^½, and this product is symmetric.
    let product = root * other_covariance * root;
    let eigenvalues = product.symmetric_eigenvalues();
    let cross: f64 = eigenvalues.iter().map(|&x| x.max(0.0).sqrt()).sum();
    (mean - other_mean).norm_squared()
        + covariance.trace()
        + other_covariance.trace()
        - 2.0 * cross
}

/// Returns the square root of a symmetric matrix. Eigenvalues that rounding made
/// negative count as zero.
fn square_root(matrix: DMatrix<f64>) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(matrix);
    let roots = eigen.eigenvalues.map(|x| x.max(0.0).sqrt());
    let vectors = &eigen.eigenvectors;
    vectors * DMatrix::from_diagonal(&roots) * vectors.transpose()
}

/// Returns the mean and the unbiased covariance of the rows.
fn moments(rows: &[Vec<f64>]) -> (DVector<f64>, DMatrix<f64>) {
    let (n, dim) = (rows.len(), rows[0].len());
    let matrix = DMatrix::from_fn(n, dim, |i, j| rows[i][j]);
    let mean = matrix.row_mean();
    let centred = DMatrix::from_fn(n, dim, |i, j| rows[i][j] - mean[j]);
    let covariance = centred.tr_mul(&centred) / (n as f64 - 1.0);
    (mean.transpose(), covariance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};
    use approx::assert_relative_eq;
    use candle_core::Device;

    /// Standard normal points, times a diagonal.
    fn points(count: usize, scales: &[f64], seed: u64) -> Tensor {
        let mut random = stream(seed, Purpose::Data, 0, 0);
        let values: Vec<f64> = (0..count)
            .flat_map(|_| {
                scales.iter().map(|s| s * random.normal()).collect::<Vec<_>>()
            })
            .collect();
        let shape = (count, scales.len());
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    }

    /// Covariances with the same eigenvectors: `Σ (√λ_i - √κ_i)²`; rotated by 60°.
    #[test]
    fn the_distance_of_gaussians_is_known_for_common_axes() {
        let (c, s) = (0.5, 0.75_f64.sqrt());
        let rotated = |a: f64, b: f64| {
            let off = c * s * (a - b);
            [c * c * a + s * s * b, off, off, s * s * a + c * c * b]
        };
        let mean = [0.0, 0.0];
        let distance = gaussian_frechet_distance(
            (&mean, &rotated(4.0, 1.0)),
            (&mean, &rotated(9.0, 16.0)),
        );
        assert_relative_eq!(distance, 1.0 + 9.0, max_relative = 1e-12);
    }

    /// Other eigenvectors, in two dimensions:
    /// `tr (Σ_1 Σ_2)^½ = √(tr Σ_1 Σ_2 + 2 √(det Σ_1 det Σ_2))`.
    #[test]
    fn the_distance_of_gaussians_is_known_in_two_dimensions() {
        let (first, second) = ([2.0, 1.0, 1.0, 3.0], [5.0, -2.0, -2.0, 1.0]);
        let trace = 2.0 * 5.0 + 2.0 * (1.0 * -2.0) + 3.0 * 1.0;
        let cross = (trace + 2.0 * (5.0_f64 * 1.0).sqrt()).sqrt();
        let expected = 5.0 + 6.0 - 2.0 * cross;
        let mean = [0.3, -0.7];
        let distance =
            gaussian_frechet_distance((&mean, &first), (&mean, &second));
        assert_relative_eq!(distance, expected, max_relative = 1e-12);
    }

    #[test]
    fn a_set_has_distance_zero_from_itself() {
        // A singular covariance, too: the third axis is constant.
        let features = points(200, &[1.0, 2.0, 0.0], 1);
        let distance = frechet_distance(&features, &features).unwrap();
        assert!(distance.value.abs() < 1e-9, "{distance}");
    }

    /// The distance of `N(0, 1)` and `N(0, 4)` along two axes is 2. Of 40 sets of
    /// 500 points, the standard error agrees with the spread of the distances.
    #[test]
    fn the_standard_error_is_the_spread_over_repetitions() {
        let real = points(20_000, &[1.0, 1.0], 1);
        let estimates: Vec<Estimate> = (0..40)
            .map(|seed| {
                let samples = points(500, &[2.0, 2.0], 100 + seed);
                frechet_distance(&real, &samples).unwrap()
            })
            .collect();
        let values: Vec<f64> = estimates.iter().map(|e| e.value).collect();
        let mean = Estimate::mean(&values);
        assert!((mean.value - 2.0).abs() < 5.0 * mean.standard_error + 0.02);
        let spread = mean.standard_error * (values.len() as f64).sqrt();
        let errors = estimates.iter().map(|e| e.standard_error.powi(2));
        let error = (errors.sum::<f64>() / values.len() as f64).sqrt();
        assert!((0.7..1.4).contains(&(error / spread)), "{error} {spread}");
    }

    #[test]
    fn sets_that_do_not_fit_are_refused() {
        let (two, three) = (points(50, &[1.0; 2], 1), points(50, &[1.0; 3], 1));
        let error = frechet_distance(&two, &three).unwrap_err().to_string();
        assert!(error.contains("of 2 values, got 3"), "{error}");
        let few = points(19, &[1.0; 2], 1);
        let error = frechet_distance(&two, &few).unwrap_err().to_string();
        assert!(error.contains("at least 20, got 19"), "{error}");
    }
}
