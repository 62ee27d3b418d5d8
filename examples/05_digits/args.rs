//! The command line.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// Train a network on handwritten digits, and let it draw new ones.
///
/// Without options: four minutes of training on the digits that come with
/// the crate, then 100 samples. Ctrl-C stops the training early and draws
/// with what there is; --resume goes on from there.
#[derive(Parser, Debug)]
#[command(version, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Train for M minutes (with --resume: M more) [default: 4]
    #[arg(long, value_name = "M", value_parser = minutes,
          allow_hyphen_values = true)]
    pub(crate) minutes: Option<f64>,
    /// Train until the network has seen N steps in all, those before a resume
    /// included
    #[arg(long, value_name = "N", conflicts_with = "minutes")]
    pub(crate) steps: Option<u32>,
    /// Images in a training step; 32 leave a GPU idle, 256 do not
    #[arg(long, value_name = "B", default_value_t = 32,
          value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) batch: u32,
    /// The seed of everything that is random
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Where to compute: cpu, cuda, cuda:1, … or metal
    #[arg(long, value_name = "D", default_value = "cpu")]
    pub(crate) device: String,
    /// A folder with IDX files (train-images-idx3-ubyte, with or without .gz)
    /// to train on in place of the embedded digits: MNIST, Fashion-MNIST
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// How many samples to draw
    #[arg(long, value_name = "N", default_value_t = 100,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) samples: u32,
    /// How to sample
    #[arg(long, value_enum, default_value = "ddpm")]
    pub(crate) sampler: Kind,
    /// Steps down from noise, at most 1000
    #[arg(long, value_name = "K", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) sample_steps: u32,
    /// Where to write
    #[arg(long, value_name = "DIR", default_value = "runs/digits")]
    pub(crate) out: PathBuf,
    /// Go on from the checkpoint in the --out folder, with the same --seed and
    /// --data as before
    #[arg(long)]
    pub(crate) resume: bool,
}

const EXAMPLES: &str = "\
Examples:
  digits --minutes 1                  a first look
  digits --minutes 60                 better digits
  digits --device cuda --batch 256    on a GPU
  digits --resume --minutes 10        ten minutes more
  digits --resume --steps 0 --sample-steps 1000
                                      no training, only other samples: all
                                      steps of Algorithm 2";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Algorithm 2 of the DDPM paper, with noise at every step
    Ddpm,
    /// The same digits for the same noise: deterministic after the start
    Ddim,
}

fn minutes(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(minutes) if (0.0..=1e6).contains(&minutes) => Ok(minutes),
        _ => Err("it must be a number of minutes, such as 4 or 0.5".into()),
    }
}
