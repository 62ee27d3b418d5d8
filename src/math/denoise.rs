//! The best denoiser of a finite set of data.
//!
//! Among all functions of `x_t`, the conditional expectation `E[x_0 | x_t]` has the
//! smallest mean squared error as a prediction of `x_0`. For a finite set of data,
//! it can be computed.

use super::{Timestep, forward};

/// Returns `E[x_0 | x_t]` for data that are the rows of `data`, each equally likely.
///
/// # Formula
/// `E[x_0 | x_t] = Σ_n w_n y_n` with the data `y_n` and the weights
/// `w_n ∝ q(x_t | x_0 = y_n) ∝ exp(-‖x_t - √ᾱ_t y_n‖² / (2 (1-ᾱ_t)))`, which add up
/// to 1.
///
/// # Panics
/// If there are no data, a row has another length than `x_t`, or a value is not
/// finite.
///
/// ```
/// use ddpm::math::{Schedule, denoise};
/// // Data are -1 or 1. In the middle, both are equally likely.
/// let schedule = Schedule::from_betas(vec![0.36])?; // √ᾱ_1 = 0.8
/// let data = [[-1.0], [1.0]];
/// let expected = |x_t: f32| -> ddpm::Result<f64> {
///     Ok(denoise::expected_x_0(schedule.at(1)?, &[x_t], &data)[0])
/// };
/// assert_eq!(expected(0.0)?, 0.0);
/// // The hyperbolic tangent of √ᾱ_t x_t / (1-ᾱ_t).
/// assert!((expected(0.5)? - (0.8 * 0.5 / 0.36_f64).tanh()).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
// Not an equation: a weighted mean of data, tested below.
pub fn expected_x_0(
    at: Timestep,
    x_t: &[f32],
    data: &[impl AsRef<[f32]>],
) -> Vec<f64> {
    let c = forward::closed_form(at);
    let log_weight = |row: &[f32]| {
        assert_eq!(row.len(), x_t.len(), "the length of a row of the data");
        let pairs = x_t.iter().zip(row);
        let squares =
            pairs.map(|(&x, &y)| (f64::from(x) - c.x_0 * f64::from(y)).powi(2));
        -squares.sum::<f64>() / (2.0 * at.one_minus_alpha_bar())
    };
    let log_weights: Vec<f64> =
        data.iter().map(|row| log_weight(row.as_ref())).collect();
    // The largest weight becomes 1: no overflow.
    let largest = log_weights.iter().copied().fold(f64::MIN, f64::max);
    let mut expected = vec![0.0; x_t.len()];
    let mut total = 0.0;
    for (row, log_weight) in data.iter().zip(log_weights) {
        let weight = (log_weight - largest).exp();
        if weight == 0.0 {
            continue; // most rows are far away
        }
        total += weight;
        for (sum, &y) in expected.iter_mut().zip(row.as_ref()) {
            *sum += weight * f64::from(y);
        }
    }
    assert!(total > 0.0, "there must be data, and finite values");
    expected.iter_mut().for_each(|sum| *sum /= total);
    expected
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Schedule;
    use crate::random::{Purpose, stream};

    fn mean_squared_error(a: &[f64], b: &[f32]) -> f64 {
        let squares = a.iter().zip(b).map(|(a, &b)| (a - f64::from(b)).powi(2));
        squares.sum::<f64>() / a.len() as f64
    }

    /// No scaled `x_t` and no constant predicts `x_0` with a smaller mean squared
    /// error.
    #[test]
    #[allow(clippy::cast_possible_truncation)] // data are f32
    fn the_conditional_expectation_has_the_smallest_error() {
        let schedule = Schedule::cosine(10).unwrap();
        let mut random = stream(1, Purpose::Data, 0, 0);
        let mut point = || [0; 2].map(|_| random.normal() as f32);
        let data: Vec<[f32; 2]> = (0..20).map(|_| point()).collect();
        for at in schedule.iter() {
            let c = forward::closed_form(at);
            let mut errors = [0.0; 3];
            for i in 0..4000 {
                let x_0 = data[i % data.len()];
                let epsilon = point();
                let x_t: Vec<f32> = (0..2)
                    .map(|k| {
                        c.x_0 as f32 * x_0[k] + c.epsilon as f32 * epsilon[k]
                    })
                    .collect();
                let scaled: Vec<f64> =
                    x_t.iter().map(|&x| f64::from(x) * c.x_0).collect();
                let best = expected_x_0(at, &x_t, &data);
                for (error, prediction) in
                    errors.iter_mut().zip([best, scaled, vec![0.0; 2]])
                {
                    *error += mean_squared_error(&prediction, &x_0);
                }
            }
            let [best, scaled, zero] = errors;
            assert!(best < scaled && best < zero, "{}: {errors:?}", at.t());
        }
    }

    /// With hardly any noise it is the nearest point; with nothing but noise, the
    /// mean of the data.
    #[test]
    fn it_goes_from_the_nearest_point_to_the_mean() {
        let data = [[-1.0_f32], [2.0], [5.0]];
        let expected = |beta| {
            let schedule = Schedule::from_betas(vec![beta]).unwrap();
            expected_x_0(schedule.last(), &[1.9], &data)
        };
        let near = expected(1e-6);
        assert!((near[0] - 2.0).abs() < 1e-9);
        let far = expected(1.0 - 1e-12);
        assert!((far[0] - 2.0).abs() < 1e-4);
    }
}
