//! The sampling loop, Algorithm 2, as an iterator.

use super::SampleOptions;
use crate::math::{Schedule, evenly_spaced};
use crate::nn::{Denoiser, Network, noise};
use crate::random::Purpose;
use crate::{Error, Result};
use candle_core::Tensor;

/// Draws `n` samples `(n, …)` from a model.
///
/// # Errors
/// If `n` is 0, the number of steps does not fit the schedule, or the device fails.
///
/// ```
/// # use candle_core::{DType, Device};
/// # use ddpm::math::{PredictionType, Schedule};
/// # use ddpm::nn::{MlpConfig, ModelConfig, Parameters};
/// use ddpm::sample::{SampleOptions, sample};
/// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
/// # let config = ModelConfig {
/// #     network: MlpConfig { dim: 2, width: 32, layers: 2 },
/// #     schedule: Schedule::cosine(100)?,
/// #     prediction_type: PredictionType::Epsilon,
/// # };
/// # let model = config.build(&parameters.builder(), &[2])?;
///
/// let samples = sample(&model, 5, &SampleOptions::default())?;
/// assert_eq!(samples.dims(), [5, 2]);
/// // The last two of them, drawn alone.
/// let options = SampleOptions { first_index: 3, ..SampleOptions::default() };
/// let two = sample(&model, 2, &options)?;
/// assert_eq!(samples.to_vec2::<f32>()?[3..], two.to_vec2::<f32>()?);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn sample<N: Network>(
    model: &Denoiser<N>,
    n: usize,
    options: &SampleOptions,
) -> Result<Tensor> {
    let mut sampler = Sampler::new(model, n, options)?;
    sampler.by_ref().try_for_each(|state| state.map(drop))?;
    Ok(sampler.x)
}

/// Draws samples step by step: one step for each call of
/// [`next`](Iterator::next), down to `t = 0`. An error is the last item.
///
/// ```
/// # use candle_core::{DType, Device};
/// # use ddpm::math::{PredictionType, Schedule};
/// # use ddpm::nn::{MlpConfig, ModelConfig, Parameters};
/// use ddpm::sample::{SampleOptions, Sampler};
/// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
/// # let config = ModelConfig {
/// #     network: MlpConfig { dim: 2, width: 32, layers: 2 },
/// #     schedule: Schedule::cosine(100)?,
/// #     prediction_type: PredictionType::Epsilon,
/// # };
/// # let model = config.build(&parameters.builder(), &[2])?;
///
/// let options =
///     SampleOptions { steps: Some(10), ..SampleOptions::default() };
/// let sampler = Sampler::new(&model, 5, &options)?;
/// assert_eq!(sampler.x().dims(), [5, 2]); // x_T, noise
/// let states = sampler.collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(states.len(), 10);
/// assert_eq!(states[9].t, 0);
/// assert_eq!(states[9].x.dims(), [5, 2]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Sampler<'a, N> {
    model: &'a Denoiser<N>,
    options: SampleOptions,
    /// The schedule of the chain at the timesteps that are visited.
    respaced: Schedule,
    /// The timesteps to visit, in increasing order.
    timesteps: Vec<usize>,
    /// The step of `respaced` that `x` is at; 0 at the end.
    k: usize,
    x: Tensor,
}

/// The state of a [`Sampler`] after a step.
#[derive(Clone, Debug)]
pub struct State {
    /// The timestep of `x`, 0 at the end.
    pub t: usize,
    /// The samples at that timestep.
    pub x: Tensor,
    /// The prediction of `x_0` that led here.
    pub x_0: Tensor,
}

impl<'a, N: Network> Sampler<'a, N> {
    /// Creates a sampler of `n` samples.
    ///
    /// # Errors
    /// If `n` is 0, an option is out of range, the number of steps does not fit the
    /// schedule, or the device fails.
    ///
    /// ```
    /// # use candle_core::{DType, Device};
    /// # use ddpm::math::{PredictionType, Schedule};
    /// # use ddpm::nn::{MlpConfig, ModelConfig, Parameters};
    /// use ddpm::sample::{SampleOptions, Sampler};
    /// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// # let config = ModelConfig {
    /// #     network: MlpConfig { dim: 2, width: 32, layers: 2 },
    /// #     schedule: Schedule::cosine(100)?,
    /// #     prediction_type: PredictionType::Epsilon,
    /// # };
    /// # let model = config.build(&parameters.builder(), &[2])?;
    /// // A hundred timesteps cannot be visited in 101 steps.
    /// let options =
    ///     SampleOptions { steps: Some(101), ..SampleOptions::default() };
    /// let error = Sampler::new(&model, 5, &options).unwrap_err();
    /// assert!(error.to_string().contains("in 1..=100"));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(
        model: &'a Denoiser<N>,
        n: usize,
        options: &SampleOptions,
    ) -> Result<Self> {
        options.check(n, model.schedule.last())?;
        let shape = [&[n], model.sample_shape.as_slice()].concat();
        let (dtype, device) = (model.network.dtype(), model.network.device());
        let start = |i| options.stream(Purpose::SampleStart, 0, i);
        let x = noise(&shape, dtype, &device, start)?;
        Self::starting_at(model, model.schedule.steps(), x, options)
    }

    /// Creates a sampler that starts at timestep `t` from given `x_t` `(n, …)`, such
    /// as pictures to which [`closed_form`](crate::math::forward::closed_form) has
    /// added noise. The steps are evenly spaced from `t` to 1.
    ///
    /// Source: Meng et al. 2022 (`SDEdit`), without a mask.
    ///
    /// # Errors
    /// If there is no such timestep, the number of steps does not fit `t`, or the
    /// samples do not fit the model.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor};
    /// # use ddpm::math::{PredictionType, Schedule};
    /// # use ddpm::nn::{MlpConfig, ModelConfig, Parameters};
    /// use ddpm::sample::{SampleOptions, Sampler};
    /// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// # let config = ModelConfig {
    /// #     network: MlpConfig { dim: 2, width: 32, layers: 2 },
    /// #     schedule: Schedule::cosine(100)?,
    /// #     prediction_type: PredictionType::Epsilon,
    /// # };
    /// # let model = config.build(&parameters.builder(), &[2])?;
    /// let x_40 = Tensor::zeros((5, 2), DType::F32, &Device::Cpu)?;
    /// let options =
    ///     SampleOptions { steps: Some(3), ..SampleOptions::default() };
    /// let sampler = Sampler::starting_at(&model, 40, x_40, &options)?;
    /// let states = sampler.collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!(states.iter().map(|state| state.t).collect::<Vec<_>>(), [21, 1, 0]);
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn starting_at(
        model: &'a Denoiser<N>,
        t: usize,
        x_t: Tensor,
        options: &SampleOptions,
    ) -> Result<Self> {
        let start = model.schedule.at(t)?;
        let n = x_t.dims().first().copied().unwrap_or(0);
        options.check(n, start)?;
        let shape = [&[n], model.sample_shape.as_slice()].concat();
        let (dtype, device) = (model.network.dtype(), model.network.device());
        let expected = format_args!(
            "{} {shape:?}, on the device of the network",
            dtype.as_str()
        );
        let got = format_args!("{} {:?}", x_t.dtype().as_str(), x_t.dims());
        let ok = x_t.dims() == shape
            && x_t.dtype() == dtype
            && x_t.device().same_device(&device);
        Error::require(ok, "x_t", expected, got)?;
        let timesteps = evenly_spaced(t, options.steps_of(t))?;
        let respaced = model.schedule.respace(&timesteps)?;
        let (options, k) = (*options, timesteps.len());
        Ok(Self { model, options, respaced, timesteps, k, x: x_t })
    }

    /// Returns the samples at the current timestep; at first `x_T`, noise.
    pub fn x(&self) -> &Tensor {
        &self.x
    }

    /// Takes one step: Algorithm 2, lines 3 and 4.
    fn step(&mut self) -> Result<State> {
        let options = self.options;
        let t = self.timesteps[self.k - 1];
        let at = self.model.schedule.at(t)?;
        let predicted = self.model.predict(&self.x, at, options.clip_sample)?;
        let x = &self.x;
        let stream = |i| options.stream(Purpose::SampleNoise, t, i);
        let z = || noise(x.dims(), x.dtype(), x.device(), stream);
        // The same moment in the chain of the visited timesteps.
        let respaced = self.respaced.at(self.k)?;
        self.x = options.method.step(respaced, &self.x, &predicted, z)?;
        self.k -= 1;
        let t = if self.k == 0 { 0 } else { self.timesteps[self.k - 1] };
        Ok(State { t, x: self.x.clone(), x_0: predicted.x_0 })
    }
}

impl<N: Network> Iterator for Sampler<'_, N> {
    type Item = Result<State>;

    fn next(&mut self) -> Option<Self::Item> {
        let state = (self.k > 0).then(|| self.step());
        if let Some(Err(_)) = state {
            self.k = 0; // The error would only recur.
        }
        state
    }
}
