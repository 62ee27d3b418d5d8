//! Lesson 5: a diffusion model that samples handwritten digits, or pictures like
//! your own.
//!
//! A small U-Net learns to denoise 9,000 digits of MNIST, and then generates
//! digits from noise. After more than 500 steps on the embedded digits, with 50
//! samples or more, the lesson asserts a loss below 0.15 (the loss of predicting
//! zero is about 1), and that the mean of the samples' pixels differs from that of
//! the digits by less than a third.
//!
//! With `--recipe paper` the model is the one that the book derives: a network on
//! pixels predicts the noise, with the linear schedule, the simple loss and Adam.
//! The default, `--recipe fast`, has these differences, which give better digits
//! after few steps: the network works on patches of 2×2 pixels and predicts `x_0`;
//! the schedule is the cosine schedule; timesteps are sampled from a logit-normal
//! distribution; and Muon updates the weights of all layers. Algorithm 2 takes 30
//! of the 1000 timesteps unless asked for more. All coefficients are the book's.
//!
//! ```text
//! cargo run --release --example digits -- --help
//! ```

#[macro_use]
#[path = "../shared/say.rs"]
mod say;

#[path = "../shared/bar.rs"]
mod bar;
#[path = "../shared/recipe.rs"]
mod recipe;
#[path = "../shared/stop.rs"]
mod stop;

mod args;
mod config;
mod data;
mod draw;
mod folder;
mod layout;
mod learn;
mod limits;
mod ranks;
mod report;
mod resume;
mod sheet;

use anyhow::Result;
use args::Args;
use candle_core::Device;
use clap::Parser;
use data::Data;
use ranks::Ranks;
use resume::Earlier;
use stop::Stop;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let args = Args::parse();
    let device = ranks::device(&args.device)?;
    let ranks = Ranks::connect(&device)?;
    ranks.or_abort(run(&args, &device, &ranks))
}

fn run(args: &Args, device: &Device, ranks: &Ranks) -> Result<()> {
    let stop = Stop::watch()?;
    let earlier = Earlier::read(args)?;
    let lock = || folder::lock(&args.out);
    let _lock = ranks.is_first().then(lock).transpose()?;
    if ranks.is_first() {
        folder::remove_partial_files(&args.out)?;
        if let Some(path) = &args.weights {
            folder::check_weights(path, &args.out)?;
        }
    }
    let data = match &earlier {
        Some(earlier) if !earlier.trains => {
            Data::unread(&earlier.info, device)?
        }
        _ => Data::open(args, device, &stop)?,
    };
    // What would fail after training fails now.
    let recipe = config::recipe(args, earlier.as_ref());
    let config = config::config(args, recipe, earlier.as_ref());
    limits::check(args, config.batch_size, &data)?;
    let sheet = sheet::DataSheet::new(args, &data)?;
    let mut run =
        learn::prepare(args, (recipe, config), data, earlier.as_ref(), ranks)?;
    let drawn_before = draw::earlier(&run, args)?;
    if ranks.is_first() {
        sheet.save()?;
    }

    learn::train(&mut run, args, &stop)?;
    let drawn =
        draw::sample(&run, args, drawn_before, &stop).and_then(|samples| {
            let Some(samples) = samples else { return Ok(()) };
            report::write(&run, args, &samples)?;
            report::assert_reached(&run, args, &samples)
        });
    let saved = run.rescue();
    if let (Err(first), Err(_)) = (&drawn, &saved) {
        note!("error: {first:#}");
    }
    saved.and(drawn)
}
