//! Paths in the plane.

use super::Figure;
use super::cloud::{cloud_in, panel};
use super::style::{COLOURS, FAINT, line};
use crate::{Error, Result};
use plotters::prelude::LineSeries;

/// The end of both axes, up and to the right.
const EDGE: f64 = 2.5;

/// Draws panels side by side, up to 4, each a title and paths, over points. All lie on
/// the square from -2.5 to 2.5. A path ends in a dot.
///
/// # Errors
/// If there are no panels, or more than 4, or if a point of a path is not finite.
///
/// ```
/// let ring = ddpm::data::Mixture::ring(8)?.sample(200, 0);
/// let path = vec![[-0.5, 2.0], [0.2, 1.5], [1.4, 0.0]];
/// let panels = [("a path".to_owned(), vec![path])];
/// let figure = ddpm::plot::paths(&panels, &ring)?;
/// assert!(figure.svg().contains("a path"));
/// assert!(ddpm::plot::paths(&[], &ring).is_err());
/// let nowhere = [("nowhere".to_owned(), vec![vec![[f64::NAN, 0.0]]])];
/// assert!(ddpm::plot::paths(&nowhere, &ring).is_err());
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn paths(
    panels: &[(String, Vec<Vec<[f64; 2]>>)],
    over: &[[f32; 2]],
) -> Result<Figure> {
    let ok = (1..=4).contains(&panels.len());
    Error::require(ok, "panels", "1 to 4", panels.len())?;
    let paths_of_all = panels.iter().flat_map(|(_, paths)| paths);
    for x in paths_of_all.flatten().flatten() {
        Error::require(x.is_finite(), "a point", "finite", x)?;
    }
    let titles: Vec<_> = panels.iter().map(|(t, _)| t.as_str()).collect();
    let description = format!("Paths in the plane: {}.", titles.join(", "));
    // At most four columns.
    #[allow(clippy::cast_possible_truncation)]
    let size = (280 * panels.len() as u32, 298);
    Figure::draw(size, &description, |canvas| {
        let mut dots = String::new();
        let areas = canvas.split_evenly((1, panels.len()));
        for (area, (title, paths)) in areas.iter().zip(panels) {
            let mut chart = panel(area, title, EDGE)?;
            dots.push_str(&cloud_in(&chart, over, EDGE, FAINT, 4));
            for (path, colour) in paths.iter().zip(COLOURS.iter().cycle()) {
                let corners = path.iter().map(|&[x, y]| (x, y));
                chart.draw_series(LineSeries::new(corners, line(*colour)))?;
                #[allow(clippy::cast_possible_truncation)]
                let end = path.last().map(|end| end.map(|x| x as f32));
                dots.push_str(&cloud_in(
                    &chart,
                    end.as_slice(),
                    EDGE,
                    *colour,
                    8,
                ));
            }
        }
        Ok(dots)
    })
}
