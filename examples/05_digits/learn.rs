//! Training, with checkpoints.

use crate::args::Args;
use crate::bar::Bar;
use anyhow::{Context, Result, bail};
use candle_core::{Device, Tensor};
use ddpm::data::{self, Images};
use ddpm::math::{PredictionType, Schedule, bound};
use ddpm::nn::{ModelConfig, UNetConfig};
use ddpm::optim::{Muon, ParamGroups, UpdateRule};
use ddpm::train::{TimestepSampler, TrainConfig, Trainer};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Steps of the forward process.
const T: usize = 1000;
/// The time between two checkpoints.
const EVERY: Duration = Duration::from_mins(1);

/// A training run.
pub(crate) struct Run {
    pub(crate) trainer: Trainer<UNetConfig>,
    pub(crate) images: Images,
    pub(crate) parameters: usize,
    pub(crate) batch: usize,
    /// Steps and seconds of training in this call of the program.
    pub(crate) new_steps: u32,
    pub(crate) seconds: f64,
    checkpoint: PathBuf,
}

impl Run {
    fn save(&self) -> ddpm::Result<()> {
        self.trainer.save(&self.checkpoint)
    }
}

/// Loads the data, and creates the trainer or restores it from a checkpoint.
pub(crate) fn prepare(args: &Args, device: &Device) -> Result<Run> {
    let images = match &args.data {
        Some(folder) => data::from_folder(folder)?,
        None => data::mnist_10k()?,
    };
    let (height, width) = (images.height(), images.width());
    let shape = (images.len(), 1, height, width);
    let data = Tensor::from_vec(images.scaled(), shape, device)?;

    let model = ModelConfig {
        network: UNetConfig {
            patch_size: 2,
            block_out_channels: vec![32, 64],
            ..UNetConfig::digits()
        },
        schedule: Schedule::cosine(T)?,
        prediction_type: PredictionType::X0,
    };
    if let Some(warning) = bound::prior_warning(&model.schedule) {
        eprintln!("warning: {warning}");
    }
    // The numbers here were found by trial on short runs, and judged by lesson 6.
    let muon =
        UpdateRule::Muon(Muon { learning_rate_factor: 7.0, ..Muon::default() });
    let config = TrainConfig {
        seed: args.seed,
        batch_size: usize::try_from(args.batch)?,
        learning_rate: 3e-3,
        warmup_steps: 100,
        decay_from: 500,
        optimizer: ParamGroups {
            hidden: muon,
            first_and_last: muon,
            ..ParamGroups::default()
        },
        timestep_sampler: TimestepSampler::LogitNormal { mean: 0.9, std: 0.5 },
        ..TrainConfig::default()
    };
    // An image size that the network cannot take is an error here, before any
    // file is written.
    let trainer = Trainer::new(model, data, config)?;
    let mut run = Run {
        parameters: trainer.parameters().count(),
        trainer,
        images,
        batch: config.batch_size,
        new_steps: 0,
        seconds: 0.0,
        checkpoint: args.out.join("checkpoint.safetensors"),
    };
    start(&mut run, args)?;
    Ok(run)
}

/// Resumes; or moves an older checkpoint aside and writes the first one of this
/// run, so that a folder that cannot be written is an error now.
fn start(run: &mut Run, args: &Args) -> Result<()> {
    if args.resume {
        if !run.checkpoint.exists() {
            bail!(
                "there is no {} to resume from; run without --resume first, \
                 or name its folder with --out",
                run.checkpoint.display()
            );
        }
        run.trainer.load(&run.checkpoint)?;
        eprintln!("resuming after step {}", run.trainer.steps());
        return Ok(run.save()?); // the same bytes
    }
    if run.checkpoint.exists() {
        // A copy under an unused name: at every moment there is a checkpoint, and
        // none is lost.
        let name = |i| format!("checkpoint.previous.{i}.safetensors");
        let aside = (1..10_000)
            .map(|i| args.out.join(name(i)))
            .find(|path| !path.exists())
            .context("no name is free for the older checkpoint")?;
        ddpm::write_atomic(&aside, &fs_err::read(&run.checkpoint)?)?;
        eprintln!(
            "starting anew; the older checkpoint is kept as {}",
            aside.display()
        );
    }
    Ok(run.save()?)
}

/// Trains until the last step, the end of the time, or Ctrl-C.
pub(crate) fn train(
    run: &mut Run,
    args: &Args,
    stop: &AtomicU32,
) -> Result<()> {
    let limit = 60.0 * args.minutes.unwrap_or(4.0);
    let (start, first) = (Instant::now(), run.trainer.steps());
    let done = |step: u32| match args.steps {
        Some(steps) if steps <= step => 1.0,
        Some(steps) => f64::from(step - first) / f64::from(steps - first),
        None if limit == 0.0 => 1.0,
        None => start.elapsed().as_secs_f64() / limit,
    };
    let mut bar = Bar::new("training");
    let mut saved = Instant::now();
    let mut mean = None;
    while done(run.trainer.steps()) < 1.0 && stop.load(Ordering::SeqCst) == 0 {
        let Some(report) = run.trainer.next() else { break };
        let report = report?;
        let loss = 0.05 * report.loss + 0.95 * mean.unwrap_or(report.loss);
        mean = Some(loss);
        let seconds = start.elapsed().as_secs_f64();
        let images = f64::from(report.step - first) * run.batch as f64;
        let message = format!(
            "step {} · loss {loss:.4} · {:.0} images/s",
            report.step,
            images / seconds
        );
        bar.update(done(report.step), &message);
        if saved.elapsed() >= EVERY {
            // The next attempt is in a minute: the disk may have space by then.
            if let Err(error) = run.save() {
                eprintln!("warning: no checkpoint now: {error}");
            }
            saved = Instant::now();
        }
    }
    run.new_steps = run.trainer.steps() - first;
    run.seconds = start.elapsed().as_secs_f64();
    run.save()?;
    if run.trainer.steps() == 0 && stop.load(Ordering::SeqCst) > 0 {
        bail!("stopped before the first step; nothing was drawn");
    }
    bar.finish(&format!(
        "{} steps in {:.0} s, {} in all",
        run.new_steps,
        run.seconds,
        run.trainer.steps()
    ));
    Ok(())
}
