//! Numbers against the standard normal density.

use super::Figure;
use super::style::{COLOURS, Labels, chart, line, names, tenths, whole};
use crate::math::Gaussian;
use crate::{Error, Result};
use plotters::prelude::{LineSeries, Rectangle};
use plotters::style::Color;

const BINS: usize = 80;
const RANGE: f64 = 4.0;

/// A histogram of `values`, as a density, and the density of `N(0, 1)`.
///
/// # Errors
/// If there are no values, or one is not finite.
///
/// ```
/// use ddpm::{plot, random::{Purpose, stream}};
/// let mut random = stream(0, Purpose::Data, 0, 0);
/// let values: Vec<f32> = (0..1000).map(|_| random.normal() as f32).collect();
/// let figure = plot::histogram("x_T against N(0, 1)", &values)?;
/// assert!(figure.svg().contains("x_T against N(0, 1)"));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn histogram(title: &str, values: &[f32]) -> Result<Figure> {
    if values.is_empty() {
        return Err(Error::argument("values", "at least one", 0));
    }
    if let Some(bad) = values.iter().find(|x| !x.is_finite()) {
        return Err(Error::argument("a value", "finite", bad));
    }
    let width = 2.0 * RANGE / BINS as f64;
    let mut counts = [0_u32; BINS];
    for &value in values {
        let bin = (f64::from(value) + RANGE) / width;
        if (0.0..BINS as f64).contains(&bin) {
            // In range, by the line above.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let bin = bin as usize;
            counts[bin] += 1;
        }
    }
    let count = values.len() as f64;
    let density = |n: u32| f64::from(n) / (count * width);
    let mean = values.iter().map(|&x| f64::from(x)).sum::<f64>() / count;
    let square = |&x: &f32| (f64::from(x) - mean).powi(2);
    let variance = values.iter().map(square).sum::<f64>() / count;
    let highest = counts.iter().map(|&n| density(n)).fold(0.4, f64::max);

    let description = format!(
        "{title}: a histogram with mean {mean:.3} and variance \
         {variance:.3}, and the standard normal density as a line."
    );
    Figure::draw((480, 300), &description, |canvas| {
        let x = (-RANGE..RANGE, "value", whole as Labels);
        let y = (0.0..1.15 * highest, "density", tenths as Labels);
        let mut chart = chart(canvas, title, x, y)?;
        chart.draw_series((0_u32..).zip(counts).map(|(i, n)| {
            let left = -RANGE + f64::from(i) * width;
            let corners = [(left, 0.0), (left + width, density(n))];
            Rectangle::new(corners, COLOURS[0].mix(0.45).filled())
        }))?;
        let curve = (-400..=400).map(|i| {
            let x = f64::from(i) / 100.0;
            (x, Gaussian::STANDARD.log_density(x).exp())
        });
        chart.draw_series(LineSeries::new(curve, line(COLOURS[1])))?;
        let measured = format!("mean {mean:.3}, variance {variance:.3}");
        let area = chart.plotting_area().strip_coord_spec();
        names(&area, [measured.as_str(), "N(0, 1)"].into_iter())?;
        Ok(String::new())
    })
}
