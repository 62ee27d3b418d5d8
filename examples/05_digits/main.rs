//! Lesson 5: a diffusion model that samples handwritten digits.
//!
//! A small U-Net learns to denoise 10,000 digits of MNIST, and then generates
//! digits from noise. After more than 500 steps on the embedded digits, with 50
//! samples or more, the lesson asserts a loss below 0.15 (the loss of predicting
//! zero is about 1), and that the mean of the samples' pixels differs from that of
//! the digits by less than a third.
//!
//! The model is the DDPM of the book with these differences, which give better
//! digits after few steps: the network works on patches of 2×2 pixels and predicts
//! `x_0`; the schedule is the cosine schedule; timesteps are sampled from a
//! logit-normal distribution; Muon updates the weights of all layers; and
//! Algorithm 2 takes 30 of the 1000 timesteps. All coefficients are the book's.
//!
//! ```text
//! cargo run --release --example digits -- --help
//! ```

#[path = "../shared/bar.rs"]
mod bar;

mod args;
mod draw;
mod learn;
mod report;

use anyhow::{Context, Result};
use args::Args;
use clap::Parser;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let args = Args::parse();
    let stop = watch_ctrl_c()?;
    let device = ddpm::nn::device(&args.device)?;
    let mut run = learn::prepare(&args, &device)?;
    learn::train(&mut run, &args, &stop)?;
    let samples = draw::sample(&run, &args, &stop)?;
    report::write(&run, &args, &samples)?;
    report::assert_reached(&run, &args, &samples)
}

/// Counts Ctrl-C; the third one ends the program.
fn watch_ctrl_c() -> Result<Arc<AtomicU32>> {
    let presses = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&presses);
    ctrlc::set_handler(move || {
        if counter.fetch_add(1, Ordering::SeqCst) >= 2 {
            std::process::exit(130);
        }
    })
    .context("cannot watch for Ctrl-C")?;
    Ok(presses)
}
