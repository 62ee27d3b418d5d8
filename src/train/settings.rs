//! What a training run can choose.

use super::Times;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The settings of a [`Trainer`](super::Trainer); two runs with the same
/// settings, data and network give the same bytes.
///
/// ```
/// use ddpm::train::Settings;
/// let settings = Settings { batch: 64, ..Settings::default() };
/// assert_eq!((settings.batch, settings.clip), (64, 1.0));
/// assert_eq!((settings.learning_rate, settings.ema_decay), (2e-4, 0.9999));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The seed of everything that is random.
    pub seed: u64,
    /// Examples a step.
    pub batch: usize,
    /// The learning rate after warm-up.
    pub learning_rate: f64,
    /// Steps over which the learning rate rises from 0.
    pub warm_up: u32,
    /// The step from which on the learning rate falls as `1/√step`; 0 for
    /// never.
    pub decay_from: u32,
    /// The largest norm that the gradient may have; a longer one is scaled
    /// down to it.
    pub clip: f64,
    /// The final decay of the averaged parameters.
    pub ema_decay: f64,
    /// `λ` of `AdamW`; 0 for plain Adam.
    pub weight_decay: f64,
    /// For convolutions between hidden layers Muon in the place of Adam, with
    /// so many times the learning rate; 0 for Adam alone.
    pub muon: f64,
    /// How often each time is trained on.
    pub times: Times,
}

impl Default for Settings {
    /// The DDPM paper's, but for a warm-up that suits short runs.
    fn default() -> Self {
        Self {
            seed: 0,
            batch: 128,
            learning_rate: 2e-4,
            warm_up: 100,
            decay_from: 0,
            clip: 1.0,
            ema_decay: 0.9999,
            weight_decay: 0.0,
            muon: 0.0,
            times: Times::Uniform,
        }
    }
}

impl Settings {
    /// The learning rate of a 1-based training step.
    ///
    /// # Formula
    /// `η · min(1, step/warm_up) · min(1, √(decay_from/step))`: it depends on
    /// the step alone, so it is the same however long the run turns out.
    ///
    /// ```
    /// use ddpm::train::Settings;
    /// let settings = Settings {
    ///     learning_rate: 0.1,
    ///     warm_up: 10,
    ///     decay_from: 100,
    ///     ..Settings::default()
    /// };
    /// assert_eq!(settings.learning_rate_at(5), 0.05);
    /// assert_eq!(settings.learning_rate_at(50), 0.1);
    /// assert_eq!(settings.learning_rate_at(400), 0.05);
    /// ```
    #[must_use]
    pub fn learning_rate_at(&self, step: u32) -> f64 {
        let ratio = |a: u32, b: u32| f64::from(a) / f64::from(b.max(1));
        let rise =
            if self.warm_up == 0 { 1.0 } else { ratio(step, self.warm_up) };
        let fall = if self.decay_from == 0 {
            1.0
        } else {
            ratio(self.decay_from, step).sqrt()
        };
        self.learning_rate * rise.min(1.0) * fall.min(1.0)
    }

    pub(super) fn check(&self) -> Result<()> {
        let positive = |name, value: f64| {
            if value > 0.0 && value.is_finite() {
                Ok(())
            } else {
                Err(Error::argument(name, "positive and finite", value))
            }
        };
        check_batch(self.batch)?;
        positive("learning_rate", self.learning_rate)?;
        positive("clip", self.clip)?;
        if !(0.0..1.0).contains(&self.ema_decay) {
            return Err(Error::argument(
                "ema_decay",
                "in [0, 1)",
                self.ema_decay,
            ));
        }
        for (name, got) in
            [("weight_decay", self.weight_decay), ("muon", self.muon)]
        {
            if !(got >= 0.0 && got.is_finite()) {
                let expected = "finite and not negative";
                return Err(Error::argument(name, expected, got));
            }
        }
        self.times.check()
    }
}

/// Above this a batch is a typing error: it would not fit any memory.
const LARGEST_BATCH: usize = 1 << 20;

pub(super) fn check_batch(batch: usize) -> Result<()> {
    if (1..=LARGEST_BATCH).contains(&batch) {
        Ok(())
    } else {
        let expected = format!("1 to {LARGEST_BATCH}");
        Err(Error::argument("batch", expected, batch))
    }
}
