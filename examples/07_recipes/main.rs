//! Lesson 7: from the paper's recipe to the default one, one change at a time.
//!
//! Each recipe is trained with several seeds, for as many steps, and samples digits
//! that are measured as in lesson 6. The lesson writes the measures to
//! `recipes.json`, prints their tables and writes them to files, and draws some
//! digits of each recipe. It takes three to four hours on two cores, and can be
//! stopped: the next call goes on where the last one stopped. For a first look:
//!
//! ```text
//! cargo run --release --example recipes -- --steps 200 --samples 200 --seeds 1 \
//!   --all-steps 0 --out runs/recipes-first
//! ```

#[macro_use]
#[path = "../shared/say.rs"]
mod say;

#[path = "../shared/bar.rs"]
mod bar;
#[path = "../shared/digits.rs"]
mod digits;
#[path = "../shared/markdown.rs"]
mod markdown;
#[path = "../shared/measures.rs"]
mod measures;
#[path = "../shared/new_trainer.rs"]
mod new_trainer;
#[path = "../shared/recipe.rs"]
mod recipe;
#[path = "../shared/samples.rs"]
mod samples;
#[path = "../shared/stop.rs"]
mod stop;

#[cfg(test)]
mod book;
mod cost;
mod ladder;
mod result;
mod run;
mod table;

use anyhow::Result;
use bar::Bar;
use candle_core::Device;
use clap::Parser;
use ddpm::evaluate::ClassifierConfig;
use ladder::{LADDER, Part};
use measures::Evaluator;
use result::{Experiment, Numbers};
use std::path::PathBuf;
use stop::Stop;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Compare recipes of training: from the DDPM paper's to the one of lesson 5, one
/// change at a time.
///
/// Ctrl-C stops it; the same command goes on. Each finished part is kept in the --out
/// folder.
#[derive(Parser, Debug)]
#[command(version)]
struct Args {
    /// Training steps of each run
    #[arg(long, value_name = "N", default_value_t = 1900,
          value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// Runs of each recipe, with seeds 0, 1, 2, …
    #[arg(long, value_name = "N", default_value_t = 3,
          value_parser = clap::value_parser!(u64).range(1..=100))]
    seeds: u64,
    /// Samples of each run, in 30 sampling steps
    #[arg(long, value_name = "N", default_value_t = 3000,
          value_parser = clap::value_parser!(u32).range(100..=100_000))]
    samples: u32,
    /// Samples of the run with seed 0 in all 1000 sampling steps; 0 for none
    #[arg(long, value_name = "N", default_value_t = 1000,
          value_parser = clap::value_parser!(u32).range(0..=100_000))]
    all_steps: u32,
    /// Output folder
    #[arg(long, value_name = "DIR", default_value = "runs/recipes")]
    out: PathBuf,
}

/// Sampling steps of most samples, and all of them.
const FEW: usize = 30;
const ALL: usize = 1000;

fn main() -> Result<()> {
    let args = Args::parse();
    let stop = Stop::watch()?;
    let mut experiment = Experiment::open(&args.out, args.steps)?;
    let parts = parts(&args);
    parts.iter().try_for_each(|&part| experiment.check(part))?;
    let mut evaluator = None;
    for (i, &part) in parts.iter().enumerate() {
        if experiment.has(part) {
            continue;
        }
        note!(
            "part {} of {}: {}, seed {}, {} samples in {} steps",
            i + 1,
            parts.len(),
            part.rung.name,
            part.seed,
            part.samples,
            part.sampling_steps
        );
        let trainer = run::train(part, args.steps, &args.out, &stop)?;
        let Some(trainer) = trainer else { break };
        let samples = run::sample(part, &trainer, &args.out, &stop)?;
        let Some(samples) = samples else { break };
        let evaluator = match &mut evaluator {
            Some(evaluator) => evaluator,
            none => none.insert(evaluator_for(&mut experiment)?),
        };
        let numbers = Numbers::new(&evaluator.measure(&samples)?)?;
        experiment.add(part, numbers)?;
    }
    if stop.requests() == 0
        && experiment.costs.is_empty()
        && let Some(costs) = cost::costs(&stop)?
    {
        experiment.costs = costs;
        experiment.save()?;
    }
    if stop.requests() > 0 {
        note!("stopped; the same command goes on");
    }
    table::write(&experiment, &args.out)?;
    run::picture(&args.out, FEW)
}

/// Returns the parts of the experiment. All recipes with the first seed come first:
/// then there is a table early. The samples in all steps, which take longest, come
/// last.
fn parts(args: &Args) -> Vec<Part> {
    let of_all = |seed, sampling_steps, samples| {
        let part = move |rung| Part { rung, seed, sampling_steps, samples };
        LADDER.iter().map(part)
    };
    let few = |seed| of_all(seed, FEW, args.samples);
    let mut parts: Vec<_> = (0..args.seeds).flat_map(few).collect();
    if args.all_steps > 0 {
        parts.extend(of_all(0, ALL, args.all_steps));
    }
    parts
}

/// Trains the classifier, and measures the test digits.
fn evaluator_for(experiment: &mut Experiment) -> Result<Evaluator> {
    let mut bar = Bar::new("classifier");
    let config = ClassifierConfig::default();
    let epochs = f64::from(config.epochs);
    let progress = |epoch| bar.update(f64::from(epoch) / epochs, "epochs");
    let evaluator = Evaluator::new(config, &Device::Cpu, progress)?;
    let test = evaluator.measure(evaluator.test())?;
    let accuracy = evaluator.accuracy(&test.verdicts);
    bar.finish(&format!("accuracy {accuracy}"));
    experiment.accuracy = Some(accuracy.value);
    experiment.test_digits = Some(Numbers::new(&test)?);
    experiment.save()?;
    Ok(evaluator)
}
