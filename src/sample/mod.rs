//! Sampling: from noise to data, Algorithm 2 and DDIM.
//!
//! A [`Sampler`] starts from `x_T ~ N(0, I)` and yields what it has after
//! every step down, so that the caller can watch, draw, or stop.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `rule` | how to get from `x_t` to `x_{t-1}` |
//! | `sampler` | the loop, and which times it visits |

mod rule;
mod sampler;

pub use rule::Rule;
pub use sampler::{Options, Sampler, State};
