//! A measured number with its standard error.

use std::fmt;

/// A number that was estimated from a random sample, and its standard error.
///
/// ```
/// use ddpm::evaluate::Estimate;
/// let mean = Estimate::mean(&[1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(mean.value, 2.5);
/// assert!((mean.standard_error - (5.0 / 12.0_f64).sqrt()).abs() < 1e-12);
/// assert_eq!(mean.to_string(), "2.500 ± 0.645");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimated value.
    pub value: f64,
    /// The standard error of the value; NaN if a single observation was made.
    pub standard_error: f64,
}

impl Estimate {
    /// Returns the mean of independent observations.
    ///
    /// # Formula
    /// `m = Σ x_i / n`, with the standard error `√(Σ (x_i - m)² / (n (n - 1)))`.
    pub fn mean(observations: &[f64]) -> Self {
        let n = observations.len() as f64;
        let value = observations.iter().sum::<f64>() / n;
        let squares = observations.iter().map(|x| (x - value).powi(2));
        let variance = squares.sum::<f64>() / (n - 1.0);
        Self { value, standard_error: (variance / n).sqrt() }
    }

    /// Returns the share `k / n` of independent trials that succeeded.
    ///
    /// # Formula
    /// `p = k / n`, with the standard error `√(p (1 - p) / n)`. It is 0 if all
    /// trials succeeded or none did, and says nothing then. With a true share of
    /// `3 / n`, no trial succeeds in 5 % of all cases. Without trials, both numbers
    /// are NaN.
    ///
    /// ```
    /// use ddpm::evaluate::Estimate;
    /// assert_eq!(Estimate::share(90, 100).to_string(), "0.900 ± 0.030");
    /// ```
    pub fn share(successes: usize, trials: usize) -> Self {
        let (k, n) = (successes as f64, trials as f64);
        let value = k / n;
        Self { value, standard_error: (value * (1.0 - value) / n).sqrt() }
    }

    /// Returns a value with the standard error of the jackknife: `left_out` are the
    /// values that the same estimator gives if one of `g` blocks of the
    /// observations is left out.
    ///
    /// # Formula
    /// `√((g - 1)/g Σ (θ_i - θ̄)²)`, where `θ_i` is the value without block `i`.
    ///
    /// Source: Efron and Stein 1981, for blocks of one; Shao and Tu 1995, section 2.3.
    ///
    /// ```
    /// use ddpm::evaluate::Estimate;
    /// // For a mean, and blocks of one, it is the standard error of the mean.
    /// let (all, left_out) = (2.5, [3.0, 8.0 / 3.0, 7.0 / 3.0, 2.0]);
    /// let mean = Estimate::mean(&[1.0, 2.0, 3.0, 4.0]);
    /// let jackknife = Estimate::jackknife(all, &left_out);
    /// assert!((jackknife.standard_error - mean.standard_error).abs() < 1e-12);
    /// ```
    pub fn jackknife(value: f64, left_out: &[f64]) -> Self {
        let g = left_out.len() as f64;
        let mean = left_out.iter().sum::<f64>() / g;
        let squares = left_out.iter().map(|x| (x - mean).powi(2));
        let variance = (g - 1.0) / g * squares.sum::<f64>();
        Self { value, standard_error: variance.sqrt() }
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let digits = f.precision().unwrap_or(3);
        let Self { value, standard_error } = self;
        write!(f, "{value:.digits$} ± {standard_error:.digits$}")
    }
}
