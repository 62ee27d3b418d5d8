//! The trainer of a recipe.

use crate::recipe::Recipe;
use anyhow::Result;
use candle_core::Device;
use ddpm::data::mnist_split;
use ddpm::nn::UNetConfig;
use ddpm::train::{TrainConfig, Trainer};

/// Creates the trainer of a recipe on the 9,000 digits.
pub(crate) fn new_trainer(
    recipe: &Recipe,
    seed: u64,
) -> Result<Trainer<UNetConfig>> {
    let (images, _) = mnist_split()?;
    let model = recipe.model(images.shape())?;
    let config = TrainConfig { seed, ..recipe.config() };
    Ok(Trainer::new(model, images.to_tensor(&Device::Cpu)?, config)?)
}
