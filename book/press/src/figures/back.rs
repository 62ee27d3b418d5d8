//! Figures of the reverse process, from noise to data.

use ddpm::Result;
use ddpm::math::{
    Gaussian, Schedule, Timestep, bound, forward, parameterization, posterior,
};
use ddpm::plot::{self, Figure, along};

/// Draws the prior `q(x_{t-1} | x_0)`, the likelihood `q(x_t | x_{t-1})` and
/// the posterior `q(x_{t-1} | x_t, x_0)` as functions of `x_{t-1}`.
pub(super) fn bayes() -> Result<Figure> {
    let schedule = Schedule::from_betas(vec![0.3, 0.3])?;
    let (x_0, x_t) = (1.5, -0.5);
    let (before, at) = (schedule.at(1)?, schedule.at(2)?);
    let prior = forward::closed_form_kernel(before, x_0);
    let c = posterior::mean(at);
    let mean = c.x_0 * x_0 + c.x_t * x_t;
    let both = Gaussian::new(mean, posterior::variance(at))?;
    let density = |g: Gaussian| along(-3.0, 3.5, |x| g.log_density(x).exp());
    let seen = |x| forward::kernel(at, x).log_density(x_t).exp();
    plot::curves(
        "What xₜ₋₁ was",
        "xₜ₋₁",
        &[
            ("q(xₜ₋₁ | x₀)", density(prior)),
            ("q(xₜ | xₜ₋₁)", along(-3.0, 3.5, seen)),
            ("q(xₜ₋₁ | xₜ, x₀)", density(both)),
        ],
    )
}

/// Returns the density of the true reverse step from `x_t` for data that are -1 or
/// 1, where `x_{t-1}` is `x_t` plus the given number of `√β_t`.
fn reverse_step(at: Timestep, x_t: f64) -> Result<impl Fn(f64) -> f64> {
    let unit = at.beta().sqrt();
    let peak = |x_0: f64| -> Result<(f64, Gaussian)> {
        let weight =
            forward::closed_form_kernel(at, x_0).log_density(x_t).exp();
        let c = posterior::mean(at);
        let mean = (c.x_0 * x_0 + c.x_t * x_t - x_t) / unit;
        let variance = posterior::variance(at) / at.beta();
        Ok((weight, Gaussian::new(mean, variance)?))
    };
    let [(a, left), (b, right)] = [peak(-1.0)?, peak(1.0)?];
    Ok(move |x| {
        let both =
            a * left.log_density(x).exp() + b * right.log_density(x).exp();
        both / (a + b)
    })
}

/// Draws the true reverse step from `x_t = 0` for several `β_t`.
pub(super) fn small_steps() -> Result<Figure> {
    let density = |beta: f64| -> Result<Vec<[f64; 2]>> {
        let schedule = Schedule::from_betas(vec![0.1, beta])?;
        Ok(along(-3.5, 3.5, reverse_step(schedule.last(), 0.0)?))
    };
    plot::curves(
        "The reverse step from xₜ = 0",
        "xₜ₋₁ / √βₜ",
        &[
            ("β = 0.5", density(0.5)?),
            ("β = 0.05", density(0.05)?),
            ("β = 0.005", density(0.005)?),
            ("β = 0.0005", density(0.0005)?),
        ],
    )
}

/// Draws the true reverse step at `t = 2`, from a typical `x_t` and from one in the
/// middle between the data.
pub(super) fn first_steps() -> Result<Figure> {
    let schedule = Schedule::from_betas(vec![0.02, 0.02])?;
    let density = |x_t: f64| -> Result<Vec<[f64; 2]>> {
        Ok(along(-6.0, 6.0, reverse_step(schedule.last(), x_t)?))
    };
    plot::curves(
        "The reverse step at t = 2, β = 0.02",
        "(xₜ₋₁ - xₜ) / √βₜ",
        &[("from xₜ = 1", density(1.0)?), ("from xₜ = 0", density(0.0)?)],
    )
}

/// Draws the weights of the posterior mean, in terms of `(x_0, x_t)` and of
/// `(x_t, ε)`.
pub(super) fn posterior_weights() -> Result<Figure> {
    let schedule = Schedule::linear(20, 0.02, 0.4)?;
    let over = |weight: fn(Timestep) -> f64| {
        let point = |at: Timestep| [at.t() as f64, weight(at)];
        schedule.iter().map(point).collect()
    };
    plot::curves(
        "The weights of the mean, step by step",
        "t",
        &[
            ("x₀", over(|at| posterior::mean(at).x_0)),
            ("xₜ, beside x₀", over(|at| posterior::mean(at).x_t)),
            (
                "xₜ, beside ε",
                over(|at| parameterization::mean_from_epsilon(at).x_t),
            ),
            ("ε", over(|at| parameterization::mean_from_epsilon(at).epsilon)),
        ],
    )
}

/// Draws `E[x_0 | x_t]` for data that are -1 or 1.
pub(super) fn best_estimates() -> Result<Figure> {
    let estimate = |alpha_bar: f64| -> Result<Vec<[f64; 2]>> {
        let schedule = Schedule::from_betas(vec![1.0 - alpha_bar])?;
        let likely = |x_0, x_t| {
            let from = forward::closed_form_kernel(schedule.last(), x_0);
            from.log_density(x_t).exp()
        };
        let mean = |x_t| {
            let (minus, plus) = (likely(-1.0, x_t), likely(1.0, x_t));
            (plus - minus) / (plus + minus)
        };
        Ok(along(-2.5, 2.5, mean))
    };
    plot::curves(
        "The expected x₀, given xₜ",
        "xₜ",
        &[
            ("ᾱ = 0.95", estimate(0.95)?),
            ("ᾱ = 0.5", estimate(0.5)?),
            ("ᾱ = 0.1", estimate(0.1)?),
        ],
    )
}

/// Draws the weight of each step in the variational bound, as log10.
pub(super) fn bound_weights() -> Result<Figure> {
    let (linear, cosine) =
        (Schedule::linear(1000, 1e-4, 0.02)?, Schedule::cosine(1000)?);
    let over = |schedule: &Schedule| -> Result<Vec<[f64; 2]>> {
        let point = |at: Timestep| {
            let weight = bound::weight(at, at.beta())?;
            Ok([at.t() as f64, weight.log10()])
        };
        schedule.iter().map(point).collect()
    };
    plot::curves(
        "The weight of each step in the bound: its power of ten",
        "t",
        &[("linear", over(&linear)?), ("cosine", over(&cosine)?)],
    )
}
