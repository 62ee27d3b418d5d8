//! The loss over training.

use super::Figure;
use super::style::{COLOURS, chart, line, names};
use crate::{Error, Result};
use plotters::prelude::LineSeries;
use plotters::style::Color;

/// The largest number of points in a line; more than pixels are not visible.
const MOST: usize = 1000;

/// Draws the loss of every step, faint, and its mean over the last tenth of the
/// steps so far, on a logarithmic scale.
///
/// # Errors
/// If there are no losses, or one is not positive and finite.
///
/// ```
/// let losses: Vec<f32> = (1..200).map(|k| 1.0 / k as f32).collect();
/// let figure = ddpm::plot::loss(&losses)?;
/// assert!(figure.svg().contains("Loss"));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn loss(losses: &[f32]) -> Result<Figure> {
    Error::require(!losses.is_empty(), "losses", "at least one", 0)?;
    for &l in losses {
        let ok = l > 0.0 && l.is_finite();
        Error::require(ok, "a loss", "positive and finite", l)?;
    }
    let losses: Vec<f64> = losses.iter().map(|&loss| loss.into()).collect();
    let mean_at = |step: usize| {
        let window = &losses[step - step.div_ceil(10)..step];
        window.iter().sum::<f64>() / window.len() as f64
    };
    let every = losses.len().div_ceil(MOST);
    let shown = (1..=losses.len()).step_by(every);
    let raw = shown.clone().map(|s| (s as f64, losses[s - 1].log10()));
    let mean = shown.map(|s| (s as f64, mean_at(s).log10()));
    let low = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let high = losses.iter().copied().fold(0.0, f64::max);
    let (steps, now) = (losses.len(), mean_at(losses.len()));
    let description = format!(
        "The training loss over {steps} steps, on a logarithmic scale, ending \
         at {now:.4}."
    );
    Figure::draw((560, 300), &description, |canvas| {
        let x = (0.0..steps as f64, "step");
        let y = ((0.8 * low).log10()..(1.25 * high).log10(), "");
        let mut chart = chart(canvas, "Loss", x, y, loss_at)?;
        let faint = COLOURS[0].mix(0.3).stroke_width(2);
        chart.draw_series(LineSeries::new(raw, faint))?;
        chart.draw_series(LineSeries::new(mean, line(COLOURS[0])))?;
        names(&chart, [format!("now {now:.4}").as_str()])?;
        Ok(String::new())
    })
}

/// Returns the loss for its logarithm, with two digits.
fn loss_at(logarithm: f64) -> String {
    let loss = 10_f64.powf(logarithm);
    if (0.095..1000.0).contains(&loss) {
        format!("{loss:.2}")
    } else {
        format!("{loss:.1e}")
    }
}
