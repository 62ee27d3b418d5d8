//! Points in the plane, time by time.

use super::Figure;
use super::style::{
    COLOURS, Canvas, Chart, DrawError, FAINT, INK, points, text,
};
use crate::{Error, Result};
use plotters::chart::ChartBuilder;
use plotters::style::RGBColor;
use std::fmt::Write;

/// The most points drawn in one panel: more only makes a blot.
const MOST: usize = 800;

/// The end of both axes, up and to the right.
const EDGE: f64 = 3.0;

/// Draws up to 12 panels, each a title and a cloud of points, all on the square
/// from -3 to 3. A panel shows its first 800 points; points outside of the square are
/// left out.
///
/// # Errors
/// If there are no panels, or more than 12, or a coordinate is not finite.
///
/// ```
/// let roll = ddpm::data::swiss_roll(500, 0);
/// let figure = ddpm::plot::cloud(&[("t = 0".to_owned(), roll)])?;
/// assert!(figure.svg().contains("t = 0"));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn cloud(panels: &[(String, Vec<[f32; 2]>)]) -> Result<Figure> {
    let ok = (1..=12).contains(&panels.len());
    Error::require(ok, "panels", "1 to 12", panels.len())?;
    let mut all = panels.iter().flat_map(|(_, cloud)| cloud.as_flattened());
    if let Some(bad) = all.find(|x| !x.is_finite()) {
        return Err(Error::argument("points", "finite", bad));
    }
    let titles: Vec<_> = panels.iter().map(|(t, _)| t.as_str()).collect();
    let description =
        format!("Clouds of points in the plane, at {}.", titles.join(", "));
    let columns = panels.len().min(6);
    let rows = panels.len().div_ceil(columns);
    // At most six columns and two rows.
    #[allow(clippy::cast_possible_truncation)]
    let size = (120 * columns as u32, 138 * rows as u32);
    Figure::draw(size, &description, |canvas| {
        let mut dots = String::new();
        let areas = canvas.split_evenly((rows, columns));
        for (area, (title, cloud)) in areas.iter().zip(panels) {
            let chart = panel(area, title, EDGE)?;
            dots.push_str(&cloud_in(&chart, cloud, EDGE, COLOURS[0], 2));
        }
        Ok(dots)
    })
}

/// Draws the frame of a panel, the square from -`edge` to `edge`.
pub(super) fn panel<'a, 'b>(
    area: &'a Canvas<'b>,
    title: &str,
    edge: f64,
) -> Result<Chart<'a, 'b>, DrawError> {
    let mut chart = ChartBuilder::on(area)
        .margin(points(4))
        .caption(title, text(11, INK))
        .build_cartesian_2d(-edge..edge, -edge..edge)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .axis_style(FAINT)
        .x_labels(0)
        .y_labels(0)
        .draw()?;
    Ok(chart)
}

/// Returns the points within a panel as an element: one path of round dots of no
/// length, which has a tenth of the bytes of as many circles. `width` is the width of
/// a dot in points.
pub(super) fn cloud_in(
    chart: &Chart,
    cloud: &[[f32; 2]],
    edge: f64,
    RGBColor(r, g, b): RGBColor,
    width: u32,
) -> String {
    let mut path = String::new();
    for point in cloud.iter().take(MOST) {
        let [x, y] = point.map(f64::from);
        if x.abs() < edge && y.abs() < edge {
            let (x, y) = chart.backend_coord(&(x, y));
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x} {y}h0");
        }
    }
    format!(
        "<path d=\"{path}\" stroke=\"#{r:02X}{g:02X}{b:02X}\" \
         stroke-opacity=\"0.6\" stroke-linecap=\"round\" \
         stroke-width=\"{}\"/>\n",
        points(width)
    )
}
