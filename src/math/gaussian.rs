//! Gaussians in one coordinate.
//!
//! All covariances of the derivation are multiples of the identity, so each
//! coordinate can be treated alone: densities multiply over coordinates, and
//! log-densities and KL divergences add. The derivation uses four facts:
//!
//! - an affine map of a Gaussian plus noise is Gaussian ([`Gaussian::affine`]);
//! - a product of two Gaussian densities is a Gaussian density times a number
//!   ([`Gaussian::product`]);
//! - a Gaussian conditioned on a noisy observation is Gaussian
//!   ([`Gaussian::condition`]);
//! - the KL divergence has a closed form ([`Gaussian::kl`]).

use crate::{Error, Result};
use std::f64::consts::TAU;

/// A Gaussian `N(μ, v)`: one coordinate of `N(μ, v I)`, with a positive, finite
/// variance. The mean is finite if it was made from finite points.
///
/// ```
/// use ddpm::math::Gaussian;
/// let x = Gaussian::new(1.5, 0.25)?;
/// assert_eq!((x.mean(), x.variance()), (1.5, 0.25));
/// assert_eq!(Gaussian::STANDARD.affine(0.5, 0.0)?.variance(), 0.25);
/// // A noisy observation of x reduces the variance.
/// assert!(x.condition(1.0, 1.0, 2.0)?.variance() < x.variance());
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaussian {
    mean: f64,
    variance: f64,
}

impl Gaussian {
    /// The standard normal distribution `N(0, 1)`.
    // Not an equation: a constant.
    pub const STANDARD: Self = Self { mean: 0.0, variance: 1.0 };

    /// Creates `N(mean, variance)`.
    ///
    /// # Errors
    /// If the mean is not finite, or the variance not finite and positive.
    ///
    /// ```
    /// use ddpm::math::Gaussian;
    /// assert_eq!(Gaussian::new(0.0, 1.0)?, Gaussian::STANDARD);
    /// assert!(Gaussian::new(0.0, 0.0).is_err());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    // Not an equation: a constructor.
    pub fn new(mean: f64, variance: f64) -> Result<Self> {
        Error::require(mean.is_finite(), "mean", "finite", mean)?;
        let ok = variance > 0.0 && variance.is_finite();
        Error::require(ok, "variance", "positive and finite", variance)?;
        Ok(Self { mean, variance })
    }

    /// Creates a Gaussian whose variance is known to be valid.
    pub(super) fn new_unchecked(mean: f64, variance: f64) -> Self {
        Self { mean, variance }
    }

    /// Returns the mean `μ`.
    // Not an equation: a look-up.
    pub fn mean(self) -> f64 {
        self.mean
    }

    /// Returns the variance `v`.
    // Not an equation: a look-up.
    pub fn variance(self) -> f64 {
        self.variance
    }

    /// Returns the log-density at `x`, in nats.
    ///
    /// # Formula
    /// `ln N(x; μ, v) = -½ ln(2πv) - (x-μ)²/(2v)`
    ///
    /// Equation: eq-gaussian-density
    ///
    /// ```
    /// use ddpm::math::Gaussian;
    /// let at_mode = Gaussian::STANDARD.log_density(0.0);
    /// assert!((at_mode + 0.918_938_533_204_672_7).abs() < 1e-15);
    /// ```
    pub fn log_density(self, x: f64) -> f64 {
        let squared = (x - self.mean).powi(2) / self.variance;
        -0.5 * ((TAU * self.variance).ln() + squared)
    }

    /// Returns the distribution of `y = a x + noise`, where `x` has this
    /// distribution and the noise is `N(0, w)`.
    ///
    /// # Formula
    /// `y ~ N(a μ, a² v + w)`
    ///
    /// Equation: eq-gaussian-bayes
    ///
    /// # Errors
    /// If the result is no Gaussian (`a` or `w` not finite, `w` negative, or
    /// both 0).
    ///
    /// ```
    /// use ddpm::math::Gaussian;
    /// let y = Gaussian::new(1.0, 4.0)?.affine(0.5, 2.0)?;
    /// assert_eq!(y, Gaussian::new(0.5, 3.0)?);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn affine(self, a: f64, w: f64) -> Result<Self> {
        check_noise(w)?;
        Self::new(a * self.mean, a * a * self.variance + w)
    }

    /// Returns the distribution of `x` given an observation `y = a x + noise`,
    /// where `x` has this distribution and the noise is `N(0, w)`.
    ///
    /// # Formula
    /// Precisions add: `x | y ~ N(u (μ/v + a y/w), u)` with
    /// `1/u = 1/v + a²/w`.
    ///
    /// Equation: eq-gaussian-bayes (Bishop 2006, eq. 2.116)
    ///
    /// # Errors
    /// If `w` is not finite and positive, or `a` or `y` not finite.
    ///
    /// ```
    /// use ddpm::math::Gaussian;
    /// // An observation with the variance of the prior halves the variance.
    /// let x = Gaussian::STANDARD.condition(1.0, 1.0, 3.0)?;
    /// assert_eq!(x, Gaussian::new(1.5, 0.5)?);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn condition(self, a: f64, w: f64, y: f64) -> Result<Self> {
        check_noise(w)?;
        // Multiplied out by v w; the variance of y is a² v + w.
        let total = self.affine(a, w)?.variance;
        let mean = (w * self.mean + a * self.variance * y) / total;
        Self::new(mean, self.variance * (w / total))
    }

    /// Returns the product of two densities as `(ln S, N)`: `p q = S · N`.
    ///
    /// # Formula
    /// `N(x; μ, v) N(x; m, w) = N(μ; m, v+w) · N(x; (wμ + vm)/(v+w), vw/(v+w))`
    ///
    /// Equation: eq-gaussian-product
    ///
    /// ```
    /// use ddpm::math::Gaussian;
    /// let (p, q) = (Gaussian::new(0.0, 2.0)?, Gaussian::new(3.0, 2.0)?);
    /// let (_, product) = p.product(q);
    /// assert_eq!(product, Gaussian::new(1.5, 1.0)?);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn product(self, other: Self) -> (f64, Self) {
        let total = self.variance + other.variance;
        let log_scale =
            Self::new_unchecked(other.mean, total).log_density(self.mean);
        let (p, q) = (other.variance / total, self.variance / total);
        let mean = p * self.mean + q * other.mean;
        (log_scale, Self::new_unchecked(mean, self.variance * p))
    }

    /// Returns the Kullback–Leibler divergence `KL(self ‖ other)` in nats. It is
    /// never negative, and 0 only for equal Gaussians.
    ///
    /// # Formula
    /// `KL = ½ (v/w - 1 - ln(v/w) + (μ-m)²/w)` for `N(μ, v)` and `N(m, w)`.
    ///
    /// Equation: eq-gaussian-kl
    ///
    /// ```
    /// use ddpm::math::Gaussian;
    /// let p = Gaussian::new(1.0, 1.0)?;
    /// assert_eq!(p.kl(Gaussian::STANDARD), 0.5);
    /// assert_eq!(p.kl(p), 0.0);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn kl(self, other: Self) -> f64 {
        let w = other.variance;
        let shift = (self.mean - other.mean).powi(2) / w;
        0.5 * (excess(self.variance, w) + shift)
    }
}

/// Returns `r - 1 - ln r` with `r = v/w`, without cancellation near `r = 1` and
/// `r = 0`.
fn excess(v: f64, w: f64) -> f64 {
    let d = (v - w) / w;
    if d.abs() < 1e-3 {
        // The Taylor series of d - ln(1 + d); the next term is 3e-16 of it at
        // most.
        let series = [1.0 / 2.0, -1.0 / 3.0, 1.0 / 4.0, -1.0 / 5.0];
        let tail = |sum, c: &f64| c + d * sum;
        d * d * series.iter().rev().fold(1.0 / 6.0, tail)
    } else if d.abs() < 0.5 {
        d - d.ln_1p()
    } else {
        // Here d has lost what is small in r, but the logarithms have not.
        d - (v.ln() - w.ln())
    }
}

fn check_noise(w: f64) -> Result<()> {
    let ok = w >= 0.0 && w.is_finite();
    Error::require(ok, "w", "a variance, finite and not negative", w)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, simpson, uniforms};
    use approx::assert_relative_eq;

    /// `½ (r - 1 - ln r)` with `r = v/w`, where `r - 1` has lost all of `r`.
    #[test]
    fn kl_of_very_unequal_variances_is_finite_and_right() {
        for exponent in [-300, -20, -15, -12, -3, 3, 12, 20] {
            let (w, r) = (2.0, 10_f64.powi(exponent));
            let (p, q) = (
                Gaussian::new_unchecked(0.0, w * r),
                Gaussian::new_unchecked(0.0, w),
            );
            let log = f64::from(exponent) * std::f64::consts::LN_10;
            let expected = 0.5 * (r - 1.0 - log);
            assert_relative_eq!(p.kl(q), expected, max_relative = 1e-12);
        }
    }

    /// Two Gaussians and a point, drawn from sensible ranges.
    fn draw(seed: u64) -> (Gaussian, Gaussian, f64) {
        let [a, b, c, d, x] = uniforms(seed, -2.0, 2.0);
        let gaussian = |m, v: f64| Gaussian::new(m, v.exp()).unwrap();
        (gaussian(a, b), gaussian(c, d), x)
    }

    /// `E f(x)`, over ±12 standard deviations of `p`.
    fn expectation(p: Gaussian, f: impl Fn(f64) -> f64) -> f64 {
        let weighted = |x| p.log_density(x).exp() * f(x);
        simpson(p.mean(), 12.0 * p.variance().sqrt(), 4000, weighted)
    }

    #[test]
    fn the_density_has_mass_mean_and_variance() {
        check(|seed| {
            let (p, _, _) = draw(seed);
            let variance = |x: f64| (x - p.mean()).powi(2);
            assert_relative_eq!(expectation(p, |_| 1.0), 1.0, epsilon = 1e-12);
            assert_relative_eq!(
                expectation(p, |x| x),
                p.mean(),
                epsilon = 1e-11
            );
            assert_relative_eq!(
                expectation(p, variance),
                p.variance(),
                max_relative = 1e-11
            );
        });
    }

    #[test]
    fn kl_agrees_with_quadrature() {
        check(|seed| {
            let (p, q, _) = draw(seed);
            let log_ratio = |x| p.log_density(x) - q.log_density(x);
            assert_relative_eq!(
                p.kl(q),
                expectation(p, log_ratio),
                epsilon = 1e-10,
                max_relative = 1e-10
            );
            assert!(p.kl(q) >= 0.0);
        });
    }

    /// The case in which the naive formula has no correct digit: `d - ln(1 + d)` is
    /// `d²/2 - d³/3 + d⁴/4 - …`, summed here until nothing changes.
    #[test]
    fn kl_of_nearly_equal_variances_keeps_its_digits() {
        let sizes = [1e-9, 1e-6, 1e-4, 5e-4, 9.99e-4, 1.1e-3, 0.01, 0.2, 0.45];
        for d in sizes.into_iter().flat_map(|size| [size, -size]) {
            let (v, w) = (2.0 * (1.0 + d), 2.0);
            let d: f64 = (v - w) / w; // as rounded
            let term = |k: i32| (-d).powi(k) / f64::from(k);
            let series: f64 = (2..80).rev().map(term).sum();
            let tolerance =
                if d.abs() < 1e-3 { 2e-15 } else { 2e-15 / d.abs() };
            // The numbers are small, so no absolute tolerance.
            assert_relative_eq!(
                excess(v, w),
                series,
                epsilon = 0.0,
                max_relative = tolerance
            );
        }
    }

    #[test]
    fn a_product_is_a_scaled_gaussian_everywhere() {
        check(|seed| {
            let (p, q, x) = draw(seed);
            let (log_scale, n) = p.product(q);
            assert_relative_eq!(
                p.log_density(x) + q.log_density(x),
                log_scale + n.log_density(x),
                epsilon = 1e-11
            );
        });
    }

    /// Bayes' rule, pointwise: prior × likelihood = posterior × evidence.
    #[test]
    fn conditioning_is_bayes() {
        check(|seed| {
            let (prior, other, x) = draw(seed);
            let (a, w, y) = (other.mean(), other.variance(), x + 0.7);
            let likelihood = Gaussian::new(a * x, w).unwrap();
            let evidence = prior.affine(a, w).unwrap();
            let posterior = prior.condition(a, w, y).unwrap();
            assert_relative_eq!(
                prior.log_density(x) + likelihood.log_density(y),
                posterior.log_density(x) + evidence.log_density(y),
                epsilon = 1e-10
            );
        });
    }

    #[test]
    fn what_is_no_gaussian_is_refused() {
        for (mean, variance) in [
            (f64::NAN, 1.0),
            (f64::INFINITY, 1.0),
            (0.0, -1.0),
            (0.0, f64::NAN),
            (0.0, f64::INFINITY),
        ] {
            assert!(Gaussian::new(mean, variance).is_err());
        }
        assert!(Gaussian::STANDARD.affine(1.0, -0.5).is_err());
        assert!(Gaussian::STANDARD.condition(1.0, 0.0, 1.0).is_err());
        assert!(Gaussian::STANDARD.condition(1.0, 1.0, f64::NAN).is_err());
    }
}
