//! Optimisers: Adam, `AdamW`, Muon, and the exponential moving average.
//!
//! An [`Optimizer`] holds the parameters in groups by [`Role`]: weights of
//! hidden layers, weights of the first and last layers, biases and norms. Each
//! group has an [`UpdateRule`], [`Adam`] or [`Muon`]. [`Ema`] averages the
//! parameters, whatever updates them.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `optimizer` | the parameters with their state, one step |
//! | `groups` | parameter groups by role |
//! | [`Adam`], [`Muon`] | the update rules, from `candle_fused` |
//! | `ema` | the exponential moving average of the parameters |

mod ema;
mod groups;
mod optimizer;

pub use candle_fused::{Adam, Muon};
pub use ema::Ema;
pub use groups::{ParamGroups, Role, UpdateRule};
pub use optimizer::Optimizer;
