//! The cost of each recipe: the time of a step, measured in turns.

use crate::bar::Bar;
use crate::ladder::LADDER;
use crate::measures::quantile;
use crate::new_trainer::new_trainer;
use crate::result::Cost;
use crate::stop::Stop;
use anyhow::{Context, Result};
use ddpm::sample::{SampleOptions, Sampler};
use std::time::Instant;

/// The rounds of the measurement; a round times each recipe once.
const ROUNDS: usize = 5;
/// The training and sampling steps that are timed together.
const TRAINING: usize = 20;
const SAMPLING: usize = 5;
/// The images of a sampling step.
const IMAGES: usize = 64;

/// Times the steps of each recipe in turns. Returns nothing if it was stopped.
pub(crate) fn costs(stop: &Stop) -> Result<Option<Vec<Cost>>> {
    let rungs: Vec<_> = LADDER.iter().filter(|rung| rung.ema).collect();
    let trainers = rungs.iter().map(|rung| new_trainer(&rung.recipe, 0));
    let mut trainers = trainers.collect::<Result<Vec<_>>>()?;
    let mut times = vec![(vec![], vec![]); rungs.len()];
    let mut bar = Bar::new("timing");
    for round in 0..ROUNDS {
        for (trainer, times) in trainers.iter_mut().zip(&mut times) {
            if stop.requests() > 0 {
                return Ok(None);
            }
            let start = Instant::now();
            for _ in 0..TRAINING {
                trainer.next().context("training never ends")??;
            }
            times.0.push(start.elapsed().as_secs_f64() / TRAINING as f64);
            let model = trainer.ema_model()?;
            let options = SampleOptions::default();
            let sampler = Sampler::new(&model, IMAGES, &options)?;
            let start = Instant::now();
            for state in sampler.take(SAMPLING) {
                state?;
            }
            times.1.push(start.elapsed().as_secs_f64() / SAMPLING as f64);
        }
        bar.update((round + 1) as f64 / ROUNDS as f64, "rounds");
    }
    bar.finish("all recipes");
    let costs = rungs.iter().zip(&trainers).zip(times);
    let costs = costs.map(|((rung, trainer), (training, sampling))| Cost {
        recipe: rung.name.to_owned(),
        parameters: trainer.parameters().count(),
        step_seconds: quantile(training, 0.5),
        sampling_seconds: quantile(sampling, 0.5),
    });
    Ok(Some(costs.collect()))
}
