//! Curves over one axis.

use super::Figure;
use super::style::{
    self, COLOURS, Canvas, DrawError, chart, line, names, short,
};
use crate::{Error, Result};
use plotters::prelude::{Circle, LineSeries};
use plotters::style::Color;

/// Draws up to four curves, each a name and points `[x, y]` from left to right.
/// `axis` is the name of the horizontal axis. The axes fit the points; the
/// vertical axis includes 0 if that is near. A curve of one point is a dot.
///
/// # Errors
/// If there are no curves or more than four, or if one has no point or a point that
/// is not finite.
///
/// ```
/// use ddpm::{math::Gaussian, plot};
/// let density = |x: f64| [x, Gaussian::STANDARD.log_density(x).exp()];
/// let curve = (-30..=30).map(|i| density(f64::from(i) / 10.0)).collect();
/// let figure = plot::curves("A density", "x", &[("N(0, 1)", curve)])?;
/// assert!(figure.svg().contains("N(0, 1)"));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn curves(title: &str, axis: &str, curves: &[Curve]) -> Result<Figure> {
    check(curves)?;
    let names = curves.iter().map(|(name, _)| *name);
    let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    let (left, right) = span(curves, 0);
    let description = format!(
        "{title}: curves over {axis} from {} to {}. {}",
        short(left),
        short(right),
        names.join(", ")
    );
    Figure::draw((560, 300), &description, |canvas| {
        draw(canvas, title, axis, curves)
    })
}

/// A name, and points `[x, y]` from left to right.
pub(super) type Curve<'a> = (&'a str, Vec<[f64; 2]>);

pub(super) fn check(curves: &[Curve]) -> Result<()> {
    let ok = (1..=COLOURS.len()).contains(&curves.len());
    Error::require(ok, "curves", "1 to 4", curves.len())?;
    for (name, curve) in curves {
        let got = format_args!("none in the curve {name:?}");
        Error::require(!curve.is_empty(), "points", "at least one", got)?;
        for x in curve.iter().flatten() {
            let got = format_args!("{x} in the curve {name:?}");
            Error::require(x.is_finite(), "a point", "finite", got)?;
        }
    }
    Ok(())
}

/// Returns the smallest and the largest coordinate along an axis.
fn span(curves: &[Curve], axis: usize) -> (f64, f64) {
    let all = curves.iter().flat_map(|(_, curve)| curve);
    let all = all.map(|point| point[axis]);
    let low = all.clone().fold(f64::INFINITY, f64::min);
    (low, all.fold(f64::NEG_INFINITY, f64::max))
}

/// Draws a chart of curves that [`check`] accepts.
pub(super) fn draw(
    canvas: &Canvas,
    title: &str,
    axis: &str,
    curves: &[Curve],
) -> Result<String, DrawError> {
    // A constant needs a range, too.
    let range = |low: f64, high: f64| {
        if high > low { high - low } else { high.abs().max(1.0) }
    };
    let (left, right) = span(curves, 0);
    let width = range(left, right);
    // A single point is in the middle.
    let left = if right > left { left } else { left - width / 2.0 };
    let (low, high) = span(curves, 1);
    let height = range(low, high);
    let near_zero = (0.0..0.3 * height).contains(&low);
    let low = if near_zero { 0.0 } else { low - 0.05 * height };
    // Each name needs a row above the curves.
    let rows = curves.iter().filter(|(name, _)| !name.is_empty()).count();
    let high = high + (0.05 + 0.09 * rows as f64) * height;
    let x = (left..left + width, axis);
    let mut chart = chart(canvas, title, x, (low..high, ""), short)?;
    for ((_, curve), colour) in curves.iter().zip(COLOURS) {
        let points = curve.iter().map(|&[x, y]| (x, y));
        if curve.len() == 1 {
            let dot = |at| Circle::new(at, style::points(2), colour.filled());
            chart.draw_series(points.map(dot))?;
        } else {
            chart.draw_series(LineSeries::new(points, line(colour)))?;
        }
    }
    names(&chart, curves.iter().map(|(name, _)| *name))?;
    Ok(String::new())
}

/// Returns 301 points `[x, f(x)]`, evenly spaced from `low` to `high`.
///
/// ```
/// let parabola = ddpm::plot::along(-1.0, 1.0, |x| x * x);
/// assert_eq!(parabola.first(), Some(&[-1.0, 1.0]));
/// assert_eq!(parabola.last(), Some(&[1.0, 1.0]));
/// ```
pub fn along(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Vec<[f64; 2]> {
    let at = |i: u32| low + (high - low) * f64::from(i) / 300.0;
    (0..=300).map(|i| [at(i), f(at(i))]).collect()
}

#[cfg(test)]
mod tests {
    use super::curves;

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let line = || vec![[0.0, 1.0], [1.0, 1.0]];
        // A flat line has a height all the same, and is in the middle of it.
        let flat = curves("flat", "x", &[("", line())]).unwrap();
        let labels = ["\n0.96\n", "\n1.04\n"];
        assert!(labels.iter().all(|label| flat.svg().contains(label)));
        assert!(curves("none", "x", &[]).is_err());
        let five: Vec<_> = (0..5).map(|_| ("", line())).collect();
        assert!(curves("five", "x", &five).is_err());
        let said = |curve| curves("bad", "x", &[("a", curve)]).unwrap_err();
        assert!(said(vec![]).to_string().contains("\"a\""));
        let dot = curves("dot", "x", &[("", vec![[1.0, 2.0]])]).unwrap();
        assert!(dot.svg().contains("<circle"));
        let nan = vec![[0.0, 0.0], [1.0, f64::NAN]];
        assert!(said(nan).to_string().contains("finite"));
    }
}
