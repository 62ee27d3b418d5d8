//! Randomness as a value: the same seed gives the same numbers, in any order.
//!
//! A [`Stream`] is named by a seed, a [`Purpose`], a step and an index. Two
//! names never share a number, and making a stream costs nothing, so the
//! noise of sample 7 at step 300 is the same whether it is drawn first or
//! last, alone or among a thousand, on one thread or on many, in one run or
//! after a restart. Behind it is a counter-based generator, [`philox`]: the
//! name is the counter.

mod normal;
pub mod philox;
mod stream;

pub use stream::{Stream, stream};

/// What the random numbers are for; each purpose has streams of its own.
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
    /// Making or splitting data; step and index as the data set likes.
    Data = 1,
    /// The first values of parameters; the index counts the parameters.
    Parameter = 2,
    /// The order of the examples; the step is the epoch.
    Shuffle = 3,
    /// The `t` of an example of a training batch.
    TrainTime = 4,
    /// The `ε` of an example of a training batch.
    TrainNoise = 5,
    /// `x_T` of a sample; the index is the sample.
    SampleStart = 6,
    /// `z` of a sample; the step is `t`, the index is the sample.
    SampleNoise = 7,
    /// The `ε` of a figure or an experiment; step and index as it likes.
    Illustration = 8,
}
