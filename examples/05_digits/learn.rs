//! Training, with checkpoints.

use crate::args::{Args, RecipeKind};
use crate::bar::Bar;
use crate::data::Data;
use crate::folder;
use crate::ranks::Ranks;
use crate::resume::Earlier;
use crate::stop::Stop;
use anyhow::{Context, Result, bail};
use ddpm::data::ImageShape;
use ddpm::distributed;
use ddpm::math::bound;
use ddpm::nn::UNetConfig;
use ddpm::train::{TrainConfig, Trainer};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The file of the checkpoint.
pub(crate) const CHECKPOINT: &str = "checkpoint.safetensors";

/// A training run.
pub(crate) struct Run {
    pub(crate) trainer: Trainer<UNetConfig>,
    pub(crate) recipe: RecipeKind,
    pub(crate) config: TrainConfig,
    pub(crate) shape: ImageShape,
    /// The number of images to train on, if they were read.
    pub(crate) images: Option<usize>,
    pub(crate) parameters: usize,
    /// Steps and seconds of training in this call of the program.
    pub(crate) new_steps: u32,
    pub(crate) seconds: f64,
    checkpoint: PathBuf,
    pub(crate) saved: bool,
    pub(crate) ranks: Ranks,
}

/// Creates the trainer, or restores it from the checkpoint of an earlier run.
pub(crate) fn prepare(
    args: &Args,
    (recipe, config): (RecipeKind, TrainConfig),
    data: Data,
    earlier: Option<&Earlier>,
    ranks: &Ranks,
) -> Result<Run> {
    let model = recipe.recipe().model(data.shape)?;
    if let Some(warning) = bound::prior_warning(&model.schedule) {
        note!("warning: {warning}");
    }
    let trainer = Trainer::new(model, data.set, config).with_context(|| {
        let hint = if data.can_be_resized {
            "; --size N resizes pictures to N x N"
        } else {
            ""
        };
        format!("cannot train on images of {}{hint}", data.shape)
    })?;
    let trainer = trainer.share_with(Arc::clone(&ranks.0))?;
    let mut run = Run {
        parameters: trainer.parameters().count(),
        trainer,
        recipe,
        config,
        shape: data.shape,
        images: data.count,
        new_steps: 0,
        seconds: 0.0,
        checkpoint: args.out.join(CHECKPOINT),
        saved: !ranks.is_first(),
        ranks: ranks.clone(),
    };
    if let Some(earlier) = earlier {
        run.trainer.load(&run.checkpoint).with_context(|| {
            let data = match &args.data {
                Some(folder) => folder.display().to_string(),
                None => "the embedded digits (no --data)".to_owned(),
            };
            format!(
                "cannot continue with {data}; --data and --size must be as \
                 before, with the same files under the same names"
            )
        })?;
        earlier.announce_changes(&config);
        run.saved |= !earlier.trains;
    } else if ranks.is_first() {
        folder::keep_older_run(&args.out)?;
    }
    if !run.saved {
        run.save()?; // a full disk is an error now
    }
    Ok(run)
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
    let every = Duration::from_secs_f64(60.0 * args.save_minutes);
    let mut bar = Bar::new("training");
    let mut written = Instant::now();
    let (mut mean, mut failed) = (None, None);
    // The clock of the first process decides.
    let has_clock = args.steps.is_some() || run.ranks.is_first();
    let ends = |run: &Run| -> Result<bool> {
        let done = has_clock && done(run.trainer.steps()) >= 1.0;
        let ends = u8::from(done || stop.requests() > 0);
        Ok(distributed::all_reduce_max(&*run.ranks.0, ends)? > 0)
    };
    while !ends(run)? {
        let report = match run.trainer.next() {
            Some(Ok(report)) => report,
            Some(Err(error)) => {
                failed = Some(error);
                break;
            }
            None => break,
        };
        run.saved = !run.ranks.is_first();
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
        if written.elapsed() >= every && !run.saved {
            // The disk may have space when the next attempt comes.
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
    if run.trainer.steps() == 0 && run.ranks.requests(stop)? > 0 {
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
