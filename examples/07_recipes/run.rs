//! A training run, and samples of it. Both go on from their files.

use crate::bar::Bar;
use crate::ladder::{LADDER, Part, Rung};
use crate::new_trainer::new_trainer;
use crate::samples::{self, read_samples};
use crate::stop::Stop;
use anyhow::{Context, Result};
use candle_core::Tensor;
use ddpm::math::posterior::ReverseVariance;
use ddpm::nn::{Denoiser, UNet, UNetConfig, write_tensors};
use ddpm::sample::{Method, SampleOptions, sample as draw};
use ddpm::train::Trainer;
use std::path::{Path, PathBuf};

/// Training steps between two checkpoints.
const SAVE_EVERY: u32 = 500;
/// The batch size of sampling.
const BATCH: u32 = 125;

/// Trains a recipe, or goes on with its checkpoint. Returns nothing if it was
/// stopped.
pub(crate) fn train(
    Part { rung, seed, .. }: Part,
    steps: u32,
    out: &Path,
    stop: &Stop,
) -> Result<Option<Trainer<UNetConfig>>> {
    let mut trainer = new_trainer(&rung.recipe, seed)?;
    let name = format!("{}-seed-{seed}.safetensors", rung.run);
    let checkpoint = out.join(name);
    if checkpoint.exists() {
        let resume =
            || format!("cannot go on; remove {}", checkpoint.display());
        trainer.load(&checkpoint).with_context(resume)?;
    }
    let mut bar = Bar::new("training");
    let first = trainer.steps();
    while trainer.steps() < steps && stop.requests() == 0 {
        let report = trainer.next().context("training never ends")??;
        let done = f64::from(report.step - first) / f64::from(steps - first);
        bar.update(done, &format!("step {} · {:.4}", report.step, report.loss));
        if report.step % SAVE_EVERY == 0 {
            trainer.save(&checkpoint)?;
        }
    }
    if trainer.steps() > first {
        trainer.save(&checkpoint)?;
    }
    bar.finish(&format!("{} steps", trainer.steps()));
    Ok((trainer.steps() == steps).then_some(trainer))
}

/// Draws samples `(N, 1, 28, 28)`, after those in the file of an earlier call.
/// Returns nothing if it was stopped.
pub(crate) fn sample(
    Part { rung, seed, sampling_steps: steps, samples: count }: Part,
    trainer: &Trainer<UNetConfig>,
    out: &Path,
    stop: &Stop,
) -> Result<Option<Tensor>> {
    let model: Denoiser<UNet> =
        if rung.ema { trainer.ema_model()? } else { trainer.model()? };
    let path = samples_file(rung, seed, steps, out);
    let mut batches = vec![];
    if path.exists() {
        batches.push(read_samples(&path)?);
    }
    let drawn = |batches: &[Tensor]| -> Result<u32> {
        let counts = batches.iter().map(|batch| batch.dims()[0]);
        Ok(u32::try_from(counts.sum::<usize>())?)
    };
    let mut bar = Bar::new("sampling");
    while drawn(&batches)? < count && stop.requests() == 0 {
        let first = drawn(&batches)?;
        let options = SampleOptions {
            method: Method::Ancestral(ReverseVariance::BetaTilde),
            steps: Some(steps),
            clip_sample: true,
            seed,
            first_index: first,
        };
        let size = BATCH.min(count - first);
        batches.push(draw(&model, size as usize, &options)?);
        let samples = Tensor::cat(&batches, 0)?;
        write_tensors(&path, &[("samples", &samples)], None)?;
        let done = f64::from(first + size) / f64::from(count);
        bar.update(done, &format!("{} of {count}", first + size));
    }
    let samples = Tensor::cat(&batches, 0);
    bar.finish(&format!("{} samples", drawn(&batches)?));
    if drawn(&batches)? < count {
        return Ok(None);
    }
    Ok(Some(samples?.narrow(0, 0, count as usize)?))
}

fn samples_file(rung: &Rung, seed: u64, steps: usize, out: &Path) -> PathBuf {
    let weights = if rung.ema { "" } else { "-last" };
    let name = format!("{}{weights}-seed-{seed}-{steps}", rung.run);
    out.join(format!("{name}.samples.safetensors"))
}

/// Draws the first samples of each recipe with seed 0, one recipe in a row.
pub(crate) fn picture(out: &Path, steps: usize) -> Result<()> {
    const COLUMNS: usize = 14;
    let mut rows = vec![];
    for rung in &LADDER {
        let path = samples_file(rung, 0, steps, out);
        if path.exists() {
            rows.push(read_samples(&path)?.narrow(0, 0, COLUMNS)?);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let path = out.join("recipes.png");
    samples::picture(&Tensor::cat(&rows, 0)?, COLUMNS)?.save(&path)?;
    note!("the first {COLUMNS} digits of each recipe: {}", path.display());
    Ok(())
}
