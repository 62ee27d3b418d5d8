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
