//! The distribution from which training draws timesteps.

use crate::random::Stream;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The distribution of the timestep of an example on `1 … T`.
///
/// ```
/// use ddpm::math::Schedule;
/// use ddpm::train::{Batches, TimestepSampler};
/// # use candle_core::{DType, Device, Tensor};
///
/// let data = Tensor::zeros((1000, 2), DType::F32, &Device::Cpu)?;
/// let mut batches = Batches::new(data, 1000, 42)?;
/// batches.timestep_sampler = TimestepSampler::LogitNormal { mean: 0.0, std: 1.0 };
/// let t = batches.batch(0, &Schedule::cosine(100)?)?.t;
/// // The middle half gets 70 %; uniformly drawn, it gets 50 %.
/// let middle = t.iter().filter(|t| (26..=75).contains(*t)).count();
/// assert!((660..740).contains(&middle));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TimestepSampler {
    /// Uniform: Algorithm 1 of the DDPM paper.
    #[default]
    Uniform,
    /// Logit-normal for seven examples of eight:
    /// `t = ⌈T σ(mean + std n)⌉`, with the logistic function
    /// `σ(x) = 1/(1 + exp(-x))` and `n ~ N(0, 1)`. It draws timesteps in the
    /// middle more often. One example of eight is uniform: otherwise the network
    /// would see few timesteps near the ends, and leave noise in its samples.
    ///
    /// The ends are easier: near `T` the best prediction is almost the mean of the
    /// data, and near 1 it is almost the input. The mean loss equals that
    /// of uniform timesteps with a loss weight for each.
    ///
    /// Source: Esser et al. 2024, section 3.1; the uniform eighth is ours.
    LogitNormal {
        /// The centre: 0 is `T/2`, and larger is later.
        mean: f64,
        /// The width, above 0.
        std: f64,
    },
}

/// A timestep is uniform with probability 1/8.
const UNIFORM_EVERY: usize = 8;

impl TimestepSampler {
    /// Draws a timestep of `1 … steps`.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn draw(self, random: &mut Stream, steps: usize) -> usize {
        match self {
            Self::Uniform => 1 + random.below(steps),
            Self::LogitNormal { .. } if random.below(UNIFORM_EVERY) == 0 => {
                Self::Uniform.draw(random, steps)
            }
            Self::LogitNormal { mean, std } => {
                let x = mean + std * random.normal();
                let position = steps as f64 / (1.0 + (-x).exp());
                // In 0..=steps; 0 only by rounding.
                let t = position.ceil() as usize;
                t.clamp(1, steps)
            }
        }
    }

    pub(super) fn check(self) -> Result<()> {
        let Self::LogitNormal { mean, std } = self else { return Ok(()) };
        let ok = mean.is_finite() && std.is_finite() && std > 0.0;
        let expected = "a finite mean and a finite std above 0";
        let got = format_args!("{mean} and {std}");
        Error::require(ok, "timestep_sampler", expected, got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    /// `P(t ≤ k) = 7/8 Φ((ln(k/(T-k)) - mean)/std) + 1/8 k/T`.
    #[test]
    fn logit_normal_timesteps_have_their_distribution() {
        let (mean, std, steps, count) = (0.3, 1.2, 20, 100_000);
        let sampler = TimestepSampler::LogitNormal { mean, std };
        let mut random = stream(7, Purpose::TrainTime, 0, 0);
        let mut at_most = vec![0_u32; steps + 1];
        for _ in 0..count {
            let t = sampler.draw(&mut random, steps);
            at_most[t..].iter_mut().for_each(|n| *n += 1);
        }
        assert_eq!((at_most[0], at_most[steps]), (0, count));
        for (k, &found) in at_most[..steps].iter().enumerate().skip(1) {
            let (before, after) = (k as f64, (steps - k) as f64);
            let z = ((before / after).ln() - mean) / std;
            let normal = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
            let expected = (7.0 * normal + before / steps as f64) / 8.0;
            let share = f64::from(found) / f64::from(count);
            let sigma = (expected * (1.0 - expected) / f64::from(count)).sqrt();
            assert!((share - expected).abs() < 4.0 * sigma, "{k}: {share}");
        }
    }

    /// The book says so, of the options of the fast recipe.
    #[test]
    fn most_timesteps_are_between_565_and_900() {
        let sampler = TimestepSampler::LogitNormal { mean: 0.9, std: 0.5 };
        let mut random = stream(7, Purpose::TrainTime, 0, 0);
        let count = 100_000;
        let drawn = (0..count).map(|_| sampler.draw(&mut random, 1000));
        let there = drawn.filter(|t| (565..=900).contains(t)).count();
        let share = there as f64 / f64::from(count);
        assert!((share - 0.82).abs() < 0.005, "{share}");
    }

    #[test]
    fn a_std_of_zero_is_refused() {
        for (mean, std) in [(f64::NAN, 1.0), (0.0, 0.0), (0.0, -1.0)] {
            let sampler = TimestepSampler::LogitNormal { mean, std };
            let error = sampler.check().unwrap_err().to_string();
            assert!(error.contains("std above 0"), "{error}");
        }
    }
}
