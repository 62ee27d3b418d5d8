//! Figures of the chain on one axis: its walks, its closed form, and its end.

use ddpm::Result;
use ddpm::math::{Gaussian, Schedule, bound, forward};
use ddpm::plot::{self, Figure, along};
use ddpm::random::{Purpose, stream};

/// Draws four sample paths of the forward process, two from `start` and two from its
/// negative. `last` is the last beta of the schedule.
pub(super) fn paths(start: f64, last: f64) -> Result<Figure> {
    let schedule = Schedule::linear(1000, 1e-4, last)?;
    let (above, below) = (format!("from {start}"), format!("from -{start}"));
    let walk = |index: u32, x_0: f64| {
        let mut random = stream(0, Purpose::Data, index, 2);
        let mut walk = vec![[0.0, x_0]];
        let mut x = x_0;
        for at in schedule.iter() {
            let c = forward::one_step(at);
            x = c.x_prev * x + c.epsilon * random.normal();
            walk.push([at.t() as f64, x]);
        }
        walk
    };
    plot::curves(
        "Four walks",
        "t",
        &[
            (&above, walk(0, start)),
            (&above, walk(1, start)),
            (&below, walk(2, -start)),
            (&below, walk(3, -start)),
        ],
    )
}

/// Draws a histogram of the total noise of 20,000 sample paths, standardised
/// with the closed form.
#[cfg(not(target_family = "wasm"))]
#[allow(clippy::cast_possible_truncation)]
pub(super) fn all_noise() -> Result<Figure> {
    let schedule = Schedule::linear(200, 1e-4, 0.02)?;
    let x_t = forward::closed_form(schedule.last());
    let walk = |index: u32| {
        let mut random = stream(0, Purpose::Data, index, 3);
        let step = |x, at| {
            let c = forward::one_step(at);
            c.x_prev * x + c.epsilon * random.normal()
        };
        let walk = schedule.iter().fold(3.0, step);
        ((walk - x_t.x_0 * 3.0) / x_t.epsilon) as f32
    };
    let all: Vec<f32> = (0..20_000).map(walk).collect();
    plot::histogram("The noise of 20,000 walks", &all)
}

/// Draws a histogram of 5,000 walks of `t` steps from `x_0`, and the density of the
/// closed form.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn beside_the_closed_form(t: usize, x_0: f64) -> Result<Figure> {
    const WALKS: u32 = 5000;
    const WIDTH: f64 = 0.2;
    let schedule = Schedule::linear(200, 1e-4, 0.02)?;
    let walk = |index: u32| {
        let mut random = stream(0, Purpose::Data, index, 4);
        schedule.iter().take(t).fold(x_0, |x, at| {
            let c = forward::one_step(at);
            c.x_prev * x + c.epsilon * random.normal()
        })
    };
    let mut counts = [0_u32; 60];
    for x in (0..WALKS).map(walk) {
        // Bins from -6 to 6; a walk does not leave them.
        let bin = counts.len() as f64 / 2.0 + x / WIDTH;
        #[allow(clippy::cast_sign_loss)]
        if let Some(count) = counts.get_mut(bin.max(0.0) as usize) {
            *count += 1;
        }
    }
    let left = -WIDTH * counts.len() as f64 / 2.0;
    let bins = counts.iter().zip(0_u32..).flat_map(|(&count, i)| {
        let height = f64::from(count) / (f64::from(WALKS) * WIDTH);
        let edge = left + f64::from(i) * WIDTH;
        [[edge, height], [edge + WIDTH, height]]
    });
    let at = schedule.at(t)?;
    let closed_form = forward::closed_form_kernel(at, x_0);
    plot::curves(
        &format!("From x₀ = {x_0} after {t} steps"),
        "xₜ",
        &[
            ("5,000 walks", bins.collect()),
            (
                "the closed form",
                along(left, -left, |x| closed_form.log_density(x).exp()),
            ),
        ],
    )
}

/// Draws the density of `x_T` from `x_0` beside that of pure noise, with their
/// divergence.
pub(super) fn terminal(steps: usize, last: f64, x_0: f64) -> Result<Figure> {
    let schedule = Schedule::linear(steps, 1e-4, last)?;
    let end = forward::closed_form_kernel(schedule.last(), x_0);
    let bits = bound::bits(bound::prior(&schedule, x_0 * x_0));
    // Two digits that count.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let decimals = (1.0 - bits.log10().floor()).clamp(0.0, 12.0) as usize;
    let density = |g: Gaussian| along(-4.0, 4.0, |x| g.log_density(x).exp());
    plot::curves(
        &format!("After {steps} steps, L_T = {bits:.decimals$} bits"),
        "x",
        &[
            (&format!("the end, from x₀ = {x_0}"), density(end)),
            ("pure noise, N(0, 1)", density(Gaussian::STANDARD)),
        ],
    )
}
