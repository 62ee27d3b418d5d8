//! What is left of the signal, schedule by schedule.

use super::Figure;
use super::style::{COLOURS, Labels, chart, named_lines, tenths};
use crate::math::{Schedule, Timestep};
use crate::{Error, Result};

/// The named schedules side by side: on the left `ᾱ_t`, the share of `x_0`'s
/// variance in `x_t`; on the right the signal-to-noise ratio, as a power of
/// ten.
///
/// # Errors
/// If there are no schedules, or more than there are colours, four.
///
/// ```
/// use ddpm::{math::Schedule, plot};
/// let linear = Schedule::linear(1000, 1e-4, 0.02)?;
/// let cosine = Schedule::cosine(1000)?;
/// let figure = plot::schedules(&[("linear", &linear), ("cosine", &cosine)])?;
/// assert!(figure.svg().contains("<title>"));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn schedules(schedules: &[(&str, &Schedule)]) -> Result<Figure> {
    if !(1..=COLOURS.len()).contains(&schedules.len()) {
        let got = schedules.len();
        return Err(Error::argument("schedules", "1 to 4", got));
    }
    let along = |value: fn(Timestep) -> f64| {
        let line = |&(name, schedule): &(&'_ str, &Schedule)| {
            let t_of = |at: Timestep| at.t() as f64 / schedule.steps() as f64;
            let points = schedule.iter().map(|at| (t_of(at), value(at)));
            (name.to_owned(), points.collect::<Vec<_>>())
        };
        schedules.iter().map(line).collect::<Vec<_>>()
    };
    let signal = along(|at| at.alpha_bar());
    let snr = along(|at| at.snr().log10());
    let exponents = || snr.iter().flat_map(|(_, line)| line).map(|p| p.1);
    let lowest = exponents().fold(f64::INFINITY, f64::min).floor();
    let highest = exponents().fold(f64::NEG_INFINITY, f64::max).ceil();

    let names: Vec<_> = schedules.iter().map(|(name, _)| *name).collect();
    let description = format!(
        "Two line plots over t/T for the schedules {}: the share of signal \
         left in x_t, falling from 1 to 0, and the signal-to-noise ratio on \
         a logarithmic scale, falling throughout.",
        names.join(", ")
    );
    Figure::draw((720, 300), &description, |canvas| {
        let (left, right) =
            canvas.split_horizontally(canvas.dim_in_pixel().0 / 2);
        let time = || (0.0..1.0, "t / T", tenths as Labels);
        let share = (0.0..1.0, "", tenths as Labels);
        let mut chart_left = chart(&left, "Signal left, ᾱₜ", time(), share)?;
        named_lines(&mut chart_left, &borrowed(&signal))?;
        let title = "Signal to noise, SNR(t)";
        let ratio = (lowest..highest, "", power as Labels);
        let mut chart_right = chart(&right, title, time(), ratio)?;
        named_lines(&mut chart_right, &borrowed(&snr))?;
        Ok(String::new())
    })
}

/// The axis holds exponents; this writes the numbers.
fn power(exponent: f64) -> String {
    let superscript = |digit: char| match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32('⁰' as u32 + digit as u32 - '0' as u32)
            .unwrap_or(digit),
    };
    let exponent = format!("{exponent:.0}");
    format!("10{}", exponent.chars().map(superscript).collect::<String>())
}

type Line<'a> = (&'a str, Vec<(f64, f64)>);

fn borrowed(lines: &[(String, Vec<(f64, f64)>)]) -> Vec<Line<'_>> {
    lines.iter().map(|(name, line)| (name.as_str(), line.clone())).collect()
}
