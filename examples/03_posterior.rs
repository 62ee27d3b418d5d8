//! Lesson 3: the posterior `q(x_{t-1} | x_t, x_0)`.
//!
//! The lesson applies Bayes' rule numerically, on a fine grid of `x_{t-1}`: the
//! forward step `q(x_t | x_{t-1})` times the closed form `q(x_{t-1} | x_0)`,
//! normalised. It asserts that mean and variance are `μ̃_t` and `β̃_t` to nine
//! digits, and that `μ̃_t` expressed by `ε` is the same.
//!
//! ```text
//! cargo run --release --example posterior
//! ```

#[macro_use]
#[path = "shared/say.rs"]
mod say;

use anyhow::{Result, ensure};
use clap::Parser;
use ddpm::math::{Schedule, Timestep, forward, parameterization, posterior};

/// Compute the mean of the posterior in three ways, which agree.
#[derive(Parser, Debug)]
#[command(version)]
struct Args {}

fn main() -> Result<()> {
    Args::parse();
    let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    let (x_0, epsilon) = (0.8, -0.4);
    say!("   t    mean, grid   Ho, eq. 7    Ho, eq. 10   variance / beta");
    for t in [2, 10, 100, 500, 1000] {
        let at = schedule.at(t)?;
        let c = forward::closed_form(at);
        let x_t = c.x_0 * x_0 + c.epsilon * epsilon;

        let (mean, variance) = bayes_on_a_grid(at, x_0, x_t)?;
        let c = posterior::mean(at);
        let mu_tilde = c.x_0 * x_0 + c.x_t * x_t;
        let c = parameterization::mean_from_epsilon(at);
        let from_epsilon = c.x_t * x_t + c.epsilon * epsilon;
        let beta_tilde = posterior::variance(at);
        say!(
            "{t:4} {mean:13.9} {mu_tilde:12.9} {from_epsilon:12.9} {:12.9}",
            beta_tilde / at.beta()
        );
        ensure!((mean - mu_tilde).abs() < 1e-9, "mean at t = {t}");
        ensure!((variance / beta_tilde - 1.0).abs() < 1e-9, "at t = {t}");
        ensure!((from_epsilon - mu_tilde).abs() < 1e-12, "at t = {t}");
    }
    say!("at t = 1 the posterior is x_0 itself, with variance 0");
    let c = posterior::mean(schedule.at(1)?);
    ensure!((c.x_0, c.x_t) == (1.0, 0.0));
    ensure!(posterior::variance(schedule.at(1)?) == 0.0);
    Ok(())
}

/// Returns mean and variance of `q(x_{t-1} | x_t, x_0)` by sums over a grid.
fn bayes_on_a_grid(at: Timestep, x_0: f64, x_t: f64) -> Result<(f64, f64)> {
    let before = at.schedule().at(at.t() - 1)?;
    let prior = forward::closed_form_kernel(before, x_0);
    let log_density =
        |x: f64| prior.log_density(x) + forward::kernel(at, x).log_density(x_t);
    // The density is negligible beyond a few standard deviations of a step.
    let width = 12.0 * at.beta().sqrt();
    let points = (-4000..=4000).map(|i| x_t + width * f64::from(i) / 4000.0);
    let highest = points.clone().map(log_density).fold(f64::MIN, f64::max);
    let (mut mass, mut first, mut second) = (0.0, 0.0, 0.0);
    for x in points {
        let weight = (log_density(x) - highest).exp();
        mass += weight;
        first += weight * (x - x_t);
        second += weight * (x - x_t).powi(2);
    }
    let shift = first / mass;
    Ok((x_t + shift, second / mass - shift * shift))
}
