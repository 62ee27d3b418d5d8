//! Sampling: from noise to data, by Algorithm 2 or DDIM.
//!
//! [`sample`] draws samples. A [`Sampler`] starts from `x_T ~ N(0, I)` and
//! yields its state after every step, so that the caller can watch, draw, or
//! stop.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `sampler` | the loop, Algorithm 2 |
//! | `method` | the sampler step: ancestral sampling, DDIM |
//! | `options` | what to sample, and how |

mod method;
mod options;
mod sampler;

pub use method::Method;
pub use options::SampleOptions;
pub use sampler::{Sampler, State, sample};
