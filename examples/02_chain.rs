//! Lesson 2: the chain against the closed form.
//!
//! A thousand small steps and the closed form `x_t = √ᾱ_t x_0 + √(1-ᾱ_t) ε` have
//! the same distribution. The lesson adds noise to a digit step by step. At several
//! timesteps it asserts that the mean and the variance agree with the closed form,
//! within 5 standard errors over the pixels.
//!
//! ```text
//! cargo run --release --example chain
//! ```

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

#[macro_use]
#[path = "shared/say.rs"]
mod say;

use anyhow::{Result, ensure};
use clap::Parser;
use ddpm::math::{Schedule, bound, forward};
use ddpm::random::{Purpose, stream};
use ddpm::{data, plot};
use std::path::Path;

const SIZE: usize = 28 * 28;
/// The number of copies of the digit.
const COPIES: u32 = 50;

/// Compare a thousand steps of noise with the closed form, and draw them to
/// runs/course.
#[derive(Parser, Debug)]
#[command(version)]
struct Args {}

fn main() -> Result<()> {
    Args::parse();
    let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    let digit = data::mnist_10k()?.scaled()[..SIZE].to_vec();

    // Step by step, each step with new noise.
    let mut x: Vec<Vec<f32>> = vec![digit.clone(); COPIES as usize];
    for at in schedule.iter() {
        let c = forward::one_step(at);
        let step = u32::try_from(at.t())?;
        for (x, copy) in x.iter_mut().zip(0..) {
            let mut random = stream(42, Purpose::TrainNoise, step, copy);
            for pixel in x {
                let (x_prev, epsilon) = (f64::from(*pixel), random.normal());
                *pixel = (c.x_prev * x_prev + c.epsilon * epsilon) as f32;
            }
        }
        if [1, 10, 100, 250, 500, 1000].contains(&at.t()) {
            compare(&schedule, at.t(), &digit, &x)?;
        }
    }

    let l_t = bound::bits(bound::prior(&schedule, 1.0));
    say!("x_T differs from N(0, I) by L_T = {l_t:.1e} bits per dimension");

    let folder = Path::new("runs/course");
    let all: Vec<f32> = x.concat();
    let figure = plot::histogram("x_T against N(0, 1)", &all)?;
    figure.save(&folder.join("x_T.svg"))?;
    let times = [0, 50, 100, 200, 300, 400, 500, 700, 1000];
    let strip = plot::noisy_strip(&digit, &schedule, &times, 42)?;
    let strip = plot::grid(&strip, (28, 28), times.len(), 3)?;
    strip.save(&folder.join("noisy.png"))?;
    say!("noise on a digit: {}", folder.join("noisy.png").display());
    say!("x_T:              {}", folder.join("x_T.svg").display());
    Ok(())
}

/// Compares the chain with the closed form, in standard errors of the mean and of
/// the variance.
fn compare(
    schedule: &Schedule,
    t: usize,
    digit: &[f32],
    x: &[Vec<f32>],
) -> Result<()> {
    let c = forward::closed_form(schedule.at(t)?);
    let (mut sum, mut squares) = (0.0, 0.0);
    for (pixel, x_0) in x.iter().flat_map(|x| x.iter().zip(digit)) {
        let signal = c.x_0 * f64::from(*x_0);
        let epsilon = (f64::from(*pixel) - signal) / c.epsilon;
        sum += epsilon;
        squares += epsilon * epsilon;
    }
    let n = (x.len() * digit.len()) as f64;
    let z_mean = sum / n.sqrt();
    let z_variance = (squares / n - 1.0) / (2.0 / n).sqrt();
    say!(
        "t = {t:4}: {:.4} x_0 + {:.4} epsilon; mean {z_mean:+.1}, \
         variance {z_variance:+.1} standard errors off",
        c.x_0,
        c.epsilon
    );
    ensure!(z_mean.abs() < 5.0 && z_variance.abs() < 5.0, "at t = {t}");
    Ok(())
}
