//! Curves over one axis.

use super::Figure;
use super::style::{COLOURS, Labels, chart, named_lines};
use crate::{Error, Result};

/// Named curves, each through its points from left to right, over an axis with
/// a name. Both axes reach as far as the points do, and the vertical one to
/// zero if it is near.
///
/// # Errors
/// If there are no curves, or more than there are colours, four; if one has
/// fewer than two points, or a point that is not finite.
///
/// ```
/// use ddpm::{math::Gaussian, plot};
/// let density = |x: f64| [x, Gaussian::STANDARD.log_density(x).exp()];
/// let curve = (-30..=30).map(|i| density(f64::from(i) / 10.0)).collect();
/// let figure = plot::curves("A density", "x", &[("N(0, 1)", curve)])?;
/// assert!(figure.svg().contains("N(0, 1)"));
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn curves(
    title: &str,
    axis: &str,
    curves: &[(&str, Vec<[f64; 2]>)],
) -> Result<Figure> {
    if !(1..=COLOURS.len()).contains(&curves.len()) {
        return Err(Error::argument("curves", "1 to 4", curves.len()));
    }
    for (name, curve) in curves {
        if curve.len() < 2 {
            let got = format!("{} in the curve {name:?}", curve.len());
            return Err(Error::argument("points", "at least two", got));
        }
        if let Some(bad) = curve.iter().flatten().find(|x| !x.is_finite()) {
            let got = format!("{bad} in the curve {name:?}");
            return Err(Error::argument("a point", "finite", got));
        }
    }
    let span = |axis: usize| {
        let all = curves.iter().flat_map(|(_, curve)| curve);
        let all = all.map(|point| point[axis]);
        let low = all.clone().fold(f64::INFINITY, f64::min);
        let high = all.fold(f64::NEG_INFINITY, f64::max);
        // A flat line needs some room too.
        let room = if high > low { high - low } else { high.abs().max(1.0) };
        (low, high, room)
    };
    let (left, right, width) = span(0);
    let right = if right > left { right } else { left + width };
    let (low, high, height) = span(1);
    let near_zero = (0.0..0.3 * height).contains(&low);
    let low = if near_zero { 0.0 } else { low - 0.05 * height };
    let named = curves.iter().map(|(name, _)| *name);
    let named: Vec<_> = named.filter(|name| !name.is_empty()).collect();
    // Above, the names need a line each.
    let high = high + (0.05 + 0.09 * named.len() as f64) * height;

    let description = format!(
        "{title}: curves over {axis} from {} to {}. {}",
        short(left),
        short(right),
        named.join(", ")
    );
    Figure::draw((560, 300), &description, |canvas| {
        let x = (left..right, axis, short as Labels);
        let y = (low..high, "", short as Labels);
        let mut chart = chart(canvas, title, x, y)?;
        let points =
            |curve: &[[f64; 2]]| curve.iter().map(|&[x, y]| (x, y)).collect();
        let lines: Vec<_> =
            curves.iter().map(|(name, curve)| (*name, points(curve))).collect();
        named_lines(&mut chart, &lines)?;
        Ok(String::new())
    })
}

/// Points of a curve, 301 of them, evenly spaced from `low` to `high`.
///
/// ```
/// let parabola = ddpm::plot::along(-1.0, 1.0, |x| x * x);
/// assert_eq!(parabola.first(), Some(&[-1.0, 1.0]));
/// assert_eq!(parabola.last(), Some(&[1.0, 1.0]));
/// ```
pub fn along(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Vec<[f64; 2]> {
    let at = |i: u32| low + (high - low) * f64::from(i) / 300.0;
    (0..=300).map(|i| [at(i), f(at(i))]).collect()
}

/// A number with three decimals at most.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{curves, short};

    #[test]
    fn numbers_are_short() {
        let all = [0.25, 3.0, -0.0001, 1000.0, -1.5].map(short);
        assert_eq!(all, ["0.25", "3", "0", "1000", "-1.5"]);
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let line = || vec![[0.0, 1.0], [1.0, 1.0]];
        // A flat line has a height all the same, and is in the middle of it.
        let flat = curves("flat", "x", &[("", line())]).unwrap();
        let labels = ["\n0.96\n", "\n1.04\n"];
        assert!(labels.iter().all(|label| flat.svg().contains(label)));
        assert!(curves("none", "x", &[]).is_err());
        let five: Vec<_> = (0..5).map(|_| ("", line())).collect();
        assert!(curves("five", "x", &five).is_err());
        let said = |curve| curves("bad", "x", &[("a", curve)]).unwrap_err();
        assert!(said(vec![[0.0, 0.0]]).to_string().contains("\"a\""));
        let nan = vec![[0.0, 0.0], [1.0, f64::NAN]];
        assert!(said(nan).to_string().contains("finite"));
    }
}
