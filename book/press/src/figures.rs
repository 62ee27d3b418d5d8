//! The pictures of the book, each drawn anew whenever it is printed, from the
//! functions of the chapter that it stands in.

mod back;
mod forth;

use anyhow::{Result, bail};

/// The SVG of a figure.
///
/// # Errors
/// If there is none of that name.
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
