//! Training, with samples at several steps.

use crate::bar::Bar;
use crate::new_trainer::new_trainer;
use crate::recipe::Recipe;
use crate::samples::picture;
use crate::{COLUMNS, is_missing};
use anyhow::{Context, Result};
use candle_core::{Device, Tensor};
use ddpm::math::posterior::ReverseVariance;
use ddpm::nn::{Denoiser, UNet, UNetConfig, Weights, load_model};
use ddpm::plot;
use ddpm::sample::{Method, SampleOptions, sample};
use std::path::Path;

/// The training steps after which samples are drawn.
const SNAPSHOTS: [u32; 7] = [25, 50, 100, 200, 400, 800, 1900];

const MODEL: &str = "paper.safetensors";

/// Trains the paper's recipe with seed 0, draws samples on the way, and returns the
/// model; or reads the model of an earlier call.
pub(crate) fn model(steps: u32, out: &Path) -> Result<Denoiser<UNet>> {
    let path = out.join(MODEL);
    if !is_missing(out, MODEL) {
        let (weights, device) = (Weights::Ema, Device::Cpu);
        return Ok(load_model::<UNetConfig>(&path, weights, &device)?);
    }
    let mut trainer = new_trainer(&Recipe::PAPER, 0)?;
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
    if !rows.is_empty() {
        let rows = Tensor::cat(&rows, 0)?;
        picture(&rows, COLUMNS)?.save(&out.join("training.png"))?;
    }
    // Last: where the model is, the figures are, too.
    trainer.save_weights(&path)?;
    Ok(trainer.into_model()?)
}
