//! The loss: `add_noise`, predict, compare with the target.

use super::{Batch, LossWeight};
use crate::math::{Schedule, Timestep, forward};
use crate::nn::{Denoiser, Network, check_output};
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
    let images = (x_0, epsilon);
    let coefficients = columns(schedule, images, t, |at| {
        let c = forward::closed_form(at);
        [c.x_0, c.epsilon]
    })?;
    combine(images, &coefficients)
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
    let inputs = LossInputs::new(model, batch, weight)?;
    Ok((inputs.loss_sum(&model.network)? / count)?)
}

/// The inputs of the network for a batch, and the target of its output.
pub(super) struct LossInputs {
    x_t: Tensor,             // (B, …)
    timesteps: Tensor,       // (B)
    target: Tensor,          // (B, …)
    weights: Option<Tensor>, // (B, 1, …)
}

impl LossInputs {
    /// The numbers that depend on `t` come to the device in one copy.
    pub(super) fn new<N: Network>(
        model: &Denoiser<N>,
        batch: &Batch,
        weight: LossWeight,
    ) -> Result<Self> {
        let kind = model.prediction_type;
        let Batch { x_0, epsilon, t } = batch;
        let images = (x_0, epsilon);
        let numbers = columns(&model.schedule, images, t, |at| {
            let (x_t, target) = (forward::closed_form(at), kind.target(at));
            let [t, weight] = [at.t() as f64, weight.at(at, kind)];
            [x_t.x_0, x_t.epsilon, target.x_0, target.epsilon, t, weight]
        })?;
        let weights = numbers.get(5)?;
        Ok(Self {
            x_t: combine(images, &numbers.narrow(0, 0, 2)?)?,
            target: combine(images, &numbers.narrow(0, 2, 2)?)?,
            timesteps: numbers.get(4)?.flatten_all()?,
            weights: (weight != LossWeight::Simple).then_some(weights),
        })
    }

    /// Returns the loss as a sum over the batch and all dimensions.
    pub(super) fn loss_sum<N: Network>(&self, network: &N) -> Result<Tensor> {
        let output = network.forward(&self.x_t, &self.timesteps)?; // (B, …)
        check_output(&self.x_t, &output)?;
        let error = (output - &self.target)?.sqr()?; // (B, …)
        match &self.weights {
            None => Ok(error.sum_all()?),
            Some(weights) => Ok(error.broadcast_mul(weights)?.sum_all()?),
        }
    }
}

/// Returns the `N` numbers of each example's timestep as one tensor
/// `(N, B, 1, …)` on the device of the batch.
fn columns<const N: usize>(
    schedule: &Schedule,
    (x_0, epsilon): (&Tensor, &Tensor),
    t: &[usize],
    numbers: impl Fn(Timestep) -> [f64; N],
) -> Result<Tensor> {
    let shape = x_0.dims();
    Error::require(
        shape == epsilon.dims() && shape.first() == Some(&t.len()),
        "the batch",
        "x_0 and epsilon of one shape (B, …), with B timesteps",
        format_args!("{shape:?}, {:?}, {}", epsilon.dims(), t.len()),
    )?;
    let numbers = t.iter().map(|&t| Ok(numbers(schedule.at(t)?)));
    let rows = numbers.collect::<Result<Vec<_>>>()?;
    let columns = (0..N).flat_map(|i| rows.iter().map(move |row| row[i]));
    let mut shape = vec![1; x_0.rank() + 1];
    (shape[0], shape[1]) = (N, t.len());
    // Rounded to the type of the batch on the CPU: Metal has no f64.
    let columns = Tensor::from_vec(columns.collect(), shape, &Device::Cpu)?;
    Ok(columns.to_dtype(x_0.dtype())?.to_device(x_0.device())?)
}

/// Returns `a_t x_0 + b_t ε`; the coefficients are `(2, B, 1, …)`.
fn combine(
    (x_0, epsilon): (&Tensor, &Tensor),
    coefficients: &Tensor,
) -> Result<Tensor> {
    let signal = x_0.broadcast_mul(&coefficients.get(0)?)?; // (B, …)
    let noise = epsilon.broadcast_mul(&coefficients.get(1)?)?; // (B, …)
    Ok((signal + noise)?)
}
