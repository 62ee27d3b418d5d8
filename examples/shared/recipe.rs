//! Recipes of training: the DDPM paper's, and one for a few minutes.

use ddpm::data::ImageShape;
use ddpm::math::{PredictionType, Schedule};
use ddpm::nn::{ModelConfig, UNetConfig};
use ddpm::optim::{Adam, Muon, ParamGroups, UpdateRule};
use ddpm::train::{TimestepSampler, TrainConfig};

/// Timesteps of the forward process.
const T: usize = 1000;

/// The choices in which the two recipes differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Recipe {
    pub(crate) schedule: ScheduleKind,
    pub(crate) prediction_type: PredictionType,
    /// The side of a patch of pixels: 1 for single pixels.
    pub(crate) patch_size: usize,
    pub(crate) timestep_sampler: TimestepSampler,
    pub(crate) optimizer: OptimizerKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScheduleKind {
    Linear,
    Cosine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OptimizerKind {
    Adam,
    Muon,
}

impl Recipe {
    /// The model of the DDPM paper, as the book derives it: the linear schedule, a
    /// network on pixels that predicts `ε`, the simple loss, and Adam.
    pub(crate) const PAPER: Self = Self {
        schedule: ScheduleKind::Linear,
        prediction_type: PredictionType::Epsilon,
        patch_size: 1,
        timestep_sampler: TimestepSampler::Uniform,
        optimizer: OptimizerKind::Adam,
    };

    /// The recipe that gives better digits after a few minutes. Its options were
    /// found by trial on short runs.
    pub(crate) const FAST: Self = Self {
        schedule: ScheduleKind::Cosine,
        prediction_type: PredictionType::X0,
        patch_size: 2,
        timestep_sampler: TimestepSampler::LogitNormal { mean: 0.9, std: 0.5 },
        optimizer: OptimizerKind::Muon,
    };

    /// Returns the model for images of this shape. Larger images get more levels,
    /// so that attention at the lowest has at most 256 pixels.
    ///
    /// Patches have a quarter of the pixels, so that a step with twice the channels
    /// takes about as long.
    pub(crate) fn model(
        &self,
        shape: ImageShape,
    ) -> ddpm::Result<ModelConfig<UNetConfig>> {
        let mut block_out_channels = match self.patch_size {
            1 => vec![16, 32, 32],
            _ => vec![32, 64],
        };
        let lowest = block_out_channels[block_out_channels.len() - 1];
        let (mut height, mut width) = (shape.height / 4, shape.width / 4);
        while height * width > 256 && height % 2 == 0 && width % 2 == 0 {
            block_out_channels.push(lowest);
            (height, width) = (height / 2, width / 2);
        }
        Ok(ModelConfig {
            network: UNetConfig {
                image_channels: shape.channels,
                patch_size: self.patch_size,
                block_out_channels,
                ..UNetConfig::digits()
            },
            schedule: match self.schedule {
                ScheduleKind::Linear => Schedule::linear(T, 1e-4, 0.02)?,
                ScheduleKind::Cosine => Schedule::cosine(T)?,
            },
            prediction_type: self.prediction_type,
        })
    }

    /// Returns the options of training.
    pub(crate) fn config(&self) -> TrainConfig {
        let muon = UpdateRule::Muon(Muon {
            learning_rate_factor: 7.0,
            ..Muon::default()
        });
        let adam = UpdateRule::Adam(Adam::default());
        let (weights, learning_rate) = match self.optimizer {
            OptimizerKind::Adam => (adam, 1e-3),
            OptimizerKind::Muon => (muon, 3e-3),
        };
        TrainConfig {
            batch_size: 32,
            learning_rate,
            warmup_steps: 100,
            decay_from: Some(500),
            optimizer: ParamGroups {
                hidden: weights,
                first_and_last: weights,
                biases_and_norms: adam,
            },
            timestep_sampler: self.timestep_sampler,
            ..TrainConfig::default()
        }
    }
}
