//! Properties of diffusion in cases with an exact answer.
//!
//! For Gaussian data the perfect network is a formula, and every step of
//! Algorithm 2 is affine. The mean and the variance of the whole chain can
//! therefore be computed without random numbers.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use approx::assert_relative_eq;
use ddpm::math::posterior::ReverseVariance;
use ddpm::math::{
    Schedule, Timestep, ddim, evenly_spaced, forward, parameterization,
};
use ddpm::random::{Purpose, stream};

/// Data `N(mean, variance)`; variance 0 is a single point.
struct Data {
    mean: f64,
    variance: f64,
}

impl Data {
    /// Returns `slope` and `offset` of the perfect network
    /// `E[ε | x_t] = slope · x_t + offset`.
    fn perfect_epsilon(&self, at: Timestep) -> (f64, f64) {
        let c = forward::closed_form(at);
        let slope = c.epsilon / forward::variance(at, self.variance);
        (slope, -slope * c.x_0 * self.mean)
    }
}

/// Returns the mean and the variance of `x_1` and of `x_0` in Algorithm 2 with
/// the perfect network, from `x_T ~ N(0, 1)`, without noise in the last step.
fn algorithm_2(
    schedule: &Schedule,
    data: &Data,
    variance: ReverseVariance,
) -> ((f64, f64), (f64, f64)) {
    let (mut mean, mut var) = (0.0, 1.0); // of x_T
    let mut at_1 = (mean, var);
    for at in schedule.iter().rev() {
        at_1 = (mean, var);
        let c = parameterization::mean_from_epsilon(at);
        let (slope, offset) = data.perfect_epsilon(at);
        let a = c.x_t + c.epsilon * slope;
        mean = a * mean + c.epsilon * offset;
        var *= a * a;
        if at.t() > 1 {
            var += variance.variance(at);
        }
    }
    (at_1, (mean, var))
}

fn paper() -> Schedule {
    Schedule::linear(1000, 1e-4, 0.02).unwrap()
}

/// `σ² = β` is exact for `N(0, 1)` data: every `x_t` has variance 1, and only
/// the last step, which adds no noise, removes `β_1`.
#[test]
fn standard_normal_data_come_back_with_variance_alpha_1() {
    let data = Data { mean: 0.0, variance: 1.0 };
    let (_, (mean, variance)) =
        algorithm_2(&paper(), &data, ReverseVariance::Beta);
    assert_eq!(mean, 0.0);
    assert_relative_eq!(variance, 0.9999, max_relative = 1e-12);
}

/// Returns the variance of the samples of DDIM for `N(0, 1)` data with the optimal
/// network, in `count` of the paper's 1000 steps, without fresh noise.
fn ddim_variance(count: usize) -> f64 {
    let timesteps = evenly_spaced(1000, count).unwrap();
    let schedule = paper().respace(&timesteps).unwrap();
    let factor = |at: Timestep| {
        let [x_0, epsilon] = [at.alpha_bar(), at.one_minus_alpha_bar()];
        let step = ddim::step(at, 0.0).unwrap().mean;
        step.x_0 * x_0.sqrt() + step.epsilon * epsilon.sqrt()
    };
    schedule.iter().rev().map(factor).product::<f64>().powi(2)
}

/// Without fresh noise, standard normal data keep their variance in the limit of
/// many steps.
#[test]
fn ddim_keeps_the_variance_of_normal_data_in_many_steps() {
    for (count, expected) in
        [(10, 0.664), (30, 0.882), (100, 0.964), (1000, 0.996)]
    {
        assert_relative_eq!(ddim_variance(count), expected, epsilon = 5e-4);
    }
}

/// The table of chapter 17. `σ² = β̃` is too small for `N(0, 1)` data, and more so in
/// few steps. `σ² = β` is exact in any number of steps.
#[test]
fn the_variances_of_samplers_are_those_of_the_book() {
    let data = Data { mean: 0.0, variance: 1.0 };
    let page = include_str!("../book/src/ddim.md");
    for count in [10, 30, 100, 1000] {
        let timesteps = evenly_spaced(1000, count).unwrap();
        let schedule = paper().respace(&timesteps).unwrap();
        let of = |sigma_2| algorithm_2(&schedule, &data, sigma_2).1.1;
        let small = of(ReverseVariance::BetaTilde);
        let exact = of(ReverseVariance::Beta);
        assert_relative_eq!(exact, 0.9999, epsilon = 1e-9);
        let ddim = ddim_variance(count);
        let row = format!("| {count} | {ddim:.3} | {small:.3} | {exact:.3} |");
        assert!(page.contains(&row), "{row}");
    }
}

/// For a single point, `σ² = β̃` is exact: `x_t` keeps the variance of the
/// forward process, up to the `ᾱ_T` that is missing at the start. `σ² = β`
/// makes `x_t` noisier.
#[test]
fn a_single_point_wants_beta_tilde() {
    let point = Data { mean: 0.3, variance: 0.0 };
    let schedule = paper();
    let forward_1 = schedule.at(1).unwrap().one_minus_alpha_bar();
    let ratio = |variance| {
        let ((_, at_1), (mean, at_0)) =
            algorithm_2(&schedule, &point, variance);
        assert_relative_eq!(mean, 0.3, epsilon = 1e-12);
        assert!(at_0 < 1e-20, "the last step finds the point");
        at_1 / forward_1
    };
    assert_relative_eq!(
        ratio(ReverseVariance::BetaTilde),
        1.0,
        max_relative = 1e-12
    );
    assert_relative_eq!(ratio(ReverseVariance::Beta), 1.84845, epsilon = 1e-5);
}

/// Sampling starts from `N(0, 1)`, but the forward process leaves `m √ᾱ_T` of
/// the mean in `x_T`. So even with the perfect network the mean is too small by
/// `m ᾱ_T`.
#[test]
fn the_mean_comes_back_short_by_alpha_bar_t() {
    for (steps, percent) in [(1000, 0.004), (300, 4.8), (50, 60.0)] {
        let schedule = Schedule::linear(steps, 1e-4, 0.02).unwrap();
        let data = Data { mean: 2.5, variance: 1.0 };
        let (_, (mean, _)) =
            algorithm_2(&schedule, &data, ReverseVariance::Beta);
        let left = schedule.last().alpha_bar();
        assert_relative_eq!(mean, 2.5 * (1.0 - left), max_relative = 1e-12);
        assert_relative_eq!(100.0 * left, percent, max_relative = 0.02);
    }
}

/// `Var(ε | x_t) = ᾱ_t` for `N(0, 1)` data, so no network has a smaller loss.
#[test]
fn the_least_simple_loss_of_normal_data_is_the_mean_of_alpha_bar() {
    let schedule = paper();
    let sum: f64 = schedule.iter().map(Timestep::alpha_bar).sum();
    assert_relative_eq!(sum / 1000.0, 0.275_513_233_4, epsilon = 1e-10);
    // The perfect network has this loss: E(ε - slope x_t)².
    let data = Data { mean: 0.0, variance: 1.0 };
    for at in schedule.iter() {
        let (slope, _) = data.perfect_epsilon(at);
        let c = forward::closed_form(at);
        let error = (1.0 - slope * c.epsilon).powi(2) + (slope * c.x_0).powi(2);
        assert_relative_eq!(error, at.alpha_bar(), max_relative = 1e-9);
    }
}

/// Simulated chains agree with the closed form: the mean and the variance of
/// 20,000 chains are within 5 standard errors, at every `t`.
#[test]
fn walking_the_chain_lands_on_the_closed_form() {
    const WALKS: u32 = 20_000;
    let schedule = Schedule::linear(50, 1e-3, 0.2).unwrap();
    let x_0 = 1.7;
    let mut walks = vec![x_0; WALKS as usize];
    for at in schedule.iter() {
        let step = u32::try_from(at.t()).unwrap();
        let c = forward::one_step(at);
        for (x, i) in walks.iter_mut().zip(0..) {
            let epsilon = stream(8, Purpose::Illustration, step, i).normal();
            *x = c.x_prev * *x + c.epsilon * epsilon;
        }
        let expected = forward::closed_form_kernel(at, x_0);
        let n = f64::from(WALKS);
        let mean = walks.iter().sum::<f64>() / n;
        let square = |x: &f64| (x - expected.mean()).powi(2);
        let variance = walks.iter().map(square).sum::<f64>() / n;
        let z_mean =
            (mean - expected.mean()) / (expected.variance() / n).sqrt();
        let z_variance =
            (variance / expected.variance() - 1.0) / (2.0 / n).sqrt();
        assert!(z_mean.abs() < 5.0, "t = {step}: z = {z_mean}");
        assert!(z_variance.abs() < 5.0, "t = {step}: z = {z_variance}");
    }
}
