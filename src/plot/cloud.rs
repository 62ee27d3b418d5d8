//! Points in the plane, time by time.

use super::Figure;
use super::style::{COLOURS, FAINT, INK, points, text};
use crate::{Error, Result};
use plotters::chart::ChartBuilder;
use std::fmt::Write;

/// The most points drawn in one panel: more only makes a blot.
const MOST: usize = 800;

/// Draws up to 12 panels, each a title and a cloud of points, all on the square
/// from -3 to 3.
///
/// # Errors
/// If there are no panels, or more than 12.
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
            let mut chart = ChartBuilder::on(area)
                .margin(points(4))
                .caption(title, text(11, INK))
                .build_cartesian_2d(-3_f32..3.0, -3_f32..3.0)?;
            chart
                .configure_mesh()
                .disable_mesh()
                .axis_style(FAINT)
                .x_labels(0)
                .y_labels(0)
                .draw()?;
            // One path of round dots of no length: a tenth of the bytes of
            // as many circles.
            let mut path = String::new();
            for &[x, y] in cloud.iter().take(MOST) {
                if x.abs() < 3.0 && y.abs() < 3.0 {
                    let (x, y) = chart.backend_coord(&(x, y));
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{x} {y}h0");
                }
            }
            let plotters::style::RGBColor(r, g, b) = COLOURS[0];
            let _ = writeln!(
                dots,
                "<path d=\"{path}\" stroke=\"#{r:02X}{g:02X}{b:02X}\" \
                 stroke-opacity=\"0.6\" stroke-linecap=\"round\" \
                 stroke-width=\"{}\"/>",
                points(2)
            );
        }
        Ok(dots)
    })
}
