//! The training loop, as an iterator.

use super::gradients::{gradients, scalar};
use super::{Batches, Settings};
use crate::nn::{Adam, Denoiser, Ema, Network, Parameters};
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};

/// Algorithm 1, one step a call of [`next`](Iterator::next), without end; an
/// error is the last item.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::math::{Prediction, Schedule};
/// use ddpm::nn::{Denoiser, Mlp, Parameters};
/// use ddpm::train::{Settings, Trainer};
///
/// let device = Device::Cpu;
/// let data = ddpm::data::moons(500, 0);
/// let data = Tensor::from_iter(data.into_iter().flatten(), &device)?;
/// let parameters = Parameters::new(0, DType::F32, &device);
/// let model = Denoiser {
///     network: Mlp::new(2, 32, 2, &parameters.builder())?,
///     schedule: Schedule::cosine(100)?,
///     prediction: Prediction::Epsilon,
/// };
/// let settings = Settings { batch: 64, ..Settings::default() };
/// let data = data.reshape((500, 2))?;
/// let mut trainer = Trainer::new(model, parameters, data, settings)?;
/// for progress in trainer.by_ref().take(3) {
///     let progress = progress?;
///     println!("step {}: loss {:.3}", progress.step, progress.loss);
/// }
/// assert_eq!(trainer.steps(), 3);
/// assert_eq!(trainer.losses().len(), 3);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Trainer<N> {
    pub(super) model: Denoiser<N>,
    pub(super) parameters: Parameters,
    pub(super) settings: Settings,
    pub(super) adam: Adam,
    pub(super) ema: Ema,
    pub(super) losses: Vec<f32>,
    batches: Batches,
    failed: bool,
}

/// How a training step went.
///
/// ```
/// # use candle_core::{DType, Device, Tensor};
/// # use ddpm::math::{Prediction, Schedule};
/// # use ddpm::nn::{Denoiser, Mlp, Parameters};
/// # use ddpm::train::{Settings, Trainer};
/// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
/// # let model = Denoiser {
/// #     network: Mlp::new(2, 8, 1, &parameters.builder())?,
/// #     schedule: Schedule::cosine(50)?,
/// #     prediction: Prediction::Epsilon,
/// # };
/// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
/// let settings = Settings { batch: 16, ..Settings::default() };
/// let mut trainer = Trainer::new(model, parameters, data, settings)?;
/// let first = trainer.next().unwrap()?;
/// assert_eq!(first.step, 1);
/// assert_eq!(first.learning_rate, settings.learning_rate_at(1));
/// assert!(first.loss > 0.0 && first.gradient_norm > 0.0);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The step, 1 for the first.
    pub step: u32,
    /// The loss of its batch.
    pub loss: f64,
    /// The norm of the gradient, before it was clipped.
    pub gradient_norm: f64,
    /// The learning rate that the step was taken with.
    pub learning_rate: f64,
}

impl<N: Network> Trainer<N> {
    /// A trainer of `model`, whose parameters are `parameters`, on `data`
    /// `(N, …)`.
    ///
    /// # Errors
    /// If a setting is out of range, there is no data, or the data are not of
    /// the parameters' type or not on their device.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{Prediction, Schedule};
    /// # use ddpm::nn::{Denoiser, Mlp, Parameters};
    /// # use ddpm::train::{Settings, Trainer};
    /// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// # let model = Denoiser {
    /// #     network: Mlp::new(2, 8, 1, &parameters.builder())?,
    /// #     schedule: Schedule::cosine(50)?,
    /// #     prediction: Prediction::Epsilon,
    /// # };
    /// // The parameters are f32, the data are not.
    /// let data = Tensor::zeros((64, 2), DType::F64, &Device::Cpu)?;
    /// let settings = Settings::default();
    /// let trainer = Trainer::new(model, parameters, data, settings);
    /// let error = trainer.unwrap_err().to_string();
    /// assert!(error.contains("the data must be f32"), "{error}");
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(
        model: Denoiser<N>,
        parameters: Parameters,
        data: Tensor,
        settings: Settings,
    ) -> Result<Self> {
        settings.check()?;
        let place = |device: &Device, dtype: DType| {
            format!("{} on {:?}", dtype.as_str(), device.location())
        };
        let expected = place(parameters.device(), parameters.dtype());
        let given = place(data.device(), data.dtype());
        if given != expected {
            return Err(Error::argument("the data", expected, given));
        }
        let batches = Batches::new(data, settings.batch, settings.seed)?;
        let adam = Adam::new(&parameters, settings.weight_decay)?;
        Ok(Self {
            batches: batches.with_times(settings.times)?,
            adam: adam.with_muon(settings.muon),
            ema: Ema::new(&parameters, settings.ema_decay)?,
            losses: vec![],
            failed: false,
            model,
            parameters,
            settings,
        })
    }

    /// Steps taken so far, those before a resume included.
    #[must_use]
    pub fn steps(&self) -> u32 {
        self.adam.steps
    }

    /// The loss of every step so far, those before a resume included.
    #[must_use]
    pub fn losses(&self) -> &[f32] {
        &self.losses
    }

    /// Calls `f` with the model as it samples best, with the averaged
    /// parameters; afterwards the parameters are what they were.
    ///
    /// # Errors
    /// If the device fails.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{Prediction, Schedule};
    /// # use ddpm::nn::{Denoiser, Mlp, Parameters};
    /// # use ddpm::train::{Settings, Trainer};
    /// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// # let model = Denoiser {
    /// #     network: Mlp::new(2, 8, 1, &parameters.builder())?,
    /// #     schedule: Schedule::cosine(50)?,
    /// #     prediction: Prediction::Epsilon,
    /// # };
    /// # let data = Tensor::zeros((64, 2), DType::F32, &Device::Cpu)?;
    /// # let settings = Settings { warm_up: 0, ..Settings::default() };
    /// // The numbers of one parameter.
    /// let var = parameters.named()[0].1.clone();
    /// let value = || var.flatten_all()?.to_vec1::<f32>();
    /// let mut trainer = Trainer::new(model, parameters, data, settings)?;
    /// trainer.next().unwrap()?;
    /// let now = value()?;
    /// // Two results: that of the swap, and that of the function.
    /// assert_ne!(trainer.with_average(|_| value())??, now);
    /// assert_eq!(value()?, now);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn with_average<R>(
        &mut self,
        f: impl FnOnce(&Denoiser<N>) -> R,
    ) -> Result<R> {
        let now = self.ema.swap_in()?;
        let result = f(&self.model);
        self.ema.restore(&now)?;
        Ok(result)
    }

    /// One step. If its loss or gradient is not finite, nothing has changed.
    fn step(&mut self) -> Result<Progress> {
        let batch = self.batches.batch(self.steps(), &self.model.schedule)?;
        let step = self.steps() + 1;
        let (loss, gradients) =
            gradients(&self.model, &self.parameters, &batch)?;
        check_finite("the loss", loss, step)?;
        let norm = check_finite("the gradient", norm(&gradients)?, step)?;
        let gradients = self.clipped(gradients, norm)?;
        let learning_rate = self.settings.learning_rate_at(step);
        self.adam.step(&gradients, learning_rate)?;
        self.ema.update(step)?;
        #[allow(clippy::cast_possible_truncation)] // it came from an f32
        self.losses.push(loss as f32);
        Ok(Progress { step, loss, gradient_norm: norm, learning_rate })
    }

    fn clipped(
        &self,
        gradients: Vec<Tensor>,
        norm: f64,
    ) -> Result<Vec<Tensor>> {
        if norm <= self.settings.clip {
            return Ok(gradients);
        }
        let factor = self.settings.clip / norm;
        gradients.iter().map(|g| Ok((g * factor)?)).collect()
    }
}

impl<N: Network> Iterator for Trainer<N> {
    type Item = Result<Progress>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None; // The error would only recur.
        }
        let here = self.parameters.check_copy();
        let progress = here.and_then(|()| self.step());
        self.failed = progress.is_err();
        Some(progress)
    }
}

/// The Euclidean norm of all gradients taken as one vector.
fn norm(gradients: &[Tensor]) -> Result<f64> {
    let mut squares = Vec::with_capacity(gradients.len());
    for gradient in gradients {
        squares.push(gradient.sqr()?.sum_all()?);
    }
    Ok(scalar(&Tensor::stack(&squares, 0)?.sum_all()?)?.sqrt())
}

fn check_finite(quantity: &'static str, value: f64, step: u32) -> Result<f64> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Error::Diverged { quantity, value, step })
    }
}
