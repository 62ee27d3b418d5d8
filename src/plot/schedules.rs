//! Noise schedules side by side.

use super::Figure;
use super::curves::{Curve, check, draw};
use crate::Result;
use crate::math::{Schedule, Timestep};

/// Draws up to four named schedules over `t / T`: on the left `ᾱ_t`, the share of
/// the variance of `x_0` in `x_t`; on the right the logarithm of the
/// signal-to-noise ratio.
///
/// # Errors
/// If there are no schedules or more than four.
///
/// ```
/// use ddpm::{math::Schedule, plot};
/// let linear = Schedule::linear(1000, 1e-4, 0.02)?;
/// let cosine = Schedule::cosine(1000)?;
/// let figure = plot::schedules(&[("linear", &linear), ("cosine", &cosine)])?;
/// assert!(figure.svg().contains("<title>"));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn schedules(schedules: &[(&str, &Schedule)]) -> Result<Figure> {
    let over_time = |value: fn(Timestep) -> f64| -> Vec<Curve> {
        let curve = |&(name, schedule): &(_, &Schedule)| {
            let time = |at: Timestep| at.t() as f64 / schedule.steps() as f64;
            (name, schedule.iter().map(|at| [time(at), value(at)]).collect())
        };
        schedules.iter().map(curve).collect()
    };
    let signal = over_time(|at| at.alpha_bar());
    let snr = over_time(|at| at.snr().log10());
    check(&signal)?;
    let names: Vec<_> = schedules.iter().map(|(name, _)| *name).collect();
    let at_last = |(_, schedule): &(_, &Schedule)| {
        let tenths = (10.0 * schedule.last().alpha_bar()).round();
        (tenths / 10.0).to_string()
    };
    let mut ends: Vec<_> = schedules.iter().map(at_last).collect();
    ends.dedup();
    let description = format!(
        "Two line plots over t/T for the schedules {}: the share of variance \
         left in x_t, falling from 1 to {}, and the signal-to-noise ratio on \
         a logarithmic scale, falling throughout.",
        names.join(", "),
        ends.join(" or ")
    );
    Figure::draw((720, 300), &description, |canvas| {
        let (left, right) =
            canvas.split_horizontally(canvas.dim_in_pixel().0 / 2);
        draw(&left, "Share of the variance left, ᾱₜ", "t / T", &signal)?;
        draw(&right, "Signal to noise, log₁₀ SNR", "t / T", &snr)
    })
}
