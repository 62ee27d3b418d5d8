//! The Swiss roll: points in the plane.

use crate::random::{Purpose, stream};
use std::f64::consts::PI;

/// Draws `count` points on a Swiss roll, a spiral with a little noise, scaled to
/// about variance 1.
///
/// ```
/// let roll = ddpm::data::swiss_roll(1000, 42);
/// let square: f32 = roll.iter().flatten().map(|x| x * x).sum();
/// assert!((square / 2000.0 - 1.0).abs() < 0.1);
/// ```
#[allow(clippy::cast_possible_truncation)] // networks take f32
pub fn swiss_roll(count: u32, seed: u64) -> Vec<[f32; 2]> {
    // The mean of the spiral, and its standard deviation along an axis.
    let pi_2 = PI * PI;
    let mean = [(22.5 * pi_2 - 4.0) / (9.0 * pi_2), 12.0 / (9.0 * PI)];
    let square = 11.25 * pi_2 - mean[0].powi(2) - mean[1].powi(2);
    let std = (square / 2.0).sqrt();
    let (inner, outer) = ((1.5 * PI).powi(2), (4.5 * PI).powi(2));
    let point = |i| {
        let mut random = stream(seed, Purpose::Data, 0, i);
        // Uniform along the curve: its length is about angle²/2, so angle² is
        // uniform.
        let angle = (inner + random.uniform() * (outer - inner)).sqrt();
        let (sin, cos) = angle.sin_cos();
        let mut coordinate = |wave: f64, mean: f64| {
            ((angle * wave + 0.25 * random.normal() - mean) / std) as f32
        };
        [coordinate(cos, mean[0]), coordinate(sin, mean[1])]
    };
    (0..count).map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swiss_roll_has_about_zero_mean_and_unit_variance() {
        let points = swiss_roll(20_000, 1);
        let mut square = 0.0;
        for axis in 0..2 {
            let values = points.iter().map(|p| f64::from(p[axis]));
            let mean = values.clone().sum::<f64>() / 20_000.0;
            assert!(mean.abs() < 0.03, "mean {mean}");
            square += values.map(|x| x * x).sum::<f64>() / 40_000.0;
        }
        assert!((square - 1.0).abs() < 0.02, "mean square {square}");
    }

    #[test]
    fn more_points_leave_the_first_as_they_are() {
        assert_eq!(swiss_roll(10, 3), swiss_roll(100, 3)[..10]);
        assert_ne!(swiss_roll(10, 3), swiss_roll(10, 4));
    }
}
