//! Outputs below a notebook's cell.
//!
//! The evcxr kernel calls `evcxr_display` on the last value of a cell, and
//! shows what is printed between its two markers.

use super::Table;
use crate::math::Schedule;
use crate::plot::{self, Figure, Picture};
use base64::{Engine, engine::general_purpose::STANDARD};

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
            Ok(png) => show("image/png", &STANDARD.encode(png)),
            Err(error) => println!("{error}"),
        }
    }
}

impl Schedule {
    /// Shows below a notebook's cell what is left of the signal at each step.
    ///
    /// ```
    /// ddpm::math::Schedule::cosine(100)?.evcxr_display();
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn evcxr_display(&self) {
        let name = format!("T = {}", self.steps());
        match plot::schedules(&[(&name, self)]) {
            Ok(figure) => figure.evcxr_display(),
            Err(error) => println!("{error}"),
        }
    }
}

impl Table {
    /// Shows the table below a notebook's cell.
    ///
    /// ```
    /// ddpm::notebook::Table::new(["x", "x²"], [[3.0, 9.0]]).evcxr_display();
    /// ```
    pub fn evcxr_display(&self) {
        show("text/html", self.html());
    }
}

fn show(kind: &str, content: &str) {
    println!("EVCXR_BEGIN_CONTENT {kind}\n{content}\nEVCXR_END_CONTENT");
}
