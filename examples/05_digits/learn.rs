//! Training, with checkpoints.

use crate::args::Args;
use crate::bar::Bar;
use crate::data::Data;
use crate::folder;
use crate::recipe::{config, network};
use crate::stop::Stop;
use anyhow::{Context, Result, bail};
use ddpm::data::ImageShape;
use ddpm::math::{PredictionType, Schedule, bound};
use ddpm::nn::{ModelConfig, UNetConfig};
use ddpm::train::{TrainConfig, Trainer, read_config};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Steps of the forward process.
const T: usize = 1000;
/// The time between two checkpoints.
const EVERY: Duration = Duration::from_mins(1);

/// The file of the checkpoint.
pub(crate) const CHECKPOINT: &str = "checkpoint.safetensors";

/// A training run.
pub(crate) struct Run {
    pub(crate) trainer: Trainer<UNetConfig>,
    pub(crate) config: TrainConfig,
    pub(crate) shape: ImageShape,
    pub(crate) images: usize,
    pub(crate) parameters: usize,
    /// Steps and seconds of training in this call of the program.
    pub(crate) new_steps: u32,
    pub(crate) seconds: f64,
    checkpoint: PathBuf,
    pub(crate) saved: bool,
}

/// Creates the trainer, or restores it from a checkpoint.
pub(crate) fn prepare(args: &Args, data: Data) -> Result<Run> {
    let checkpoint = args.out.join(CHECKPOINT);
    let model = ModelConfig {
        network: network(data.shape),
        schedule: Schedule::cosine(T)?,
        prediction_type: PredictionType::X0,
    };
    if let Some(warning) = bound::prior_warning(&model.schedule) {
        note!("warning: {warning}");
    }
    let before = args.resume.then(|| read_config(&checkpoint)).transpose()?;
    let config = config(args, before.as_ref());
    let trainer = Trainer::new(model, data.set, config).with_context(|| {
        let hint = if data.can_be_resized {
            "; --size N resizes pictures to N x N"
        } else {
            ""
        };
        format!("cannot train on images of {}{hint}", data.shape)
    })?;
    let mut run = Run {
        parameters: trainer.parameters().count(),
        trainer,
        config,
        shape: data.shape,
        images: data.count,
        new_steps: 0,
        seconds: 0.0,
        checkpoint,
        saved: false,
    };
    if let Some(before) = before {
        resume(&mut run, args, &before)?;
    } else {
        if run.checkpoint.exists() {
            folder::keep_older(&args.out)?;
        }
        run.save()?; // a full disk is an error now
    }
    Ok(run)
}

/// Checks that there is a checkpoint to resume from, before anything is written.
pub(crate) fn check_resume(args: &Args) -> Result<()> {
    let checkpoint = args.out.join(CHECKPOINT);
    if args.resume && !checkpoint.exists() {
        bail!(
            "there is no {} to resume from; run without --resume first, or name \
             its folder with --out",
            checkpoint.display()
        );
    }
    Ok(())
}

/// Loads the checkpoint, and says which options differ from the options `before`.
fn resume(run: &mut Run, args: &Args, before: &TrainConfig) -> Result<()> {
    run.trainer
        .load(&run.checkpoint)
        .context("cannot resume; --data and --size must be as before")?;
    let steps = run.trainer.steps();
    let trains = match args.steps {
        Some(last) => last > steps,
        None => args.minutes != Some(0.0),
    };
    let other_seed = args.seed.filter(|&seed| seed != before.seed);
    match other_seed {
        Some(seed) if trains => bail!(
            "the checkpoint was trained with --seed {}, and cannot continue with \
             --seed {seed}; leave --seed out to continue training, or add \
             --steps 0 to draw other samples without training",
            before.seed
        ),
        _ if trains => note!("resuming after step {steps}"),
        _ => note!("no training: the network has {steps} steps"),
    }
    if trains && args.add {
        bail!(
            "--add adds samples of the same network, and training changes it; \
             add --steps 0"
        );
    }
    let changed = |option: &str, now: f64, then: f64| {
        if trains && now != then {
            note!(
                "{option} was {then} so far, and is {now} from here on: the \
                 result is not byte-identical to an uninterrupted run with either"
            );
        }
    };
    let (now, then) = (&run.config, before);
    changed("--batch", now.batch_size as f64, then.batch_size as f64);
    changed("--learning-rate", now.learning_rate, then.learning_rate);
    if trains {
        run.save()?;
    }
    run.saved = true;
    Ok(())
}

/// Trains until the last step, the end of the time, or a request to stop. An error
/// of the last checkpoint is no error here: [`Run::rescue`] tries again.
pub(crate) fn train(run: &mut Run, args: &Args, stop: &Stop) -> Result<()> {
    let limit = 60.0 * args.minutes.unwrap_or(4.0);
    let (start, first) = (Instant::now(), run.trainer.steps());
    let done = |step: u32| match args.steps {
        Some(steps) if steps <= step => 1.0,
        Some(steps) => f64::from(step - first) / f64::from(steps - first),
        None if limit == 0.0 => 1.0,
        None => start.elapsed().as_secs_f64() / limit,
    };
    let mut bar = Bar::new("training");
    let mut written = Instant::now();
    let (mut mean, mut failed) = (None, None);
    while done(run.trainer.steps()) < 1.0 && stop.requests() == 0 {
        let report = match run.trainer.next() {
            Some(Ok(report)) => report,
            Some(Err(error)) => {
                failed = Some(error);
                break;
            }
            None => break,
        };
        run.saved = false;
        let loss = 0.05 * report.loss + 0.95 * mean.unwrap_or(report.loss);
        mean = Some(loss);
        let seconds = start.elapsed().as_secs_f64();
        let images =
            f64::from(report.step - first) * run.config.batch_size as f64;
        let message = format!(
            "step {} · loss {loss:.4} · {:.0} images/s",
            report.step,
            images / seconds
        );
        bar.update(done(report.step), &message);
        if written.elapsed() >= EVERY {
            // The next attempt is in a minute: the disk may have space by then.
            if let Err(error) = run.save() {
                note!("warning: no checkpoint now: {error}");
            }
            written = Instant::now();
        }
    }
    run.new_steps = run.trainer.steps() - first;
    run.seconds = start.elapsed().as_secs_f64();
    if !run.saved
        && let Err(error) = run.save()
    {
        note!("warning: the training is not saved yet: {error}");
    }
    if let Some(error) = failed {
        match run.rescue() {
            Ok(()) => note!("{} steps are saved", run.trainer.steps()),
            Err(error) => note!("error: {error}"),
        }
        return Err(error.into());
    }
    if run.trainer.steps() == 0 && stop.requests() > 0 {
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

impl Run {
    fn save(&mut self) -> ddpm::Result<()> {
        self.trainer.save(&self.checkpoint)?;
        self.saved = true;
        Ok(())
    }

    /// Saves the training if that failed before: once more where it belongs, or
    /// else in the folder for temporary files.
    pub(crate) fn rescue(&mut self) -> Result<()> {
        if self.saved {
            return Ok(());
        }
        let Err(error) = self.save() else {
            note!("the training is saved now");
            return Ok(());
        };
        let name =
            format!("ddpm-checkpoint-{}.safetensors", std::process::id());
        let elsewhere = std::env::temp_dir().join(name);
        let path = self.checkpoint.display();
        match self.trainer.save(&elsewhere) {
            Ok(()) => bail!(
                "{error}; the training is saved as {} instead: make space, move \
                 it to {path}, and continue with --resume",
                elsewhere.display()
            ),
            Err(second) => bail!(
                "{error}, nor in the folder for temporary files ({second}); the \
                 checkpoint is the last one that was written"
            ),
        }
    }
}
