//! The error of a network at one timestep, on data of the caller's choice.

use super::Estimate;
use super::nearest::rows;
use crate::nn::{Denoiser, ModelPrediction, Network, noise};
use crate::random::{Purpose, stream};
use crate::train::add_noise;
use crate::{Error, Result};
use candle_core::Tensor;

/// The examples of a forward pass.
const BATCH: usize = 50;

/// Returns the mean squared error of the predicted noise at one timestep, per
/// dimension, over examples `x_0` `(N, …)`. It adds the noise of `seed` to them.
///
/// On held-out data, which training has not seen, it is the error that matters for
/// new samples. If it is larger than on training data, the network remembers its
/// training data.
///
/// # Formula
/// `E ‖ε - ε_θ(√ᾱ_t x_0 + √(1-ᾱ_t) ε, t)‖² / d`, whatever the network predicts. The
/// error of `x_0` is this one times `(1-ᾱ_t)/ᾱ_t`.
///
/// Equation: eq-simple (Ho et al. 2020, eq. 14), one term
///
/// # Errors
/// If `t` is not in the schedule, there are no examples, the network refuses their
/// shape, or the device fails.
///
/// ```
/// use candle_core::{Device, Tensor};
/// # use ddpm::Result;
/// use ddpm::evaluate::noise_error;
/// use ddpm::math::{PredictionType, Schedule};
/// use ddpm::nn::{Denoiser, Network};
/// # struct Zero;
/// # impl Network for Zero {
/// #     fn forward(&self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
/// #         Ok(x.zeros_like()?)
/// #     }
/// # }
///
/// // A network that predicts zero has a mean squared error of 1, the variance of
/// // the noise.
/// let model = Denoiser {
///     network: Zero,
///     schedule: Schedule::cosine(100)?,
///     prediction_type: PredictionType::Epsilon,
///     sample_shape: vec![20],
/// };
/// let x_0 = Tensor::zeros((500, 20), candle_core::DType::F32, &Device::Cpu)?;
/// let error = noise_error(&model, &x_0, 50, 0)?;
/// assert!((error.value - 1.0).abs() < 4.0 * error.standard_error);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn noise_error<N: Network>(
    model: &Denoiser<N>,
    x_0: &Tensor,
    t: usize,
    seed: u64,
) -> Result<Estimate> {
    let of_noise =
        |_: &Tensor, epsilon: &Tensor, predicted: &ModelPrediction| {
            squared_errors(&predicted.epsilon, epsilon)
        };
    let errors = of_examples(model, x_0, t, seed, false, of_noise)?;
    Ok(Estimate::mean(&errors))
}

/// Returns what `f` returns for each example of a batch, for all examples `x_0`
/// `(N, …)`. The arguments of `f` are the batch, the noise `ε` that is added to it, and
/// what the model predicts at timestep `t`. The predictions of `x_0` are clipped to
/// [-1, 1] if `clip_sample` is true.
pub(super) fn of_examples<N: Network>(
    model: &Denoiser<N>,
    x_0: &Tensor,
    t: usize,
    seed: u64,
    clip_sample: bool,
    f: impl Fn(&Tensor, &Tensor, &ModelPrediction) -> Result<Vec<f64>>,
) -> Result<Vec<f64>> {
    let at = model.schedule.at(t)?;
    let (count, device) = (x_0.dim(0)?, x_0.device());
    Error::require(count > 0, "the number of examples", "at least 1", count)?;
    let step = u32::try_from(t).unwrap_or(u32::MAX); // T is below 2^32
    let mut all = Vec::with_capacity(count);
    for first in (0..count).step_by(BATCH) {
        let size = BATCH.min(count - first);
        let x_0 = x_0.narrow(0, first, size)?; // (B, …)
        let index = u32::try_from(first).unwrap_or(u32::MAX);
        let stream = |i| stream(seed, Purpose::Evaluation, step, index + i);
        let epsilon = noise(x_0.dims(), x_0.dtype(), device, stream)?;
        let x_t = add_noise(&model.schedule, &x_0, &epsilon, &vec![t; size])?;
        let predicted = model.predict(&x_t, at, clip_sample)?;
        all.extend(f(&x_0, &epsilon, &predicted)?);
    }
    Ok(all)
}

/// Returns the mean squared error of each example of a batch `(B, …)`, per dimension.
pub(super) fn squared_errors(
    predicted: &Tensor,
    epsilon: &Tensor,
) -> Result<Vec<f64>> {
    let squares = (predicted - epsilon)?.sqr()?.flatten_from(1)?; // (B, d)
    Ok(rows(&squares.mean(1)?)?.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{PredictionType, Schedule};
    use candle_core::{DType, Device};

    /// The best predictor of `x_0` for standard normal data: `√ᾱ_t x_t`.
    struct Perfect(Schedule);

    impl Network for Perfect {
        fn forward(&self, x_t: &Tensor, t: &Tensor) -> Result<Tensor> {
            let t = t.to_vec1::<f32>()?[0];
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let at = self.0.at(t as usize)?;
            Ok((x_t * at.alpha_bar().sqrt())?)
        }
    }

    /// For standard normal data, what is left at step `t` is `ᾱ_t`.
    #[test]
    fn the_noise_error_of_the_perfect_network_is_alpha_bar() {
        let schedule = Schedule::cosine(20).unwrap();
        let model = Denoiser {
            network: Perfect(schedule.clone()),
            schedule: schedule.clone(),
            prediction_type: PredictionType::X0,
            sample_shape: vec![30],
        };
        let values = |i| stream(5, Purpose::Data, 0, i);
        let shape = [1010, 30]; // and a batch that is not full
        let x_0 = noise(&shape, DType::F32, &Device::Cpu, values).unwrap();
        for at in schedule.iter() {
            let error = noise_error(&model, &x_0, at.t(), 3).unwrap();
            let distance = (error.value - at.alpha_bar()).abs();
            assert!(
                distance < 4.0 * error.standard_error,
                "{}: {error}",
                at.t()
            );
        }
        let error = noise_error(&model, &x_0, 21, 3).unwrap_err().to_string();
        assert!(error.contains("t runs from 1 to 20"), "{error}");
        let none = x_0.narrow(0, 0, 0).unwrap();
        let error = noise_error(&model, &none, 1, 3).unwrap_err().to_string();
        assert!(error.contains("at least 1, got 0"), "{error}");
    }
}
