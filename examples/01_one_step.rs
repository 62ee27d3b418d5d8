//! Lesson 1: one step of noise.
//!
//! `x_t = √(1-β_t) x_{t-1} + √β_t ε_t`. With the square roots, a coordinate of
//! variance 1 keeps its variance: `(1-β) + β = 1`. The lesson asserts that over
//! 100,000 draws the variance stays 1 within 5 standard errors, and that any other
//! variance approaches 1 step by step.
//!
//! ```text
//! cargo run --release --example one_step
//! ```

#[macro_use]
#[path = "shared/say.rs"]
mod say;

use anyhow::{Result, ensure};
use clap::Parser;
use ddpm::math::{Schedule, forward};
use ddpm::plot;
use ddpm::random::{Purpose, stream};
use std::path::Path;

const DRAWS: u32 = 100_000;

/// Add one step of noise, by numbers and by random draws, and draw four noise
/// schedules to runs/course/schedules.svg.
#[derive(Parser, Debug)]
#[command(version)]
struct Args {}

fn main() -> Result<()> {
    Args::parse();
    let linear = Schedule::linear(1000, 1e-4, 0.02)?;
    say!("  t   of x_(t-1)   of epsilon_t   sum of squares");
    for t in [1, 10, 100, 1000] {
        let c = forward::one_step(linear.at(t)?);
        let sum = c.x_prev.powi(2) + c.epsilon.powi(2);
        say!("{t:5} {:10.6} {:13.6} {sum:16.12}", c.x_prev, c.epsilon);
    }

    // One large step from data with variance 1, by random draws.
    let schedule = Schedule::from_betas(vec![0.3])?;
    let c = forward::one_step(schedule.at(1)?);
    let mut random = stream(42, Purpose::Data, 0, 0);
    let mut square = 0.0;
    for _ in 0..DRAWS {
        let x_1 = c.x_prev * random.normal() + c.epsilon * random.normal();
        square += x_1 * x_1;
    }
    let variance = square / f64::from(DRAWS);
    let z = (variance - 1.0) / (2.0 / f64::from(DRAWS)).sqrt();
    say!("\nbeta = 0.3: variance {variance:.4}, {z:+.1} standard errors");
    ensure!(z.abs() < 5.0, "the variance did not stay 1");

    // Data of variance 5 are pulled to 1.
    say!("\n   t   variance of x_t, from 5");
    let mut last = 5.0;
    for t in [1, 100, 200, 400, 700, 1000] {
        let variance = forward::variance(linear.at(t)?, 5.0);
        say!("{t:4} {variance:10.3}");
        ensure!(variance > 1.0 && variance < last, "it must fall towards 1");
        last = variance;
    }

    let cosine = Schedule::cosine(1000)?;
    let quadratic = Schedule::quadratic(1000, 1e-4, 0.02)?;
    let sigmoid = Schedule::sigmoid(1000, 1e-4, 0.02)?;
    let path = Path::new("runs/course/schedules.svg");
    plot::schedules(&[
        ("linear", &linear),
        ("cosine", &cosine),
        ("quadratic", &quadratic),
        ("sigmoid", &sigmoid),
    ])?
    .save(path)?;
    say!("how fast the signal goes: {}", path.display());
    Ok(())
}
