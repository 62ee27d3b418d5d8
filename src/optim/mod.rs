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
//! | [`Adam`] | Adam and `AdamW`, from `candle_fused` |
//! | `muon`, `newton_schulz` | Muon, and its orthogonalisation |
//! | `ema` | the exponential moving average of the parameters |
//! | `flat` | several tensors in one buffer |

mod ema;
mod flat;
mod groups;
mod muon;
mod newton_schulz;
mod optimizer;

pub use candle_fused::Adam;
pub use ema::Ema;
pub use groups::{ParamGroups, Role, UpdateRule};
pub use muon::Muon;
pub use optimizer::Optimizer;
