//! Figures and pictures that show themselves in Jupyter.
//!
//! The evcxr kernel calls `evcxr_display` on the last value of a cell, and
//! shows what is printed between its two markers.

use super::{Figure, Picture};
use base64::Engine;

impl Figure {
    /// Shows the figure below a notebook's cell.
    ///
    /// ```
    /// let figure = ddpm::plot::loss(&[0.9, 0.5, 0.3])?;
    /// figure.evcxr_display();
    /// // What it printed, between two markers:
    /// assert!(figure.svg().starts_with("<svg"));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn evcxr_display(&self) {
        show("image/svg+xml", self.svg());
    }
}

impl Picture {
    /// Shows the picture below a notebook's cell.
    ///
    /// ```
    /// let picture = ddpm::plot::grid(&[-1.0, 1.0], (1, 2), 1, 10)?;
    /// picture.evcxr_display();
    /// // What it printed, as base64 between two markers:
    /// assert!(picture.png()?.starts_with(b"\x89PNG"));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn evcxr_display(&self) {
        match self.png() {
            Ok(png) => {
                let engine = base64::engine::general_purpose::STANDARD;
                show("image/png", &engine.encode(png));
            }
            Err(error) => println!("{error}"),
        }
    }
}

fn show(kind: &str, content: &str) {
    println!("EVCXR_BEGIN_CONTENT {kind}\n{content}\nEVCXR_END_CONTENT");
}
