//! The figures of the book. Each build draws them with the functions that their
//! chapters explain.

mod back;
mod forth;

use anyhow::{Result, bail};

/// Returns the SVG of a figure.
///
/// # Errors
/// If there is no figure of that name.
pub(crate) fn draw(name: &str) -> Result<String> {
    let figure = match name {
        "swiss-roll-chain" => forth::swiss_roll_chain()?,
        "one-step" => forth::one_step()?,
        "paths" => forth::paths()?,
        "all-noise" => forth::all_noise()?,
        "schedules" => forth::schedules()?,
        "bayes" => back::bayes()?,
        "small-steps" => back::small_steps()?,
        "posterior-weights" => back::posterior_weights()?,
        "best-estimates" => back::best_estimates()?,
        "bound-weights" => back::bound_weights()?,
        _ => bail!("there is no figure {name} in book/press/src/figures.rs"),
    };
    Ok(figure.svg().to_owned())
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
