//! The run that `--resume` continues.

use crate::args::{Args, RecipeKind};
use crate::learn::CHECKPOINT;
use anyhow::{Result, bail, ensure};
use ddpm::train::{CheckpointInfo, TrainConfig, read_info};

/// An earlier run, as its checkpoint describes it.
pub(crate) struct Earlier {
    pub(crate) info: CheckpointInfo,
    /// True if training continues; else samples are drawn with the network as it
    /// is, and the data are not needed.
    pub(crate) trains: bool,
}

impl Earlier {
    /// Reads the checkpoint that `--resume` names, and checks that the command line
    /// can continue its run. Nothing is written.
    pub(crate) fn read(args: &Args) -> Result<Option<Self>> {
        if !args.resume {
            return Ok(None);
        }
        let path = args.out.join(CHECKPOINT);
        ensure!(
            path.exists(),
            "there is no {} to resume from; run without --resume first, or name \
             its folder with --out",
            path.display()
        );
        let info = read_info(&path)?;
        let trains = match args.steps {
            Some(last) => last as usize > info.steps,
            None => args.minutes != Some(0.0),
        };
        let recipe = RecipeKind::of(info.prediction_type);
        if let Some(other) = args.recipe
            && other != recipe
        {
            bail!(
                "the checkpoint was trained with --recipe {}, and cannot continue \
                 with --recipe {}; leave --recipe out, or name another folder with \
                 --out",
                recipe.name(),
                other.name()
            );
        }
        let seed = info.config.seed;
        match args.seed {
            Some(other) if trains && other != seed => bail!(
                "the checkpoint was trained with --seed {seed}, and cannot continue \
                 with --seed {other}; leave --seed out to continue training, or add \
                 --steps 0 to draw other samples without training"
            ),
            _ if trains && args.add => bail!(
                "--add adds samples of the same network, and training changes it; \
                 add --steps 0"
            ),
            _ if trains => note!("resuming after step {}", info.steps),
            _ => note!(
                "no training: the network has {} steps; no data are read",
                info.steps
            ),
        }
        Ok(Some(Self { info, trains }))
    }

    /// Returns the recipe of the run.
    pub(crate) fn recipe(&self) -> RecipeKind {
        RecipeKind::of(self.info.prediction_type)
    }

    /// Prints the options that change.
    pub(crate) fn announce_changes(&self, now: &TrainConfig) {
        let then = &self.info.config;
        let changed = |option: &str, now: f64, then: f64| {
            if self.trains && now != then {
                note!(
                    "{option} was {then} so far, and is {now} from here on: the \
                     result is not byte-identical to an uninterrupted run with \
                     either"
                );
            }
        };
        changed("--batch", now.batch_size as f64, then.batch_size as f64);
        changed("--learning-rate", now.learning_rate, then.learning_rate);
    }
}
