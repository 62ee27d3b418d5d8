//! Lesson 8: the figures of the second part of the book.
//!
//! The lesson trains the DDPM paper's recipe on digits, and draws how the network is
//! built, how its samples change with training, how sampling goes, and what the
//! measures of lesson 6 say. It takes some twenty minutes on two cores. A figure
//! that is in the output folder is not drawn again.
//!
//! ```text
//! cargo run --release --example figures
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
#[path = "../shared/new_trainer.rs"]
mod new_trainer;
#[allow(dead_code)] // the fast recipe
#[path = "../shared/recipe.rs"]
mod recipe;
#[path = "../shared/samples.rs"]
mod samples;

mod evaluation;
mod network;
mod sampling;
mod training;

use anyhow::Result;
use candle_core::Device;
use clap::Parser;
use digits::Digits;
use std::path::{Path, PathBuf};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Draw the figures of the second part of the book, from a network that is trained
/// on digits by the DDPM paper's recipe.
#[derive(Parser, Debug)]
#[command(version)]
struct Args {
    /// Training steps
    #[arg(long, value_name = "N", default_value_t = 1900,
          value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// Samples of each method that are evaluated
    #[arg(long, value_name = "N", default_value_t = 300,
          value_parser = clap::value_parser!(u32).range(50..=10_000))]
    samples: u32,
    /// Output folder
    #[arg(long, value_name = "DIR", default_value = "runs/figures")]
    out: PathBuf,
}

/// The images in a row of a picture.
const COLUMNS: usize = 12;

fn main() -> Result<()> {
    let args = Args::parse();
    fs_err::create_dir_all(&args.out)?;
    network::draw(&args.out)?;
    let model = training::model(args.steps, &args.out)?;
    sampling::path(&model, &args.out)?;
    let digits = Digits::new(&Device::Cpu)?;
    let recognizer = evaluation::recognizer(&digits)?;
    let samples =
        sampling::methods(&model, args.samples, &recognizer, &args.out)?;
    evaluation::verdicts(&samples, &recognizer, &args.out)?;
    evaluation::neighbours(&samples, &digits, &args.out)?;
    evaluation::held_out(&model, &digits, &args.out)?;
    evaluation::bound(&model, &digits, &args.out)?;
    say!("figures: {}", args.out.display());
    Ok(())
}

/// Returns whether a file of the output folder must be made.
fn is_missing(out: &Path, name: &str) -> bool {
    let path = out.join(name);
    let missing = !path.exists();
    if !missing {
        note!("{} is there; remove it to make it again", path.display());
    }
    missing
}
