//! A histogram beside the standard normal density.

use super::style::{COLOURS, chart, line, names, short};
use super::{Figure, along};
use crate::math::Gaussian;
use crate::{Error, Result};
use plotters::prelude::{LineSeries, Rectangle};
use plotters::style::Color;

const BINS: usize = 80;
const RANGE: f64 = 4.0;

/// Draws a histogram of `values`, as a density, and the density of `N(0, 1)`.
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
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn histogram(title: &str, values: &[f32]) -> Result<Figure> {
    Error::require(!values.is_empty(), "values", "at least one", 0)?;
    for x in values {
        Error::require(x.is_finite(), "a value", "finite", x)?;
    }
    let width = 2.0 * RANGE / BINS as f64;
    let mut counts = [0_u32; BINS];
    for &value in values {
        let bin = (f64::from(value) + RANGE) / width;
        if (0.0..BINS as f64).contains(&bin) {
            counts[bin as usize] += 1;
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
        let x = (-RANGE..RANGE, "value");
        let y = (0.0..1.15 * highest, "density");
        let mut chart = chart(canvas, title, x, y, short)?;
        chart.draw_series((0_u32..).zip(counts).map(|(i, n)| {
            let left = -RANGE + f64::from(i) * width;
            let corners = [(left, 0.0), (left + width, density(n))];
            Rectangle::new(corners, COLOURS[0].mix(0.45).filled())
        }))?;
        let normal = |x| Gaussian::STANDARD.log_density(x).exp();
        let curve = along(-RANGE, RANGE, normal);
        let points = curve.into_iter().map(|[x, y]| (x, y));
        chart.draw_series(LineSeries::new(points, line(COLOURS[1])))?;
        let measured = format!("mean {mean:.3}, variance {variance:.3}");
        names(&chart, [measured.as_str(), "N(0, 1)"])?;
        Ok(String::new())
    })
}
