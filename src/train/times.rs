//! How often each time is trained on.

use crate::random::Stream;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// How the time of an example is drawn, from `1 … T`.
///
/// ```
/// use ddpm::math::Schedule;
/// use ddpm::train::{Batches, Times};
/// # use candle_core::{DType, Device, Tensor};
///
/// let data = Tensor::zeros((1000, 2), DType::F32, &Device::Cpu)?;
/// let times = Times::Logistic { mean: 0.0, deviation: 1.0 };
/// let mut batches = Batches::new(data, 1000, 42)?.with_times(times)?;
/// let t = batches.batch(0, &Schedule::cosine(100)?)?.t;
/// // The middle half has 70 in 100; of evenly drawn times, 50.
/// let middle = t.iter().filter(|t| (26..=75).contains(*t)).count();
/// assert!((660..740).contains(&middle));
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Times {
    /// Each as often as any other: Algorithm 1 as it stands.
    #[default]
    Uniform,
    /// Times in the middle more often: seven of eight are
    /// `t = ⌈T σ(mean + deviation n)⌉` with the logistic function
    /// `σ(x) = 1/(1 + exp(-x))` and `n ~ N(0, 1)`. One of eight is uniform:
    /// without it the network would hardly ever see the ends, and leave a grain
    /// of noise in its samples.
    ///
    /// At both ends there is less to learn: near `T` the best guess is nearly
    /// the mean of all data, near 1 it is nearly the input. It is the same as
    /// `L_simple` with weights: a variant of it.
    ///
    /// Source: Esser et al. 2024, section 3.1; the one of eight is ours.
    Logistic {
        /// Where the middle is: 0 is `T/2`, and above 0 is later.
        mean: f64,
        /// How wide it is, above 0.
        deviation: f64,
    },
}

/// One of so many times is drawn evenly.
const EVENLY: usize = 8;

impl Times {
    /// One time of `1 … steps`.
    pub(super) fn draw(self, random: &mut Stream, steps: usize) -> usize {
        match self {
            Self::Uniform => 1 + random.below(steps),
            Self::Logistic { .. } if random.below(EVENLY) == 0 => {
                Self::Uniform.draw(random, steps)
            }
            Self::Logistic { mean, deviation } => {
                let x = mean + deviation * random.normal();
                let place = steps as f64 / (1.0 + (-x).exp());
                // In 0 ..= steps; the ends are those of rounding.
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss
                )]
                let t = place.ceil() as usize;
                t.clamp(1, steps)
            }
        }
    }

    pub(super) fn check(self) -> Result<()> {
        match self {
            Self::Logistic { mean, deviation }
                if !(mean.is_finite()
                    && deviation.is_finite()
                    && deviation > 0.0) =>
            {
                let expected =
                    "a finite mean and deviation, the latter above 0";
                let got = format!("{mean} and {deviation}");
                Err(Error::argument("times", expected, got))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    /// `P(t ≤ k) = 7/8 Φ((ln(k/(T-k)) - mean)/deviation) + 1/8 k/T`.
    #[test]
    fn times_have_the_distribution_that_the_formula_says() {
        let (mean, deviation, steps, count) = (0.3, 1.2, 20, 100_000);
        let times = Times::Logistic { mean, deviation };
        let mut random = stream(7, Purpose::TrainTime, 0, 0);
        let mut at_most = vec![0_u32; steps + 1];
        for _ in 0..count {
            let t = times.draw(&mut random, steps);
            at_most[t..].iter_mut().for_each(|n| *n += 1);
        }
        assert_eq!((at_most[0], at_most[steps]), (0, count));
        for (k, &found) in at_most[..steps].iter().enumerate().skip(1) {
            let (before, after) = (k as f64, (steps - k) as f64);
            let z = ((before / after).ln() - mean) / deviation;
            let normal = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
            let expected = (7.0 * normal + before / steps as f64) / 8.0;
            let share = f64::from(found) / f64::from(count);
            let sigma = (expected * (1.0 - expected) / f64::from(count)).sqrt();
            assert!((share - expected).abs() < 4.0 * sigma, "{k}: {share}");
        }
    }

    #[test]
    fn a_deviation_is_above_zero() {
        for (mean, deviation) in [(f64::NAN, 1.0), (0.0, 0.0), (0.0, -1.0)] {
            let times = Times::Logistic { mean, deviation };
            let error = times.check().unwrap_err().to_string();
            assert!(error.contains("deviation"), "{error}");
        }
    }
}
