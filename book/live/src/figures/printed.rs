//! Figures as elements of a printed page.

use super::{Moving, chain, drawing, image, image_tag, pictures};
use anyhow::{Result, bail};

/// Returns a figure with the HTML of its caption. If `is_live`, readers can change the
/// numbers of a figure that moves.
///
/// # Errors
/// If there is no figure of that name.
///
/// ```
/// let figure = live::figure("one-step", "A caption", false)?;
/// assert!(figure.starts_with("<figure><svg") && figure.contains("A caption"));
/// assert!(live::figure("one-step", "", true)?.contains("data-moving=\"one-step\""));
/// assert!(live::figure("two-step", "", true).is_err());
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn figure(name: &str, below: &str, is_live: bool) -> Result<String> {
    let picture = match name {
        "noisy-digits" => Some(pictures::noisy_digits()?),
        "denoised-digits" => Some(pictures::denoised_digits()?),
        _ => None,
    };
    if let Some((picture, description)) = picture {
        let drawn = image(&picture.png()?, description);
        return Ok(in_figure(&drawn, below));
    }
    if name == "all-noise" {
        return element(chain::all_noise()?.svg(), below);
    }
    let Some(figure) = Moving::find(name) else {
        bail!("there is no figure {name} in book/live/src/figures.rs");
    };
    let starts: Vec<_> = figure.knobs.iter().map(|knob| knob.start).collect();
    let drawn = in_figure(&(figure.draw)(&starts)?, below);
    if !is_live {
        return Ok(drawn);
    }
    let opening = format!(
        "<figure data-moving=\"{name}\" data-knobs=\"{}\">",
        figure.attribute()
    );
    Ok(drawn.replacen("<figure>", &opening, 1))
}

/// Returns a figure element with a drawing and the HTML below it.
///
/// # Errors
/// If the drawing has no colours for a dark theme.
///
/// ```
/// assert!(live::element("<svg></svg>", "").is_err());
/// ```
pub fn element(svg: &str, below: &str) -> Result<String> {
    Ok(in_figure(&drawing(svg)?, below))
}

fn in_figure(drawn: &str, below: &str) -> String {
    format!("<figure>{drawn}{below}</figure>\n")
}

/// Returns a figure element with a PNG file in base 64.
///
/// ```
/// let element = live::picture_element("aGk=", "a picture", "");
/// assert!(element.starts_with("<figure><img alt=\"a picture\""));
/// ```
pub fn picture_element(png: &str, alt: &str, below: &str) -> String {
    in_figure(&image_tag(png, alt), below)
}
