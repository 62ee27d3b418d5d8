//! The command line.

use crate::limits::SIDE;
use crate::recipe::Recipe;
use clap::{Parser, ValueEnum};
use ddpm::math::PredictionType;
use std::path::PathBuf;

/// Train a diffusion model on handwritten digits or your own pictures, and sample
/// new ones.
///
/// Without options, it trains for four minutes on the digits that come with the
/// crate, and draws 100 samples. Ctrl-C ends training early, and samples are
/// drawn with the network as it is; --resume continues training.
#[derive(Parser, Debug)]
#[command(version, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Train for M minutes (with --resume: M more) [default: 4]
    #[arg(long, value_name = "M", value_parser = minutes,
          allow_hyphen_values = true)]
    pub(crate) minutes: Option<f64>,
    /// Train until step N, counted from the start of the run, also after
    /// --resume
    #[arg(long, value_name = "N", conflicts_with = "minutes", value_parser = steps,
          allow_hyphen_values = true)]
    pub(crate) steps: Option<u32>,
    /// Save a checkpoint every M minutes, and at the end
    #[arg(long, value_name = "M", default_value_t = 1.0, value_parser = minutes,
          allow_hyphen_values = true)]
    pub(crate) save_minutes: f64,
    /// The options of the model and of training [default: fast]
    #[arg(long, value_enum)]
    pub(crate) recipe: Option<RecipeKind>,
    /// Images in a training step; a GPU needs about 256 to be busy [default: 32]
    #[arg(long, value_name = "B", allow_hyphen_values = true,
          value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) batch: Option<u32>,
    /// The learning rate after warm-up [default: 0.003; of --recipe paper: 0.001]
    #[arg(long, value_name = "R", value_parser = learning_rate,
          allow_hyphen_values = true)]
    pub(crate) learning_rate: Option<f64>,
    /// Seed of all random numbers [default: 0]
    #[arg(long, value_name = "S", value_parser = seed,
          allow_hyphen_values = true)]
    pub(crate) seed: Option<u64>,
    /// Device: cpu, cuda, cuda:1, … or metal
    #[arg(long, value_name = "D", default_value = "cpu")]
    pub(crate) device: String,
    /// A folder to train on in place of the embedded digits: PNG or JPEG files,
    /// or IDX files (train-images-idx3-ubyte: MNIST, Fashion-MNIST, EMNIST)
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Resize the pictures of --data, and crop them to squares of N pixels;
    /// pictures of one size need no --size
    #[arg(long, value_name = "N", requires = "data", value_parser = size,
          allow_hyphen_values = true)]
    pub(crate) size: Option<usize>,
    /// Number of samples
    #[arg(long, value_name = "N", default_value_t = 100, allow_hyphen_values = true,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) samples: u32,
    /// Add the samples to those in the --out folder, which the same network drew
    /// with the same sampler
    #[arg(long, requires = "resume")]
    pub(crate) add: bool,
    /// Sampling method
    #[arg(long, value_enum, default_value = "ddpm")]
    pub(crate) sampler: SamplerKind,
    /// Sampling steps, at most 1000
    #[arg(long, value_name = "K", default_value_t = 30, allow_hyphen_values = true,
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) sample_steps: u32,
    /// Output folder
    #[arg(long, value_name = "DIR", default_value = "runs/digits")]
    pub(crate) out: PathBuf,
    /// Also write the averaged weights alone to a file, as 16-bit numbers; the
    /// file has a sixth of the size of a checkpoint
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,
    /// Continue from the checkpoint in the --out folder, with its seed, batch and
    /// learning rate unless they are given; --data and --size must be the same, but
    /// with --steps 0, which only draws samples, they are ignored
    #[arg(long)]
    pub(crate) resume: bool,
}

const EXAMPLES: &str = "\
Examples:
  digits --minutes 1                  a first look
  digits --minutes 60                 better samples
  digits --recipe paper --sample-steps 1000
                                      the DDPM paper's model and Algorithm 2
  digits --data photos --size 32 --out runs/photos
                                      your own pictures
  digits --device cuda --batch 256    on a GPU
  digits --resume --minutes 10        ten minutes more
  digits --resume --steps 0 --seed 5  no training, no data: other samples
  digits --resume --steps 0 --samples 900 --add
                                      no training, 900 more samples
  digits --resume --steps 0 --sample-steps 1000
                                      no training, samples by all 1000 steps of
                                      Algorithm 2

Ctrl-C, SIGTERM and SIGHUP end what the program does: training (the samples are
drawn with the network as it is), then sampling (what is drawn is kept). The exit
code is 0 if samples were drawn, 1 if not, and 130 if the program was stopped while
it read data or by a third signal. metrics.json has the number of steps. All cores
are used; RAYON_NUM_THREADS=1 uses one, with the same result.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecipeKind {
    /// The DDPM paper's model: linear schedule, a network on pixels that predicts
    /// the noise, Adam
    Paper,
    /// Better digits after a few minutes: cosine schedule, a network on patches
    /// that predicts `x_0`, logit-normal timesteps, Muon
    Fast,
}

impl RecipeKind {
    /// Returns the name on the command line and in `metrics.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Fast => "fast",
        }
    }

    /// Returns the recipe of a network that predicts `prediction_type`.
    pub(crate) fn of(prediction_type: PredictionType) -> Self {
        match prediction_type {
            PredictionType::Epsilon => Self::Paper,
            _ => Self::Fast,
        }
    }

    pub(crate) fn recipe(self) -> Recipe {
        match self {
            Self::Paper => Recipe::PAPER,
            Self::Fast => Recipe::FAST,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SamplerKind {
    /// Ancestral sampling, Algorithm 2 of the DDPM paper: each step adds noise
    Ddpm,
    /// DDIM: deterministic from the initial noise
    Ddim,
}

impl SamplerKind {
    /// Returns the name of the method in `metrics.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ddpm => "ddpm",
            Self::Ddim => "ddim",
        }
    }
}

fn minutes(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(minutes) if (0.0..=1e6).contains(&minutes) => Ok(minutes),
        _ => Err(
            "it must be a number of minutes from 0 to 1000000, such as 4 or \
                  0.5"
            .into(),
        ),
    }
}

fn steps(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "it must be a whole number of steps".into())
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "it must be a whole number, 0 to 2^64 - 1".into())
}

fn size(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(size) if (4..=SIDE).contains(&size) && size % 4 == 0 => Ok(size),
        _ => Err(format!("it must be 4 to {SIDE} pixels, and divisible by 4")),
    }
}

fn learning_rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if rate > 0.0 && rate <= 1.0 => Ok(rate),
        _ => Err("it must be above 0 and at most 1, such as 0.003".into()),
    }
}
