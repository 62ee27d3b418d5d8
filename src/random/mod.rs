//! Random numbers that depend on their name alone.
//!
//! A [`Stream`] is named by a seed, a [`Purpose`], a step and an index. Streams
//! with different names are independent, and creating a stream costs nothing. So
//! the noise of sample 7 at step 300 does not depend on the order of draws, on
//! the number of samples or threads, or on whether the run was resumed.
//!
//! The generator is counter-based ([`philox`]): the name is the counter.

pub mod philox;
mod stream;

pub use stream::{Stream, stream};

/// The purpose of random numbers; each purpose has its own streams.
///
/// ```
/// use ddpm::random::{Purpose, stream};
/// let mut start = stream(42, Purpose::SampleStart, 0, 7);
/// let mut noise = stream(42, Purpose::SampleNoise, 0, 7);
/// assert_ne!(start.word(), noise.word());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// Synthetic data; the data set chooses step and index.
    Data = 1,
    /// The initial values of parameters; the index counts the parameters.
    Parameter = 2,
    /// The order of the training examples; the step is the epoch.
    Shuffle = 3,
    /// The `t` of an example of a training batch.
    TrainTime = 4,
    /// The `ε` of an example of a training batch.
    TrainNoise = 5,
    /// `x_T` of a sample; the index is the sample.
    SampleStart = 6,
    /// `z` of a sample; the step is `t`, the index is the sample.
    SampleNoise = 7,
    /// The `ε` of a figure or an experiment, which chooses step and index.
    Illustration = 8,
    /// The `ε` of an evaluation; the step is `t`, the index is the example.
    Evaluation = 9,
}
