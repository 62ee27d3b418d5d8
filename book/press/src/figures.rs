//! The figures of the book. Each build draws them with the functions that their
//! chapters explain.

mod back;
mod forth;
mod pictures;

use anyhow::{Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Returns a figure with the HTML of its caption.
///
/// # Errors
/// If there is no figure of that name.
pub(crate) fn draw(name: &str, below: &str) -> Result<String> {
    let picture = match name {
        "noisy-digits" => Some(pictures::noisy_digits()?),
        "denoised-digits" => Some(pictures::denoised_digits()?),
        _ => None,
    };
    if let Some((picture, description)) = picture {
        let png = BASE64_STANDARD.encode(picture.png()?);
        return Ok(picture_element(&png, description, below));
    }
    let figure = match name {
        "swiss-roll-chain" => forth::swiss_roll_chain()?,
        "one-step" => forth::one_step()?,
        "paths" => forth::paths()?,
        "all-noise" => forth::all_noise()?,
        "schedules" => forth::schedules()?,
        "bayes" => back::bayes()?,
        "small-steps" => back::small_steps()?,
        "first-steps" => back::first_steps()?,
        "posterior-weights" => back::posterior_weights()?,
        "best-estimates" => back::best_estimates()?,
        "bound-weights" => back::bound_weights()?,
        _ => bail!("there is no figure {name} in book/press/src/figures.rs"),
    };
    element(figure.svg(), below)
}

/// Returns a figure element with a PNG file in base 64.
pub(crate) fn picture_element(png: &str, alt: &str, below: &str) -> String {
    let source = format!("data:image/png;base64,{png}");
    format!("<figure><img alt=\"{alt}\" src=\"{source}\">{below}</figure>\n")
}

/// The selectors for the dark theme: in a figure's own style sheet, and within
/// a page.
const SYSTEM_IS_DARK: &str = "@media (prefers-color-scheme: dark) {";
const PAGE_IS_DARK: &str = ":is(.coal,.navy,.ayu) figure {";

/// Returns a figure element with a drawing and the HTML below it.
///
/// # Errors
/// If the drawing has no colours for a dark theme.
pub(crate) fn element(svg: &str, below: &str) -> Result<String> {
    // The page's theme applies here, not the system's.
    if !svg.contains(SYSTEM_IS_DARK) {
        bail!("it has no colours for a dark theme");
    }
    let svg = svg.replace(SYSTEM_IS_DARK, PAGE_IS_DARK);
    let svg: Vec<&str> = svg.lines().map(str::trim).collect();
    Ok(format!("<figure>{}{below}</figure>\n", svg.concat()))
}
