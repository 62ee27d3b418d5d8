//! The pictures of the book, each drawn anew whenever it is printed.

use anyhow::{Result, bail};
use ddpm::math::{Schedule, forward};
use ddpm::plot::{self, Figure};
use ddpm::random::{Purpose, stream};

/// The SVG of a figure.
///
/// # Errors
/// If there is none of that name.
pub(crate) fn draw(name: &str) -> Result<String> {
    let figure = match name {
        "swiss-roll-chain" => swiss_roll_chain()?,
        "schedules" => schedules()?,
        _ => bail!("there is no figure {name} in book/press/src/figures.rs"),
    };
    Ok(figure.svg().to_owned())
}

/// A Swiss roll on its way to noise.
#[allow(clippy::cast_possible_truncation)]
fn swiss_roll_chain() -> ddpm::Result<Figure> {
    let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
    let x_0 = ddpm::data::swiss_roll(600, 0);
    let mut panels = vec![("t = 0".to_owned(), x_0.clone())];
    for t in [50, 200, 1000] {
        let (signal, noise) = forward::closed_form(schedule.at(t)?);
        let mut random = stream(0, Purpose::Data, t as u32, 1);
        let mut noised =
            |x: f32| (signal * f64::from(x) + noise * random.normal()) as f32;
        let points = x_0.iter().map(|point| point.map(&mut noised));
        panels.push((format!("t = {t}"), points.collect()));
    }
    plot::cloud(&panels)
}

/// What is left of the signal, schedule by schedule.
fn schedules() -> ddpm::Result<Figure> {
    let linear = Schedule::linear(1000, 1e-4, 0.02)?;
    let cosine = Schedule::cosine(1000)?;
    plot::schedules(&[("linear", &linear), ("cosine", &cosine)])
}
