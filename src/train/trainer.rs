//! The training loop, Algorithm 1, as an iterator.

use super::agreement::Agreement;
use super::gradients::{gradients, scalar};
use super::{Batches, Dataset, TrainConfig};
use crate::distributed::{Alone, Communicator, share};
use crate::math::Schedule;
use crate::nn::{
    Denoiser, ModelConfig, NetworkConfig, Parameters, micro_batch_size,
};
use crate::optim::{Ema, Optimizer};
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};
use candle_fused::scale;
use candle_nn::VarBuilder;
use std::ops::Range;
use std::sync::Arc;

/// Trains a model: one training step for each call of
/// [`next`](Iterator::next). It goes on without end, and stops after an error.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::math::{PredictionType, Schedule};
/// use ddpm::nn::{MlpConfig, ModelConfig};
/// use ddpm::sample::{SampleOptions, sample};
/// use ddpm::train::{TrainConfig, Trainer};
///
/// let points = ddpm::data::swiss_roll(500, 0).into_flattened();
/// let data = Tensor::from_vec(points, (500, 2), &Device::Cpu)?;
/// let model = ModelConfig {
///     network: MlpConfig { dim: 2, width: 32, layers: 2 },
///     schedule: Schedule::cosine(100)?,
///     prediction_type: PredictionType::Epsilon,
/// };
/// let config = TrainConfig { batch_size: 64, ..TrainConfig::default() };
/// let mut trainer = Trainer::new(model, data, config)?;
/// for report in trainer.by_ref().take(3) {
///     let report = report?;
///     println!("step {}: loss {:.3}", report.step, report.loss);
/// }
/// assert_eq!(trainer.steps(), 3);
/// let options = SampleOptions { clip_sample: false, ..Default::default() };
/// let samples = sample(&trainer.ema_model()?, 10, &options)?;
/// assert_eq!(samples.dims(), [10, 2]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Trainer<C: NetworkConfig> {
    pub(super) model_config: ModelConfig<C>,
    pub(super) config: TrainConfig,
    pub(super) model: Denoiser<C::Network>,
    pub(super) parameters: Parameters,
    pub(super) optimizer: Optimizer,
    pub(super) ema: Ema,
    pub(super) losses: Vec<f32>,
    pub(super) data_checksum: u32,
    pub(super) failed: bool,
    batches: Batches,
    /// The ranks that share the batches, and the share of this one.
    pub(super) ranks: Arc<dyn Communicator>,
    share: Range<usize>,
    agreement: Agreement,
}

/// The result of a training step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepReport {
    /// The step; the first is 1.
    pub step: u32,
    /// The loss of its batch.
    pub loss: f64,
    /// The norm of the gradient, before clipping.
    pub grad_norm: f64,
    /// The learning rate of the step.
    pub learning_rate: f64,
}

impl<C: NetworkConfig> Trainer<C> {
    /// Creates a trainer for `data`, such as a tensor `(N, …)`, with a new network
    /// whose initial weights come from the seed. The network has the device of the
    /// data and their type, `f32` or `f64`.
    ///
    /// # Errors
    /// If an option is out of range, there are no data, a value is not finite, or
    /// the network cannot take an example.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{PredictionType, Schedule};
    /// # use ddpm::nn::{MlpConfig, ModelConfig};
    /// # use ddpm::train::{TrainConfig, Trainer};
    /// # let model = ModelConfig {
    /// #     network: MlpConfig { dim: 2, width: 8, layers: 1 },
    /// #     schedule: Schedule::cosine(50)?,
    /// #     prediction_type: PredictionType::Epsilon,
    /// # };
    /// // The network takes points of two coordinates, the data have three.
    /// let data = Tensor::zeros((64, 3), DType::F32, &Device::Cpu)?;
    /// let error = Trainer::new(model, data, TrainConfig::default()).unwrap_err();
    /// assert!(error.to_string().contains("x_t of shape (B, 2)"), "{error}");
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(
        model_config: ModelConfig<C>,
        data: impl Dataset + 'static,
        config: TrainConfig,
    ) -> Result<Self> {
        config.check()?;
        let schedule = &model_config.schedule;
        let betas = schedule.iter().map(|at| at.beta()).collect();
        // A file has the betas alone.
        let same = Schedule::from_betas(betas).is_ok_and(|s| s == *schedule);
        let expected = "one that its betas give to the last bit; a respaced \
                        schedule may differ: use Schedule::from_betas of them";
        Error::require(same, "the schedule", expected, "another one")?;
        let dtype = data.dtype();
        let ok = matches!(dtype, DType::F32 | DType::F64);
        let (name, got) = ("the type of the data", dtype.as_str());
        Error::require(ok, name, "f32 or f64", got)?;
        let (shape, device) = (data.sample_shape(), data.device());
        let parameters = Parameters::new(config.seed, dtype, &device);
        let model = model_config.build(&parameters.builder(), &shape)?;
        let mut batches = Batches::new(data, config.batch_size, config.seed)?;
        batches.timestep_sampler = config.timestep_sampler;
        batches.data.check_finite()?;
        let data_checksum = batches.data.checksum()?;
        // Fail now, not in the first step, if the network cannot take an example.
        let first = batches.data.examples(&[0])?;
        model.predict(&first, model.schedule.last(), false)?;
        Ok(Self {
            batches,
            optimizer: Optimizer::new(&parameters, &config.optimizer)?,
            ema: Ema::new(&parameters, config.ema_decay)?,
            losses: vec![],
            failed: false,
            ranks: Arc::new(Alone),
            share: 0..config.batch_size,
            agreement: Agreement::default(),
            data_checksum,
            model_config,
            config,
            model,
            parameters,
        })
    }

    /// Shares every batch among several ranks, each of which has a trainer that was
    /// created alike. All of them must take the same steps. On CPUs the result is
    /// byte-identical to that of one rank.
    ///
    /// Before the first step, and every 100 steps, the ranks compare their programs,
    /// processors, options and parameters; a difference is an error of that step.
    ///
    /// # Errors
    /// If a batch is not enough for the number of ranks.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{PredictionType, Schedule};
    /// # use ddpm::nn::{MlpConfig, ModelConfig};
    /// # use ddpm::train::{TrainConfig, Trainer};
    /// # let model = ModelConfig {
    /// #     network: MlpConfig { dim: 2, width: 8, layers: 1 },
    /// #     schedule: Schedule::cosine(50)?,
    /// #     prediction_type: PredictionType::Epsilon,
    /// # };
    /// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
    /// # let config = TrainConfig::default();
    /// let ranks = ddpm::distributed::communicator(&Device::Cpu)?.into();
    /// let mut trainer = Trainer::new(model, data, config)?.share_with(ranks)?;
    /// assert_eq!(trainer.next().unwrap()?.step, 1);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn share_with(mut self, ranks: Arc<dyn Communicator>) -> Result<Self> {
        let size = self.config.batch_size;
        let shape = [&[size], self.model.sample_shape.as_slice()].concat();
        let device = self.parameters.device();
        let micro_batch = match device {
            Device::Cpu => micro_batch_size(&shape, device),
            _ => size.div_ceil(ranks.size()),
        };
        self.share = share(size, micro_batch, &*ranks)?;
        self.ranks = ranks;
        Ok(self)
    }

    /// Takes one training step: Algorithm 1, lines 2 to 5. If the loss or the
    /// gradient is not finite, the step changes nothing.
    fn step(&mut self) -> Result<StepReport> {
        let step = self.steps() + 1;
        // Lines 2 to 4: examples x_0, timesteps t and noise ε.
        let (k, schedule) = (step - 1, &self.model.schedule);
        let batch = self.batches.part(k, self.share.clone(), schedule)?;
        // Line 5: x_t, the prediction, the loss, and backward, for each
        // micro-batch.
        let weight = self.config.loss_weight;
        let (model, optimizer) = (&self.model, &self.optimizer);
        let (loss, gradients) = gradients(
            model,
            &self.parameters,
            optimizer,
            (&batch, self.config.batch_size),
            weight,
            &*self.ranks,
        )?;
        check_finite("the loss", loss, step)?;
        // The gradient step, with the refinements of practice: clipping, a
        // learning rate that changes, an optimiser, and an average.
        let grad_norm = check_finite("the gradient", norm(&gradients)?, step)?;
        let gradients = self.clip(gradients, grad_norm)?;
        let learning_rate = self.config.learning_rate_at(step);
        self.optimizer.step_joined(&gradients, learning_rate)?;
        self.ema.update(step)?;
        #[allow(clippy::cast_possible_truncation)] // for the plot of losses
        self.losses.push(loss as f32);
        Ok(StepReport { step, loss, grad_norm, learning_rate })
    }

    /// Compares the ranks before the first step, and now and then.
    fn agree(&mut self) -> Result<()> {
        let mut agreement = std::mem::take(&mut self.agreement);
        let agreed = agreement.check(self);
        self.agreement = agreement;
        agreed
    }

    /// Scales the gradient down to the largest norm allowed.
    fn clip(&self, gradients: Vec<Tensor>, norm: f64) -> Result<Vec<Tensor>> {
        match self.config.max_grad_norm {
            Some(max_norm) if norm > max_norm => {
                let factor = max_norm / norm;
                gradients.iter().map(|g| Ok(scale(g, factor)?)).collect()
            }
            _ => Ok(gradients),
        }
    }

    /// Returns the number of steps taken so far, in all runs.
    pub fn steps(&self) -> u32 {
        self.optimizer.steps()
    }

    /// Returns the loss of every step so far, in all runs.
    pub fn losses(&self) -> &[f32] {
        &self.losses
    }

    /// Returns the parameters, which change with every step.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Returns a copy of the model as it is now, with the parameters of the last
    /// step.
    ///
    /// # Errors
    /// If the device fails.
    pub fn model(&self) -> Result<Denoiser<C::Network>> {
        let copy = |(name, var): (String, candle_core::Var)| {
            Ok((name, var.as_detached_tensor().copy()?))
        };
        let named = self.parameters.named().into_iter().map(copy);
        self.build(named.collect::<Result<_>>()?)
    }

    /// Returns a copy of the model with averaged parameters (EMA), which samples
    /// best.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{PredictionType, Schedule};
    /// # use ddpm::nn::{MlpConfig, ModelConfig};
    /// # use ddpm::train::{TrainConfig, Trainer};
    /// # let model = ModelConfig {
    /// #     network: MlpConfig { dim: 2, width: 8, layers: 1 },
    /// #     schedule: Schedule::cosine(50)?,
    /// #     prediction_type: PredictionType::Epsilon,
    /// # };
    /// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
    /// # let config = TrainConfig::default();
    /// let mut trainer = Trainer::new(model, data, config)?;
    /// let at_start = trainer.ema_model()?;
    /// trainer.next().unwrap()?;
    /// let x_t = Tensor::ones((1, 2), DType::F32, &Device::Cpu)?;
    /// let predict = |model: &ddpm::nn::Denoiser<_>| -> ddpm::Result<_> {
    ///     let predicted = model.predict(&x_t, model.schedule.last(), false)?;
    ///     Ok(predicted.epsilon.to_vec2::<f32>()?)
    /// };
    /// // A copy does not change with later steps.
    /// assert_ne!(predict(&at_start)?, predict(&trainer.ema_model()?)?);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn ema_model(&self) -> Result<Denoiser<C::Network>> {
        self.build(self.ema.tensors()?)
    }

    /// Ends training, and returns the model with averaged parameters.
    ///
    /// # Errors
    /// If the device fails.
    pub fn into_model(self) -> Result<Denoiser<C::Network>> {
        self.ema_model()
    }

    fn build(
        &self,
        tensors: Vec<(String, Tensor)>,
    ) -> Result<Denoiser<C::Network>> {
        let of = &self.parameters;
        let tensors = tensors.into_iter().collect();
        let vb = VarBuilder::from_tensors(tensors, of.dtype(), of.device());
        self.model_config.build(&vb, &self.model.sample_shape)
    }
}

impl<C: NetworkConfig> Iterator for Trainer<C> {
    type Item = Result<StepReport>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None; // The error would only recur.
        }
        // In a notebook, each cell has its own copy of candle.
        let same_cell = self.parameters.check_copy();
        let ranks_agree = same_cell.and_then(|()| self.agree());
        let report = ranks_agree.and_then(|()| self.step());
        self.failed = report.is_err();
        Some(report)
    }
}

/// Returns the Euclidean norm of all gradients as one vector.
fn norm(gradients: &[Tensor]) -> Result<f64> {
    let squares = gradients.iter().map(|g| g.sqr()?.sum_all());
    let squares: Vec<_> = squares.collect::<candle_core::Result<_>>()?;
    Ok(scalar(&Tensor::stack(&squares, 0)?.sum_all()?)?.sqrt())
}

fn check_finite(quantity: &'static str, value: f64, step: u32) -> Result<f64> {
    let error = Error::Diverged { quantity, value, step };
    if value.is_finite() { Ok(value) } else { Err(error) }
}
