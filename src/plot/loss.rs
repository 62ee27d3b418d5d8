//! The loss over training.

use super::Figure;
use super::style::{COLOURS, Labels, chart, line, names, whole};
use crate::{Error, Result};
use plotters::prelude::LineSeries;
use plotters::style::Color;

/// The most points in a line: more than there are pixels shows no more.
const MOST: usize = 1000;

/// The loss of every step, faint, and its mean over the last tenth of the
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
    let Some(&last) = losses.last() else {
        return Err(Error::argument("losses", "at least one", 0));
    };
    let bad = losses.iter().find(|&&l| !(l > 0.0 && l.is_finite()));
    if let Some(bad) = bad {
        let expected = "positive and finite";
        return Err(Error::argument("a loss", expected, bad));
    }
    let mut sums = vec![0.0];
    for (&loss, i) in losses.iter().zip(0_usize..) {
        sums.push(sums[i] + f64::from(loss));
    }
    let mean_at = |step: usize| {
        let window = step.div_ceil(10);
        (sums[step] - sums[step - window]) / window as f64
    };
    let every = losses.len().div_ceil(MOST);
    let shown = (1..=losses.len()).step_by(every);
    let raw =
        shown.clone().map(|s| (s as f64, f64::from(losses[s - 1]).log10()));
    let mean = shown.map(|s| (s as f64, mean_at(s).log10()));

    let fold = |f: fn(f64, f64) -> f64| {
        losses.iter().map(|&l| f64::from(l)).fold(f64::from(last), f)
    };
    let (low, high) = (fold(f64::min), fold(f64::max));
    let now = mean_at(losses.len());
    let description = format!(
        "The training loss over {} steps, on a logarithmic scale, ending at \
         {now:.4}.",
        losses.len()
    );
    Figure::draw((560, 300), &description, |canvas| {
        let x = (0.0..losses.len() as f64, "step", whole as Labels);
        let range = (0.8 * low).log10()..(1.25 * high).log10();
        let y = (range, "", loss_at as Labels);
        let mut chart = chart(canvas, "Loss", x, y)?;
        let faint = COLOURS[0].mix(0.3).stroke_width(2);
        chart.draw_series(LineSeries::new(raw, faint))?;
        chart.draw_series(LineSeries::new(mean, line(COLOURS[0])))?;
        let area = chart.plotting_area().strip_coord_spec();
        names(&area, [format!("now {now:.4}").as_str()].into_iter())?;
        Ok(String::new())
    })
}

/// The axis holds logarithms; this writes the loss, to two digits.
fn loss_at(logarithm: f64) -> String {
    let loss = 10_f64.powf(logarithm);
    if (0.095..1000.0).contains(&loss) {
        format!("{loss:.2}")
    } else {
        format!("{loss:.1e}")
    }
}
