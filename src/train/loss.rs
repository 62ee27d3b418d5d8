//! `L_simple`: the mean squared error of the prediction.

use super::Batch;
use crate::math::{Timestep, forward};
use crate::nn::kernels::noised;
use crate::nn::{Denoiser, Network};
use crate::{Error, Result};
use candle_core::Tensor;

/// The loss of a batch, a tensor with one number.
///
/// # Formula
/// `L_simple = E ‖ε - ε_θ(√ᾱ_t x_0 + √(1-ᾱ_t) ε, t)‖² / d`, the mean over the
/// batch and all dimensions; for a network that predicts `x_0` or `v`, the
/// same with that in the place of `ε`.
///
/// Equation: eq-simple-loss (Ho et al. 2020, eq. 14)
///
/// # Errors
/// If a time is not one of the schedule, the network refuses the batch, or
/// the device fails.
///
/// ```
/// use candle_core::{Device, Tensor};
/// # use ddpm::Result;
/// use ddpm::math::{Prediction, Schedule};
/// use ddpm::nn::{Denoiser, Network};
/// use ddpm::train::{Batches, loss};
/// # struct Zero;
/// # impl Network for Zero {
/// #     fn forward(&self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
/// #         Ok(x.zeros_like()?)
/// #     }
/// # }
///
/// // A network that says x_0 = 0, where it is 2.
/// let data = Tensor::full(2_f32, (8, 2), &Device::Cpu)?;
/// let schedule = Schedule::cosine(100)?;
/// let batch = Batches::new(data, 8, 42)?.batch(0, &schedule)?;
/// let prediction = Prediction::X0;
/// let model = Denoiser { network: Zero, schedule, prediction };
/// assert_eq!(loss(&model, &batch)?.to_scalar::<f32>()?, 4.0);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn loss<N: Network>(model: &Denoiser<N>, batch: &Batch) -> Result<Tensor> {
    if batch.x_0.dims().first() != Some(&batch.t.len()) {
        return Err(Error::argument(
            "batch",
            "one time for each example",
            format!("{} for {:?}", batch.t.len(), batch.x_0.dims()),
        ));
    }
    let x_t = mix(model, batch, forward::closed_form)?;
    let target = mix(model, batch, |at| model.prediction.target(at))?;
    let t: Vec<f32> = batch.t.iter().map(|&t| t as f32).collect();
    let t = Tensor::from_vec(t, batch.t.len(), x_t.device())?;
    let output = model.network.forward(&x_t, &t.to_dtype(x_t.dtype())?)?;
    Ok((output - target)?.sqr()?.mean_all()?)
}

/// The combination of `x_0` and `ε`, each example with the coefficients of
/// its own time.
fn mix<N>(
    model: &Denoiser<N>,
    batch: &Batch,
    coefficients: impl Fn(Timestep) -> (f64, f64),
) -> Result<Tensor> {
    let factor = |&t: &usize| Ok(coefficients(model.schedule.at(t)?));
    let factors: Vec<_> = batch.t.iter().map(factor).collect::<Result<_>>()?;
    Ok(noised(&batch.x_0, &batch.epsilon, &factors)?)
}
