//! Points in the plane: data whose learning can be watched.

use crate::random::{Purpose, Stream, stream};
use std::f64::consts::PI;

/// `count` points on a Swiss roll, a spiral with a little noise, scaled to
/// about unit variance.
///
/// ```
/// let roll = ddpm::data::swiss_roll(1000, 42);
/// let square: f32 = roll.iter().flatten().map(|x| x * x).sum();
/// assert!((square / 2000.0 - 1.0).abs() < 0.1);
/// ```
#[must_use]
pub fn swiss_roll(count: u32, seed: u64) -> Vec<[f32; 2]> {
    // The spiral's own mean, and its standard deviation along an axis.
    let pi_2 = PI * PI;
    let mean = [(22.5 * pi_2 - 4.0) / (9.0 * pi_2), 12.0 / (9.0 * PI)];
    let square = 11.25 * pi_2 - mean[0].powi(2) - mean[1].powi(2);
    let std = (square / 2.0).sqrt();
    points(count, seed, |random| {
        // Even along the curve: the arc of a spiral grows as the square of
        // its angle.
        let (inner, outer) = (1.5 * PI, 4.5 * PI);
        let square =
            inner * inner + random.uniform() * (outer * outer - inner * inner);
        let angle = square.sqrt();
        let (sin, cos) = angle.sin_cos();
        let mut at = |wave: f64, mean: f64| {
            (angle * wave + 0.25 * random.normal() - mean) / std
        };
        [at(cos, mean[0]), at(sin, mean[1])]
    })
}

/// `count` points on two interleaved half circles with a little noise, scaled
/// to about unit variance.
///
/// ```
/// let moons = ddpm::data::moons(1000, 42);
/// let mean: f32 = moons.iter().map(|point| point[0]).sum::<f32>() / 1000.0;
/// assert!(mean.abs() < 0.1);
/// ```
#[must_use]
pub fn moons(count: u32, seed: u64) -> Vec<[f32; 2]> {
    points(count, seed, |random| {
        let angle = PI * random.uniform();
        let upper = random.uniform() < 0.5;
        let sign = if upper { 1.0 } else { -1.0 };
        // Each is a half circle, moved so that the pair is centred on 0.
        let x = sign * (angle.cos() - 0.5);
        let y = sign * (angle.sin() - 0.25);
        [
            (x + 0.05 * random.normal()) / 0.87,
            (y + 0.05 * random.normal()) / 0.5,
        ]
    })
}

/// Point `i` comes from stream `i`, so more points leave the first as they
/// are.
#[allow(clippy::cast_possible_truncation)] // f32 is what networks take
fn points(
    count: u32,
    seed: u64,
    draw: impl Fn(&mut Stream) -> [f64; 2],
) -> Vec<[f32; 2]> {
    (0..count)
        .map(|i| {
            let mut random = stream(seed, Purpose::Data, 0, i);
            draw(&mut random).map(|x| x as f32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_have_about_zero_mean_and_unit_variance() {
        for points in [swiss_roll(20_000, 1), moons(20_000, 1)] {
            let mut square = 0.0;
            for axis in 0..2 {
                let values = points.iter().map(|p| f64::from(p[axis]));
                let mean = values.clone().sum::<f64>() / 20_000.0;
                assert!(mean.abs() < 0.03, "mean {mean}");
                square += values.map(|x| x * x).sum::<f64>() / 40_000.0;
            }
            assert!((square - 1.0).abs() < 0.02, "mean square {square}");
        }
    }

    #[test]
    fn more_points_leave_the_first_as_they_are() {
        assert_eq!(swiss_roll(10, 3), swiss_roll(100, 3)[..10]);
        assert_ne!(swiss_roll(10, 3), swiss_roll(10, 4));
    }
}
