//! The figures of the book. Each build draws them with the functions that their
//! chapters explain. Those that move are drawn again on the page, when a reader changes
//! a number.

mod back;
mod chain;
mod digit;
mod forth;
mod moving;
#[cfg(not(target_family = "wasm"))]
mod pictures;
#[cfg(not(target_family = "wasm"))]
mod printed;

pub use moving::{Knob, Moving, moving};
#[cfg(not(target_family = "wasm"))]
pub use printed::{element, figure, picture_element};

use crate::theme::drawing;
use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use digit::step_on_a_digit;

/// Returns the drawing of a figure that moves, with these numbers. A number outside of
/// its range is moved to its end.
///
/// # Errors
/// If no figure that moves has the name, or it has another number of knobs.
///
/// ```
/// let drawing = live::moved("one-step", &[0.1, 0.2])?;
/// assert!(drawing.starts_with("<svg") && drawing.contains("β = 0.1"));
/// assert!(live::moved("one-step", &[0.1]).is_err());
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn moved(name: &str, values: &[f64]) -> Result<String> {
    let figure = Moving::find(name);
    let figure = figure.with_context(|| format!("no figure {name} moves"))?;
    if values.len() != figure.knobs.len() {
        bail!("the figure {name} has {} numbers", figure.knobs.len());
    }
    let values = figure.knobs.iter().zip(values);
    let values: Vec<_> = values.map(|(knob, x)| knob.nearest(*x)).collect();
    (figure.draw)(&values)
}

/// Returns a picture as an element.
fn image(png: &[u8], alt: &str) -> String {
    image_tag(&BASE64_STANDARD.encode(png), alt)
}

/// Returns an element for a PNG file in base 64.
fn image_tag(png: &str, alt: &str) -> String {
    format!("<img alt=\"{alt}\" src=\"data:image/png;base64,{png}\">")
}
