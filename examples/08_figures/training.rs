//! Training, with samples at several steps.

use crate::bar::Bar;
use crate::recipe::Recipe;
use crate::{COLUMNS, is_missing, picture};
use anyhow::{Context, Result};
use candle_core::{Device, Tensor};
use ddpm::data::mnist_split;
use ddpm::math::posterior::ReverseVariance;
use ddpm::nn::{Denoiser, UNet, UNetConfig, Weights, load_model};
use ddpm::plot;
use ddpm::sample::{Method, SampleOptions, sample};
use ddpm::train::{TrainConfig, Trainer};
use std::path::Path;

/// The training steps after which samples are drawn.
const SNAPSHOTS: [u32; 7] = [25, 50, 100, 200, 400, 800, 1900];

/// Trains the paper's recipe with seed 0, draws samples on the way, and returns the
/// model; or reads the model of an earlier call.
pub(crate) fn model(steps: u32, out: &Path) -> Result<Denoiser<UNet>> {
    let path = out.join("paper.safetensors");
    if path.exists() && !is_missing(out, "training.png") {
        let (weights, device) = (Weights::Ema, Device::Cpu);
        return Ok(load_model::<UNetConfig>(&path, weights, &device)?);
    }
    let (images, _) = mnist_split()?;
    let recipe = Recipe::PAPER;
    let config = TrainConfig { seed: 0, ..recipe.config() };
    let model = recipe.model(images.shape())?;
    let data = images.to_tensor(&Device::Cpu)?;
    let mut trainer = Trainer::new(model, data, config)?;
    let mut rows = vec![];
    let mut bar = Bar::new("training");
    while trainer.steps() < steps {
        let report = trainer.next().context("training never ends")??;
        let done = f64::from(report.step) / f64::from(steps);
        bar.update(done, &format!("step {} · {:.4}", report.step, report.loss));
        if SNAPSHOTS.contains(&report.step) {
            let options = SampleOptions {
                method: Method::Ancestral(ReverseVariance::BetaTilde),
                ..SampleOptions::default()
            };
            rows.push(sample(&trainer.ema_model()?, COLUMNS, &options)?);
        }
    }
    bar.finish(&format!("{steps} steps"));
    plot::loss(trainer.losses())?.save(&out.join("paper-loss.svg"))?;
    trainer.save_weights(&path)?;
    if !rows.is_empty() {
        let rows = Tensor::cat(&rows, 0)?;
        picture(&rows, COLUMNS)?.save(&out.join("training.png"))?;
    }
    Ok(trainer.into_model()?)
}
