//! Expectations by sampling, where they have no closed form.
//!
//! The points are those of a lattice, shifted at random sixteen times
//! (randomised quasi-Monte Carlo): spread evenly, they are far better than as
//! many random ones where the function is smooth, and the shifts, which are
//! independent, say how good they are. The result carries six standard errors
//! as its own error, so that all that follows is ball arithmetic.

use super::mixture::Point;
use crate::value::{DIMENSION, Real, Trouble, Value};
use std::f64::consts::TAU;

const SHIFTS: u32 = 16;
/// Points of one shifted lattice, where the work allows.
const POINTS: u32 = 1024;
/// Below this, the spread of the shifts says little.
const LEAST: u32 = 64;
/// The expressions that may be evaluated for one mean.
const STEPS: u32 = 500_000;
/// Standard errors in the bound. With 16 shifts, one mean in 40,000 is
/// further off.
const Z: f64 = 6.0;

/// The mean of `body`, which costs about `cost` steps, over `n` standard normal
/// vectors; always at the same points.
pub(super) fn mean(
    n: usize,
    cost: u32,
    mut body: impl FnMut(&[Point]) -> Result<Value<Real>, Trouble>,
) -> Result<Value<Real>, Trouble> {
    let points = (STEPS / (SHIFTS * cost.max(1))).min(POINTS);
    if points < LEAST {
        return Err(Trouble::Budget);
    }
    // Pairs of uniform numbers make pairs of normal ones.
    let dimensions = (n * DIMENSION).next_multiple_of(2);
    let steps = lattice(dimensions);
    let mut rng = fastrand::Rng::with_seed(0x5a3d);
    let mut means: Vec<Vec<f64>> = vec![];
    for _ in 0..SHIFTS {
        let shift: Vec<f64> = (0..dimensions).map(|_| rng.f64()).collect();
        let mut total: Vec<f64> = vec![];
        for k in 0..points {
            let at = |j: usize| (shift[j] + f64::from(k) * steps[j]).fract();
            let z = normals(n, at);
            let value = body(&z)?;
            total.resize(value.entries().len(), 0.0);
            for (sum, x) in total.iter_mut().zip(value.entries()) {
                *sum += x.to_f64() / f64::from(points);
            }
        }
        means.push(total);
    }
    let entry = |i: usize| {
        let count = f64::from(SHIFTS);
        let mean = means.iter().map(|m| m[i]).sum::<f64>() / count;
        let square = means.iter().map(|m| (m[i] - mean).powi(2)).sum::<f64>();
        let error = Z * (square / (count - 1.0) / count).sqrt();
        Real::uncertain(mean, error)
    };
    match means[0].len() {
        1 => Ok(Value::Scalar(entry(0))),
        _ => Ok(Value::Vector(std::array::from_fn(entry))),
    }
}

/// The steps of an additive recurrence in many dimensions: powers of the root
/// of `x^(n+1) = x + 1`, the golden ratio for one dimension.
fn lattice(dimensions: usize) -> Vec<f64> {
    let power = dimensions as f64 + 1.0;
    let mut root = 1.5_f64;
    for _ in 0..100 {
        root = (1.0 + root).powf(1.0 / power);
    }
    let mut step = 1.0;
    let next = |_| {
        step /= root;
        step
    };
    (0..dimensions).map(next).collect()
}

/// Normal vectors from uniform numbers, by Box and Muller's transform.
fn normals(n: usize, uniform: impl Fn(usize) -> f64) -> Vec<Point> {
    let normal = |j: usize| {
        let pair = j - j % 2;
        let radius = (-2.0 * uniform(pair).max(1e-12).ln()).sqrt();
        let angle = TAU * uniform(pair + 1);
        radius * if j == pair { angle.cos() } else { angle.sin() }
    };
    let entry = |j: usize| Real::from_f64(normal(j));
    (0..n).map(|i| std::array::from_fn(|d| entry(i * DIMENSION + d))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    /// `E‖ε‖⁴ = D (D + 2)`, within the bound, and the bound is not idle.
    #[test]
    fn the_fourth_moment_is_within_its_bound() {
        let fourth = |z: &[Point]| {
            let squares = z[0].iter().map(|x| x.mul(x));
            let square = squares.reduce(|a, b| a.add(&b)).unwrap();
            Ok(Value::Scalar(square.mul(&square)))
        };
        let mean = mean(1, 4, fourth).unwrap().scalar().unwrap();
        let off = mean.sub(&Real::whole(15));
        assert!(off.may_be_zero());
        assert!(mean.error() < 0.0, "within 1: 2^{}", mean.error());
    }
}
