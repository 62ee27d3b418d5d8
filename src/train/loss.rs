//! The loss: `add_noise`, predict, compare with the target.

use super::{Batch, LossWeight};
use crate::math::coefficients::X0Epsilon;
use crate::math::{Schedule, Timestep, forward};
use crate::nn::{Denoiser, Network};
use crate::{Error, Result};
use candle_core::{Device, Tensor};

/// Returns `x_t` for each example at its own timestep: the forward process in
/// one jump, also known as `q_sample`. `x_0` and `epsilon` are `(B, …)`, and `t`
/// has `B` timesteps `1 … T`.
///
/// # Formula
/// `x_t = √ᾱ_t x_0 + √(1-ᾱ_t) ε`
///
/// Equation: eq-closed-form (Ho et al. 2020, eq. 4)
///
/// # Errors
/// If the shapes differ, or a timestep is not in the schedule.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::{math::Schedule, train::add_noise};
///
/// let schedule = Schedule::from_betas(vec![0.36])?; // √ᾱ_1 = 0.8
/// let x_0 = Tensor::new(&[[1.0]], &Device::Cpu)?;
/// let epsilon = Tensor::new(&[[-1.0]], &Device::Cpu)?;
/// let x_t = add_noise(&schedule, &x_0, &epsilon, &[1])?;
/// assert!((x_t.to_vec2::<f64>()?[0][0] - 0.2).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn add_noise(
    schedule: &Schedule,
    x_0: &Tensor,
    epsilon: &Tensor,
    t: &[usize],
) -> Result<Tensor> {
    combine_each(schedule, (x_0, epsilon), t, forward::closed_form)
}

/// Returns the loss of a batch, a tensor with one value.
///
/// # Formula
/// `L = E w_t ‖y - f_θ(√ᾱ_t x_0 + √(1-ᾱ_t) ε, t)‖² / d`, the mean over the batch
/// and all `d` dimensions, where `f_θ` is the network and the target `y` is what
/// it predicts: `ε`, `x_0` or `v`. With `ε` and `w_t = 1` it is `L_simple / d`.
///
/// Equation: eq-simple (Ho et al. 2020, eq. 14)
///
/// # Errors
/// If a timestep is not in the schedule, the network refuses the batch, or the
/// device fails.
///
/// ```
/// use candle_core::{Device, Tensor};
/// # use ddpm::Result;
/// use ddpm::math::{PredictionType, Schedule};
/// use ddpm::nn::{Denoiser, Network};
/// use ddpm::train::{Batches, LossWeight, loss};
/// # struct Zero;
/// # impl Network for Zero {
/// #     fn forward(&self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
/// #         Ok(x.zeros_like()?)
/// #     }
/// # }
///
/// // A network that predicts x_0 = 0, where x_0 is 2.
/// let model = Denoiser {
///     network: Zero,
///     schedule: Schedule::cosine(100)?,
///     prediction_type: PredictionType::X0,
///     sample_shape: vec![2],
/// };
/// let data = Tensor::full(2_f32, (8, 2), &Device::Cpu)?;
/// let batch = Batches::new(data, 8, 42)?.batch(0, &model.schedule)?;
/// let loss = loss(&model, &batch, LossWeight::Simple)?;
/// assert_eq!(loss.to_scalar::<f32>()?, 4.0);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn loss<N: Network>(
    model: &Denoiser<N>,
    batch: &Batch,
    weight: LossWeight,
) -> Result<Tensor> {
    let count = batch.x_0.elem_count() as f64;
    Ok((loss_sum(model, batch, weight)? / count)?)
}

/// Returns the loss as a sum over the batch and all dimensions.
pub(super) fn loss_sum<N: Network>(
    model: &Denoiser<N>,
    batch: &Batch,
    weight: LossWeight,
) -> Result<Tensor> {
    let Batch { x_0, epsilon, t } = batch;
    let schedule = &model.schedule;
    let x_t = add_noise(schedule, x_0, epsilon, t)?; // (B, …)
    let target = combine_each(schedule, (x_0, epsilon), t, |at| {
        model.prediction_type.target(at)
    })?;
    let timesteps: Vec<f32> = t.iter().map(|&t| t as f32).collect();
    let timesteps = Tensor::new(timesteps, x_t.device())?; // (B)
    let timesteps = timesteps.to_dtype(x_t.dtype())?;
    let output = model.network.forward(&x_t, &timesteps)?; // (B, …)
    let error = (output - target)?.sqr()?; // (B, …)
    if weight == LossWeight::Simple {
        return Ok(error.sum_all()?);
    }
    let weights = each(schedule, t, |at| weight.at(at, model.prediction_type))?;
    Ok(error.broadcast_mul(&column(weights, &error)?)?.sum_all()?)
}

/// Returns `a_t x_0 + b_t ε`, with the coefficients `(a_t, b_t)` of each
/// example's timestep.
fn combine_each(
    schedule: &Schedule,
    (x_0, epsilon): (&Tensor, &Tensor),
    t: &[usize],
    coefficients: impl Fn(Timestep) -> X0Epsilon,
) -> Result<Tensor> {
    let shape = x_0.dims();
    Error::require(
        shape == epsilon.dims() && shape.first() == Some(&t.len()),
        "the batch",
        "x_0 and epsilon of one shape (B, …), with B timesteps",
        format_args!("{shape:?}, {:?}, {}", epsilon.dims(), t.len()),
    )?;
    let c = each(schedule, t, coefficients)?;
    let (a, b) = c.iter().map(|c| (c.x_0, c.epsilon)).unzip();
    let signal = x_0.broadcast_mul(&column(a, x_0)?)?; // (B, …)
    let noise = epsilon.broadcast_mul(&column(b, x_0)?)?; // (B, …)
    Ok((signal + noise)?)
}

/// Returns `f` at each timestep.
fn each<T>(
    schedule: &Schedule,
    t: &[usize],
    f: impl Fn(Timestep) -> T,
) -> Result<Vec<T>> {
    t.iter().map(|&t| Ok(f(schedule.at(t)?))).collect()
}

/// Returns a number for each example of `like` `(B, …)` as `(B, 1, …)`.
fn column(values: Vec<f64>, like: &Tensor) -> Result<Tensor> {
    let mut shape = vec![1; like.rank()];
    shape[0] = values.len();
    // Rounded to the type of the batch on the CPU: Metal has no f64.
    let column = Tensor::from_vec(values, shape, &Device::Cpu)?;
    Ok(column.to_dtype(like.dtype())?.to_device(like.device())?)
}
