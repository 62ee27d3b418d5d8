//! Lesson 6: evaluation.
//!
//! A small classifier is trained on the 9,000 digits that lesson 5 trains on, and
//! tested on 1,000 others. Then samples are evaluated, beside the test digits: how
//! many are recognised as digits, how far they are from real digits as a set, and
//! whether they are copies. The documentation of `ddpm::evaluate` explains the
//! measures. The lesson asserts a test accuracy of 98 %.
//!
//! ```text
//! cargo run --release --example judge -- runs/digits/samples.safetensors
//! ```

#[macro_use]
#[path = "../shared/say.rs"]
mod say;

#[path = "../shared/digits.rs"]
mod digits;
#[path = "../shared/measures.rs"]
mod measures;
mod report;
mod samples;

use anyhow::{Result, ensure};
use clap::Parser;
use ddpm::evaluate::ClassifierConfig;
use measures::Evaluator;
use std::path::PathBuf;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Evaluate samples of digits beside real digits.
#[derive(Parser, Debug)]
#[command(version)]
struct Args {
    /// File with a tensor `samples`, N x 1 x 28 x 28 in [-1, 1]; without it, only
    /// test digits are evaluated
    samples: Option<PathBuf>,
    /// Epochs of training
    #[arg(long, default_value_t = EPOCHS, allow_hyphen_values = true,
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    epochs: u32,
    /// Device: cpu, cuda, cuda:1, … or metal
    #[arg(long, default_value = "cpu")]
    device: String,
    /// Seed of the classifier and its training
    #[arg(long, default_value_t = 1, allow_hyphen_values = true)]
    seed: u64,
}

const EPOCHS: u32 = 15;
const ACCURACY: f64 = 0.98;

fn main() -> Result<()> {
    let args = Args::parse();
    let device = ddpm::nn::device(&args.device)?;
    // What cannot be evaluated is an error before training.
    let read = |path: &PathBuf| samples::read(path, &device);
    let samples = args.samples.as_ref().map(read).transpose()?;

    let config = ClassifierConfig { seed: args.seed, epochs: args.epochs };
    let progress = |epoch| note!("epoch {epoch} of {}", args.epochs);
    let evaluator = Evaluator::new(config, &device, progress)?;
    let test = evaluator.measure(evaluator.test())?;
    let accuracy = evaluator.accuracy(&test.verdicts);
    say!("accuracy of the classifier on test digits: {accuracy}");
    report::print("test digits", Some(&test), 0);
    ensure!(
        accuracy.value >= ACCURACY || args.epochs < EPOCHS,
        "the accuracy on test digits is {:.3}, and the lesson asserts {ACCURACY}; \
         the seed or the device differs from those that it was tried with",
        accuracy.value
    );

    if let Some((samples, broken)) = samples {
        let some = samples.dim(0)? > 0;
        let measures = some.then(|| evaluator.measure(&samples)).transpose()?;
        report::print("samples", measures.as_ref(), broken);
    }
    Ok(())
}
