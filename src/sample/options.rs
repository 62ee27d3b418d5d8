//! The options of sampling.

use super::Method;
use crate::math::{Timestep, ddim};
use crate::random::{Purpose, Stream, stream};
use crate::{Error, Result};

/// The options of [`sample`](super::sample()) and [`Sampler`](super::Sampler).
///
/// ```
/// use ddpm::math::posterior::ReverseVariance;
/// use ddpm::sample::{Method, SampleOptions};
///
/// // Algorithm 2 of the DDPM paper, in all steps.
/// let ancestral = SampleOptions {
///     method: Method::Ancestral(ReverseVariance::Beta),
///     ..SampleOptions::default()
/// };
/// assert_eq!(ancestral.steps, None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleOptions {
    /// The sampler step.
    pub method: Method,
    /// The number of steps, evenly spaced over the schedule. By default all
    /// steps for ancestral sampling, and at most 50 for DDIM.
    pub steps: Option<usize>,
    /// True to clip the prediction of `x_0` to [-1, 1], the range of pixels.
    /// Predictions at large `t` can be far off, and their errors may add up over the
    /// steps. The code of the DDPM paper clips, too.
    pub clip_sample: bool,
    /// The seed of `x_T` and of every `z`.
    pub seed: u64,
    /// The index of the first sample. The sample with a given index gets the same
    /// noise in any batch.
    pub first_index: u32,
}

impl Default for SampleOptions {
    /// DDIM without noise, clipped: for images.
    fn default() -> Self {
        Self {
            method: Method::Ddim { eta: 0.0 },
            steps: None,
            clip_sample: true,
            seed: 0,
            first_index: 0,
        }
    }
}

/// The steps of DDIM, unless another number is asked for.
const DDIM_STEPS: usize = 50;

impl SampleOptions {
    /// Checks the options for `n` samples that start at a timestep.
    ///
    /// # Errors
    /// If `n` is 0 or too large for the index of a sample, or `η` is not in [0, 1].
    pub(super) fn check(&self, n: usize, start: Timestep) -> Result<()> {
        Error::require(n > 0, "the number of samples", "at least 1", n)?;
        // The index of a sample names its noise.
        let end = (n as u64).saturating_add(self.first_index.into());
        let ok = u32::try_from(end).is_ok();
        Error::require(ok, "first_index + n", "below 2^32", end)?;
        if let Method::Ddim { eta } = self.method {
            ddim::step(start, eta)?; // refuses an η out of range
        }
        Ok(())
    }

    /// Returns the stream of sample `i` of a batch at step `t`.
    pub(super) fn stream(&self, purpose: Purpose, t: usize, i: u32) -> Stream {
        let t = u32::try_from(t).unwrap_or(u32::MAX); // T is below 2^32
        stream(self.seed, purpose, t, self.first_index + i)
    }

    /// Returns the number of steps for a schedule of `all` steps.
    pub(super) fn steps_of(&self, all: usize) -> usize {
        match (self.steps, self.method) {
            (Some(steps), _) => steps,
            (None, Method::Ancestral(_)) => all,
            (None, Method::Ddim { .. }) => DDIM_STEPS.min(all),
        }
    }
}
