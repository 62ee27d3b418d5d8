//! The model of the Swiss roll, and the options of its training.

use candle_core::{Device, Tensor};
use ddpm::data;
use ddpm::math::{PredictionType, Schedule};
use ddpm::nn::{MlpConfig, ModelConfig};
use ddpm::train::TrainConfig;

/// Timesteps of the forward process.
pub(crate) const TIMESTEPS: u32 = 200;

/// Returns the points to learn, `(10000, 2)`.
pub(crate) fn points(seed: u64, device: &Device) -> ddpm::Result<Tensor> {
    let roll = data::swiss_roll(10_000, seed);
    let shape = (roll.len(), 2);
    Ok(Tensor::from_vec(roll.into_flattened(), shape, device)?)
}

/// Returns the model: a network with three hidden layers that predicts the noise.
pub(crate) fn model(timesteps: u32) -> ddpm::Result<ModelConfig<MlpConfig>> {
    Ok(ModelConfig {
        network: MlpConfig { dim: 2, width: 64, layers: 3 },
        schedule: Schedule::linear(timesteps as usize, 1e-3, 0.08)?,
        prediction_type: PredictionType::Epsilon,
    })
}

/// Returns the options of training.
pub(crate) fn config(seed: u64) -> TrainConfig {
    TrainConfig {
        seed,
        batch_size: 256,
        learning_rate: 6e-3,
        decay_from: Some(1000),
        ..TrainConfig::default()
    }
}
