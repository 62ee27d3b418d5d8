//! Figures of the reverse process, from noise to data.

use ddpm::Result;
use ddpm::data::Mixture;
use ddpm::math::{
    Gaussian, Schedule, Timestep, bound, ddim, evenly_spaced, forward,
    parameterization, posterior,
};
use ddpm::plot::{self, Figure, along};
use ddpm::random::{Purpose, stream};

/// Draws the prior `q(x_{t-1} | x_0)`, the likelihood `q(x_t | x_{t-1})` and
/// the posterior `q(x_{t-1} | x_t, x_0)` as functions of `x_{t-1}`. The variance of
/// the prior is 0.3; `beta` is the variance of the step.
pub(super) fn bayes(x_0: f64, x_t: f64, beta: f64) -> Result<Figure> {
    let schedule = Schedule::from_betas(vec![0.3, beta])?;
    let (before, at) = (schedule.at(1)?, schedule.at(2)?);
    let prior = forward::closed_form_kernel(before, x_0);
    let c = posterior::mean(at);
    let mean = c.x_0 * x_0 + c.x_t * x_t;
    let both = Gaussian::new(mean, posterior::variance(at))?;
    let density = |g: Gaussian| along(-4.0, 4.0, |x| g.log_density(x).exp());
    let seen = |x| forward::kernel(at, x).log_density(x_t).exp();
    plot::curves(
        "What xₜ₋₁ was",
        "xₜ₋₁",
        &[
            ("q(xₜ₋₁ | x₀)", density(prior)),
            ("q(xₜ | xₜ₋₁)", along(-4.0, 4.0, seen)),
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

/// Draws the true reverse step from `x_t` for `β_t` that are `largest`, and smaller.
pub(super) fn small_steps(x_t: f64, largest: f64) -> Result<Figure> {
    let density = |beta: f64| -> Result<Vec<[f64; 2]>> {
        let schedule = Schedule::from_betas(vec![0.1, beta])?;
        Ok(along(-3.5, 3.5, reverse_step(schedule.last(), x_t)?))
    };
    let curve = |divisor: f64| -> Result<(String, Vec<[f64; 2]>)> {
        let beta = largest / divisor;
        let shown = (beta * 1e6).round() / 1e6;
        Ok((format!("β = {shown}"), density(beta)?))
    };
    let curves = [curve(1.0)?, curve(10.0)?, curve(100.0)?, curve(1000.0)?];
    plot::curves(
        &format!("The reverse step from xₜ = {x_t}"),
        "(xₜ₋₁ - xₜ) / √βₜ",
        &curves.each_ref().map(|(name, curve)| (name.as_str(), curve.clone())),
    )
}

/// Draws the true reverse step at `t = 2`, from a typical `x_t` and from another one,
/// such as the middle between the data.
pub(super) fn first_steps(beta: f64, other: f64) -> Result<Figure> {
    let schedule = Schedule::from_betas(vec![beta, beta])?;
    let density = |x_t: f64| -> Result<Vec<[f64; 2]>> {
        Ok(along(-6.0, 6.0, reverse_step(schedule.last(), x_t)?))
    };
    plot::curves(
        &format!("The reverse step at t = 2, β = {beta}"),
        "(xₜ₋₁ - xₜ) / √βₜ",
        &[
            ("from xₜ = 1", density(1.0)?),
            (&format!("from xₜ = {other}"), density(other)?),
        ],
    )
}

/// Draws the weights of the posterior mean, in terms of `(x_0, x_t)` and of
/// `(x_t, ε)`, for a linear schedule.
pub(super) fn posterior_weights(
    steps: usize,
    first: f64,
    last: f64,
) -> Result<Figure> {
    let schedule = Schedule::linear(steps, first, last)?;
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

/// Draws `E[x_0 | x_t]` for data that are -1 or 1: with little noise, with `alpha_bar`,
/// and with much.
pub(super) fn best_estimates(alpha_bar: f64) -> Result<Figure> {
    let estimate = |alpha_bar: f64| -> Result<Vec<[f64; 2]>> {
        let schedule = Schedule::from_betas(vec![1.0 - alpha_bar])?;
        let likely = |x_0, x_t| {
            let from = forward::closed_form_kernel(schedule.last(), x_0);
            from.log_density(x_t)
        };
        // Both densities may be too small for a number; their ratio is not.
        let mean = |x_t| ((likely(1.0, x_t) - likely(-1.0, x_t)) / 2.0).tanh();
        Ok(along(-2.5, 2.5, mean))
    };
    plot::curves(
        "The expected x₀, given xₜ",
        "xₜ",
        &[
            ("ᾱ = 0.95", estimate(0.95)?),
            (&format!("ᾱ = {alpha_bar}"), estimate(alpha_bar)?),
            ("ᾱ = 0.1", estimate(0.1)?),
        ],
    )
}

/// Draws the weight of each step in the variational bound, as log10. `last` is the last
/// beta of the linear schedule.
pub(super) fn bound_weights(steps: usize, last: f64) -> Result<Figure> {
    let (linear, cosine) =
        (Schedule::linear(steps, 1e-4, last)?, Schedule::cosine(steps)?);
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

/// Draws paths of four samples by Algorithm 2 and by DDIM, in a number of steps. The
/// data are a ring of eight clusters, for which the best prediction of the noise is
/// known.
pub(super) fn sampling_paths(steps: usize) -> Result<Figure> {
    let schedule = Schedule::linear(200, 1e-3, 0.08)?;
    let data = Mixture::ring(8)?;
    let timesteps = evenly_spaced(schedule.steps(), steps)?;
    let respaced = schedule.respace(&timesteps)?;
    // DDIM with η = 1 is Algorithm 2.
    let path = |eta: f64, index: u32| -> Result<Vec<[f64; 2]>> {
        let mut random = stream(0, Purpose::SampleNoise, 0, index);
        let mut x = [random.normal(), random.normal()];
        let mut path = vec![x];
        for k in (1..=steps).rev() {
            let at = schedule.at(timesteps[k - 1])?;
            let epsilon = data.epsilon(at, x);
            let c = parameterization::x_0_from_epsilon(at);
            let step = ddim::step(respaced.at(k)?, eta)?;
            for (x, epsilon) in x.iter_mut().zip(epsilon) {
                let x_0 = c.x_t * *x + c.epsilon * epsilon;
                let mean = step.mean.x_0 * x_0 + step.mean.epsilon * epsilon;
                *x = mean + step.std * random.normal();
            }
            path.push(x);
        }
        Ok(path)
    };
    let panel = |name: &str, eta: f64| -> Result<_> {
        let paths = (0..4).map(|index| path(eta, index));
        let plural = if steps == 1 { "" } else { "s" };
        let title = format!("{name}, {steps} step{plural}");
        Ok((title, paths.collect::<Result<Vec<_>>>()?))
    };
    let panels = [panel("Algorithm 2", 1.0)?, panel("DDIM", 0.0)?];
    plot::paths(&panels, &data.sample(400, 0))
}
