//! A mixture of Gaussians: data whose perfect network has a closed form.
//!
//! With noise, each component stays Gaussian: `N(√ᾱ_t m_k, v_t I)` with
//! `v_t = ᾱ_t s² + 1 - ᾱ_t`. Given `x_t`, component `k` has some
//! probability, and within it `E[ε | x_t]` is linear in `x_t`. No network can
//! do better than this mean, so its loss is the floor that training
//! approaches.

use crate::math::{Timestep, forward};
use crate::random::{Purpose, stream};
use crate::{Error, Result};

/// A mixture of equally likely, isotropic Gaussians in the plane.
///
/// ```
/// use ddpm::data::Mixture;
/// let pair = Mixture::new(vec![[-1.0, 0.0], [1.0, 0.0]], 0.1)?;
/// let points = pair.sample(1000, 42);
/// let left = points.iter().filter(|point| point[0] < 0.0).count();
/// assert!(left.abs_diff(500) < 100);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    means: Vec<[f64; 2]>,
    std: f64,
}

impl Mixture {
    /// Creates a mixture of Gaussians at `means`, with standard deviation `std`
    /// along both axes.
    ///
    /// # Errors
    /// If there are no means, one is not finite, or `std` is not positive and
    /// finite.
    ///
    /// ```
    /// use ddpm::data::Mixture;
    /// let narrow = Mixture::new(vec![[3.0, 4.0]], 1e-3)?;
    /// let [x, y] = narrow.sample(1, 42)[0];
    /// assert!((x - 3.0).abs() < 0.01 && (y - 4.0).abs() < 0.01);
    /// assert!(Mixture::new(vec![], 1e-3).is_err());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(means: Vec<[f64; 2]>, std: f64) -> Result<Self> {
        let finite = means.iter().flatten().all(|m| m.is_finite());
        let (ok, got) =
            (finite && !means.is_empty(), format_args!("{means:?}"));
        Error::require(ok, "means", "one or more finite points", got)?;
        let ok = std > 0.0 && std.is_finite();
        Error::require(ok, "std", "positive and finite", std)?;
        Ok(Self { means, std })
    }

    /// Creates `count` Gaussians on a circle; the mixture has about variance 1.
    ///
    /// # Errors
    /// If `count` is 0.
    ///
    /// ```
    /// use ddpm::data::Mixture;
    /// let ring = Mixture::ring(8)?;
    /// assert_eq!(ring.sample(100, 42).len(), 100);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn ring(count: usize) -> Result<Self> {
        let mean = |k: usize| {
            let angle = std::f64::consts::TAU * k as f64 / count as f64;
            [1.4 * angle.cos(), 1.4 * angle.sin()]
        };
        Self::new((0..count).map(mean).collect(), 0.14)
    }

    /// Draws `count` points.
    ///
    /// ```
    /// use ddpm::data::Mixture;
    /// let ring = Mixture::ring(8)?;
    /// // More points leave the first as they are.
    /// assert_eq!(ring.sample(10, 42), ring.sample(100, 42)[..10]);
    /// assert_ne!(ring.sample(10, 42), ring.sample(10, 43));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    #[allow(clippy::cast_possible_truncation)] // f32 is what networks take
    pub fn sample(&self, count: u32, seed: u64) -> Vec<[f32; 2]> {
        let point = |i| {
            let mut random = stream(seed, Purpose::Data, 0, i);
            let mean = self.means[random.below(self.means.len())];
            mean.map(|m| (m + self.std * random.normal()) as f32)
        };
        (0..count).map(point).collect()
    }

    /// Returns `E[ε | x_t]`, the output of the perfect network.
    ///
    /// # Formula
    /// `E[ε | x_t] = Σ_k p(k | x_t) √(1-ᾱ_t)/v_t (x_t - √ᾱ_t m_k)` with
    /// `p(k | x_t) ∝ N(x_t; √ᾱ_t m_k, v_t I)`, `v_t = ᾱ_t s² + 1 - ᾱ_t`.
    ///
    /// This is Bayes' rule for the components.
    ///
    /// ```
    /// use ddpm::{data::Mixture, math::Schedule};
    /// let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    /// // A single point at (1, 0), almost: all that differs is noise.
    /// let point = Mixture::new(vec![[1.0, 0.0]], 1e-9)?;
    /// let at = schedule.at(400)?;
    /// let x_t = [at.alpha_bar().sqrt(), at.one_minus_alpha_bar().sqrt()];
    /// let [a, b] = point.epsilon(at, x_t);
    /// assert!(a.abs() < 1e-9 && (b - 1.0).abs() < 1e-9);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn epsilon(&self, at: Timestep, x_t: [f64; 2]) -> [f64; 2] {
        let c = forward::closed_form(at);
        let v = forward::variance(at, self.std.powi(2));
        let offsets = self
            .means
            .iter()
            .map(|m| [x_t[0] - c.x_0 * m[0], x_t[1] - c.x_0 * m[1]]);
        let log_weight = |[x, y]: [f64; 2]| -(x * x + y * y) / (2.0 * v);
        let highest =
            offsets.clone().map(log_weight).fold(f64::NEG_INFINITY, f64::max);
        let (mut total, mut mean) = (0.0, [0.0; 2]);
        for offset in offsets {
            let weight = (log_weight(offset) - highest).exp();
            total += weight;
            mean[0] += weight * offset[0];
            mean[1] += weight * offset[1];
        }
        mean.map(|m| c.epsilon / v * m / total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Gaussian;
    use crate::testing::{check, random_schedule, uniforms};
    use approx::assert_relative_eq;

    /// Tweedie: `E[ε | x_t] = -√(1-ᾱ_t) ∇ ln q(x_t)`, with the gradient by
    /// finite differences of the log-density.
    #[test]
    fn the_perfect_network_is_the_score() {
        check(|seed| {
            let [a, b, c, d, x, y] = uniforms(seed, -1.5, 1.5);
            let mixture = Mixture::new(vec![[a, b], [c, d]], 0.3).unwrap();
            for at in random_schedule(seed).iter() {
                let c = forward::closed_form(at);
                let v = at.alpha_bar() * 0.09 + at.one_minus_alpha_bar();
                let log_density = |x: [f64; 2]| {
                    let component = |m: &[f64; 2]| {
                        let axis = |i: usize| {
                            let g = Gaussian::new(c.x_0 * m[i], v).unwrap();
                            g.log_density(x[i])
                        };
                        (axis(0) + axis(1)).exp()
                    };
                    mixture.means.iter().map(component).sum::<f64>().ln()
                };
                let h = 1e-4 * v.sqrt();
                let slope = |dx: f64, dy: f64| {
                    let ahead = log_density([x + dx, y + dy]);
                    (ahead - log_density([x - dx, y - dy])) / (2.0 * h)
                };
                // Beyond this the density underflows.
                if log_density([x, y]) < -300.0 {
                    continue;
                }
                let epsilon = mixture.epsilon(at, [x, y]);
                for (e, s) in
                    epsilon.into_iter().zip([slope(h, 0.0), slope(0.0, h)])
                {
                    assert_relative_eq!(
                        e,
                        -c.epsilon * s,
                        epsilon = 1e-5,
                        max_relative = 1e-5
                    );
                }
            }
        });
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert!(Mixture::new(vec![], 1.0).is_err());
        assert!(Mixture::new(vec![[0.0, f64::NAN]], 1.0).is_err());
        assert!(Mixture::new(vec![[0.0, 0.0]], 0.0).is_err());
        assert!(Mixture::new(vec![[0.0, 0.0]], -0.5).is_err());
        assert!(Mixture::ring(0).is_err());
    }
}
