//! The sampling loop, as an iterator.

use super::Rule;
use crate::math::{Schedule, evenly_spaced};
use crate::nn::{Denoiser, Network, noise};
use crate::random::{Purpose, stream};
use crate::{Error, Result};
use candle_core::{Device, Tensor};

/// What to sample, and how.
///
/// ```
/// # use candle_core::{DType, Device};
/// # use ddpm::math::{Prediction, Schedule};
/// # use ddpm::nn::{Denoiser, Mlp, Parameters};
/// use ddpm::sample::{Options, Sampler};
///
/// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
/// # let model = Denoiser {
/// #     network: Mlp::new(2, 32, 2, &parameters.builder())?,
/// #     schedule: Schedule::cosine(100)?,
/// #     prediction: Prediction::Epsilon,
/// # };
/// let options = Options::default();
/// let four = Sampler::new(&model, &[4, 2], &Device::Cpu, options)?;
/// // The last two of the four, drawn alone.
/// let options = Options { first: 2, ..options };
/// let two = Sampler::new(&model, &[2, 2], &Device::Cpu, options)?;
/// let starts = four.x().to_vec2::<f32>()?;
/// assert_eq!(starts[2..], two.x().to_vec2::<f32>()?);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How to step.
    pub rule: Rule,
    /// Steps to take, evenly spaced over the schedule; all of them if `None`.
    pub steps: Option<usize>,
    /// Whether to keep the estimate of `x_0` within [-1, 1], the range of
    /// pixels. The paper's algorithm does not say so, its code does: early
    /// estimates are far off, and a bad one spoils all that follow.
    pub clip: bool,
    /// The seed of `x_T` and of every `z`.
    pub seed: u64,
    /// The number of the first sample. Sample `i` has the same noise in
    /// whichever batch it is drawn.
    pub first: u32,
}

impl Default for Options {
    /// DDIM without noise in 50 steps, clipped: for images.
    fn default() -> Self {
        let rule = Rule::Ddim(0.0);
        Self { rule, steps: Some(50), clip: true, seed: 0, first: 0 }
    }
}

/// Algorithm 2, or DDIM, one step a call of [`next`](Iterator::next), down to
/// `t = 0`.
///
/// ```
/// use candle_core::{DType, Device};
/// use ddpm::math::{Prediction, Schedule};
/// use ddpm::nn::{Denoiser, Mlp, Parameters};
/// use ddpm::sample::{Options, Sampler};
///
/// let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
/// let model = Denoiser {
///     network: Mlp::new(2, 32, 2, &parameters.builder())?,
///     schedule: Schedule::cosine(100)?,
///     prediction: Prediction::Epsilon,
/// };
/// let options = Options { steps: Some(10), ..Options::default() };
/// let sampler = Sampler::new(&model, &[5, 2], &Device::Cpu, options)?;
/// assert_eq!(sampler.x().dims(), [5, 2]); // x_T, pure noise
/// let states = sampler.collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(states.len(), 10);
/// assert_eq!(states[9].t, 0);
/// assert_eq!(states[9].x.dims(), [5, 2]);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Debug)]
pub struct Sampler<'a, N> {
    model: &'a Denoiser<N>,
    options: Options,
    /// The chain as seen at the times that are visited.
    respaced: Schedule,
    /// Those times, rising.
    times: Vec<usize>,
    /// The step of `respaced` that `x` is at; 0 when done.
    k: usize,
    x: Tensor,
}

/// What a [`Sampler`] has after a step.
///
/// ```
/// # use candle_core::{DType, Device};
/// # use ddpm::math::{Prediction, Schedule};
/// # use ddpm::nn::{Denoiser, Mlp, Parameters};
/// use ddpm::sample::{Options, Sampler};
///
/// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
/// # let model = Denoiser {
/// #     network: Mlp::new(2, 32, 2, &parameters.builder())?,
/// #     schedule: Schedule::cosine(100)?,
/// #     prediction: Prediction::Epsilon,
/// # };
/// let options = Options::default();
/// let sampler = Sampler::new(&model, &[5, 2], &Device::Cpu, options)?;
/// let last = sampler.last().unwrap()?;
/// assert_eq!(last.t, 0);
/// // The last step of DDIM goes to its estimate of x_0.
/// assert_eq!(last.x.to_vec2::<f32>()?, last.x_0.to_vec2::<f32>()?);
/// # Ok::<(), ddpm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct State {
    /// The time of `x`, 0 at the end.
    pub t: usize,
    /// The samples at that time.
    pub x: Tensor,
    /// The estimate of `x_0` that led here.
    pub x_0: Tensor,
}

impl<'a, N: Network> Sampler<'a, N> {
    /// A sampler of `shape[0]` samples, each of the shape `shape[1..]`.
    ///
    /// # Errors
    /// If the number of steps does not fit the schedule, or the device fails.
    ///
    /// ```
    /// # use candle_core::{DType, Device};
    /// # use ddpm::math::{Prediction, Schedule};
    /// # use ddpm::nn::{Denoiser, Mlp, Parameters};
    /// use ddpm::sample::{Options, Sampler};
    ///
    /// # let parameters = Parameters::new(0, DType::F32, &Device::Cpu);
    /// # let model = Denoiser {
    /// #     network: Mlp::new(2, 32, 2, &parameters.builder())?,
    /// #     schedule: Schedule::cosine(100)?,
    /// #     prediction: Prediction::Epsilon,
    /// # };
    /// // A hundred times cannot be visited in 101 steps.
    /// let options = Options { steps: Some(101), ..Options::default() };
    /// let sampler = Sampler::new(&model, &[5, 2], &Device::Cpu, options);
    /// assert!(sampler.unwrap_err().to_string().contains("in 1..=100"));
    /// # Ok::<(), ddpm::Error>(())
    /// ```
    pub fn new(
        model: &'a Denoiser<N>,
        shape: &[usize],
        device: &Device,
        options: Options,
    ) -> Result<Self> {
        if shape.is_empty() {
            return Err(Error::argument("shape", "(B, …)", "()"));
        }
        // Every sample has a number of its own, and so noise of its own.
        let last = u32::try_from(shape[0])
            .ok()
            .and_then(|count| options.first.checked_add(count));
        if last.is_none() {
            let got = format!("{} samples from {}", shape[0], options.first);
            return Err(Error::argument("samples", "numbered in 32 bits", got));
        }
        let all = model.schedule.steps();
        let times = evenly_spaced(all, options.steps.unwrap_or(all))?;
        let respaced = model.schedule.respace(&times)?;
        let name = |i| {
            let index = options.first + i;
            stream(options.seed, Purpose::SampleStart, 0, index)
        };
        let x = noise(shape, device, name)?;
        Ok(Self { model, options, respaced, k: times.len(), times, x })
    }

    /// Where the sampler is now; at first `x_T`, pure noise.
    #[must_use]
    pub fn x(&self) -> &Tensor {
        &self.x
    }

    fn step(&mut self) -> Result<State> {
        let at = self.model.schedule.at(self.times[self.k - 1])?;
        let estimate = self.model.estimate(&self.x, at, self.options.clip)?;
        let (options, t) = (self.options, u32::try_from(at.t()).unwrap_or(0));
        let z = || {
            let name = |i| {
                let index = options.first + i;
                stream(options.seed, Purpose::SampleNoise, t, index)
            };
            noise(self.x.dims(), self.x.device(), name)
        };
        let at = self.respaced.at(self.k)?;
        self.x = options.rule.step(at, &self.x, &estimate, z)?;
        self.k -= 1;
        let t = if self.k == 0 { 0 } else { self.times[self.k - 1] };
        Ok(State { t, x: self.x.clone(), x_0: estimate.x_0 })
    }
}

impl<N: Network> Iterator for Sampler<'_, N> {
    type Item = Result<State>;

    fn next(&mut self) -> Option<Self::Item> {
        let state = (self.k > 0).then(|| self.step());
        if let Some(Err(_)) = state {
            self.k = 0; // An error ends the samples; it would only recur.
        }
        state
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.k, Some(self.k))
    }
}
