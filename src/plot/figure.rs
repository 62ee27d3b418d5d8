//! An SVG with its description.

use super::backend::Svg;
use super::style::{Canvas, DrawError, SCALE, STYLE_SHEET};
use crate::{Error, Result, write_atomic};
use plotters::prelude::IntoDrawingArea;
use std::path::Path;

/// A plot, as SVG.
///
/// ```
/// let losses = [0.9, 0.5, 0.3];
/// let figure = ddpm::plot::loss(&losses)?;
/// assert_eq!(figure, ddpm::plot::loss(&losses)?); // the same bytes
/// assert_ne!(figure, ddpm::plot::loss(&losses[..2])?);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    svg: String,
}

impl Figure {
    /// Draws a figure of `width` by `height` points; `description` says what
    /// it shows. `draw` may return SVG elements of its own, which come last.
    pub(super) fn draw(
        (width, height): (u32, u32),
        description: &str,
        draw: impl FnOnce(&Canvas) -> Result<String, DrawError>,
    ) -> Result<Self> {
        // plotters rounds to whole units, so its units are made small.
        let units = (width * SCALE, height * SCALE);
        let mut svg = String::new();
        let canvas = Svg::new(&mut svg, units);
        let canvas = canvas.into_drawing_area();
        let extra = draw(&canvas)
            .and_then(|extra| canvas.present().map(|()| extra))
            .map_err(|error| Error::argument("the plot", "drawable", error))?;
        drop(canvas);

        let body = svg
            .split_once(">\n")
            .map_or("", |(_, rest)| rest)
            .trim_end()
            .trim_end_matches("</svg>");
        let description =
            description.replace('&', "&amp;").replace('<', "&lt;");
        Ok(Self {
            svg: format!(
                "<svg width=\"{width}\" height=\"{height}\" \
                 viewBox=\"0 0 {} {}\" role=\"img\" \
                 xmlns=\"http://www.w3.org/2000/svg\">\n\
                 <title>{description}</title>\n\
                 {STYLE_SHEET}{body}{extra}</svg>\n",
                units.0, units.1,
            ),
        })
    }

    /// The SVG document.
    ///
    /// ```
    /// let figure = ddpm::plot::loss(&[0.9, 0.5, 0.3])?;
    /// assert!(figure.svg().starts_with("<svg"));
    /// // The description, for those who cannot see it.
    /// assert!(figure.svg().contains("The training loss over 3 steps"));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// Writes the figure to a file, whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be written.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("loss.svg");
    /// let figure = ddpm::plot::loss(&[0.9, 0.5, 0.3])?;
    /// figure.save(&path)?;
    /// assert_eq!(std::fs::read(&path).unwrap(), figure.svg().as_bytes());
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn save(&self, path: &Path) -> Result<()> {
        write_atomic(path, self.svg.as_bytes())
    }
}
