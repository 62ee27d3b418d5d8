//! The options of a training run.

use super::TimestepSampler;
use super::loss_weight::LossWeight;
use crate::optim::ParamGroups;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The options of a [`Trainer`](super::Trainer). Two runs with the same options,
/// data and model give the same bytes.
///
/// ```
/// use ddpm::train::TrainConfig;
/// let config = TrainConfig { batch_size: 64, ..TrainConfig::default() };
/// assert_eq!((config.batch_size, config.max_grad_norm), (64, Some(1.0)));
/// assert_eq!((config.learning_rate, config.ema_decay), (2e-4, 0.9999));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    /// The seed of the initial weights, the batches, timesteps and noise.
    pub seed: u64,
    /// Examples in a step.
    pub batch_size: usize,
    /// The learning rate after warm-up.
    pub learning_rate: f64,
    /// Steps in which the learning rate rises from 0.
    pub warmup_steps: u32,
    /// The first step of the decay of the learning rate as `1/√step`, if it
    /// decays.
    pub decay_from: Option<u32>,
    /// The largest norm of the gradient, if there is one; a longer gradient is
    /// scaled down to it.
    pub max_grad_norm: Option<f64>,
    /// The final decay of the exponential moving average.
    pub ema_decay: f64,
    /// The update rule of each group of parameters.
    pub optimizer: ParamGroups,
    /// The distribution of timesteps.
    pub timestep_sampler: TimestepSampler,
    /// The weight of each timestep in the loss.
    pub loss_weight: LossWeight,
}

impl Default for TrainConfig {
    /// Returns the options of the DDPM paper and its code for CIFAR-10, with two
    /// exceptions: the learning rate warms up for 100 steps in place of 5,000, and
    /// the average has a [warm-up](crate::optim::Ema::decay_at). (The paper also uses
    /// dropout and flips the images. The networks here have no dropout, and a
    /// [`Dataset`](super::Dataset) may flip.)
    fn default() -> Self {
        Self {
            seed: 0,
            batch_size: 128,
            learning_rate: 2e-4,
            warmup_steps: 100,
            decay_from: None,
            max_grad_norm: Some(1.0),
            ema_decay: 0.9999,
            optimizer: ParamGroups::default(),
            timestep_sampler: TimestepSampler::default(),
            loss_weight: LossWeight::default(),
        }
    }
}

impl TrainConfig {
    /// Returns the learning rate of a training step; the first step is 1.
    ///
    /// # Formula
    /// `η · min(1, step/warmup_steps) · min(1, √(decay_from/step))`, without the
    /// last factor if `decay_from` is `None`. The rate does not depend on the length of
    /// the run.
    ///
    /// ```
    /// use ddpm::train::TrainConfig;
    /// let config = TrainConfig {
    ///     learning_rate: 0.1,
    ///     warmup_steps: 10,
    ///     decay_from: Some(100),
    ///     ..TrainConfig::default()
    /// };
    /// assert_eq!(config.learning_rate_at(5), 0.05);
    /// assert_eq!(config.learning_rate_at(50), 0.1);
    /// assert_eq!(config.learning_rate_at(400), 0.05);
    /// ```
    pub fn learning_rate_at(&self, step: u32) -> f64 {
        let ratio = |a: u32, b: u32| f64::from(a) / f64::from(b.max(1));
        let warmup = ratio(step, self.warmup_steps);
        let decay =
            self.decay_from.map_or(1.0, |from| ratio(from, step).sqrt());
        self.learning_rate * warmup.min(1.0) * decay.min(1.0)
    }

    pub(super) fn check(&self) -> Result<()> {
        let positive = |name, x: f64| {
            let ok = x > 0.0 && x.is_finite();
            Error::require(ok, name, "positive and finite", x)
        };
        positive("learning_rate", self.learning_rate)?;
        let first = self.decay_from.unwrap_or(1);
        Error::require(first > 0, "decay_from", "positive, or None", first)?;
        positive("max_grad_norm", self.max_grad_norm.unwrap_or(1.0))?;
        let decay = self.ema_decay;
        let ok = (0.0..1.0).contains(&decay);
        Error::require(ok, "ema_decay", "in [0, 1)", decay)?;
        self.optimizer.check()?;
        self.timestep_sampler.check()?;
        self.loss_weight.check()
    }
}
