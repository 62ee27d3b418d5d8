//! Networks on candle: from `(x_t, t)` to an estimate of the noise.
//!
//! Two networks are here: an [`Mlp`] for points in the plane and a [`UNet`]
//! for images. Both are a [`Network`]; a [`Denoiser`] joins one to a schedule
//! and says what its output stands for. [`Parameters`] are drawn from a seed;
//! [`Adam`] and [`Ema`] keep their state in the open, so that a checkpoint can
//! hold all of it.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `parameters` | named parameters, drawn from a seed |
//! | `embedding` | the time as a vector |
//! | `layers` | linear, convolution, group norm |
//! | `residual`, `attention` | the blocks of the U-Net |
//! | `mlp`, `unet` | the networks |
//! | `denoiser` | network + schedule = estimates of `x_0` and `ε` |
//! | `adam`, `muon` | the optimiser, and another for hidden matrices |
//! | `ema` | the averaged parameters |
//! | `noise` | noise as a tensor |
//! | `parts` | batches in parts, side by side |
//! | `device` | `cpu`, `cuda:0`, `metal` by name |
//! | `tensors` | named tensors in a file |
//! | `kernels` | fast CPU operations with backward, and their tape |

mod adam;
mod attention;
mod classifier;
mod denoiser;
mod device;
mod ema;
mod embedding;
pub mod kernels;
mod layers;
mod mlp;
mod muon;
mod noise;
mod parameters;
mod parts;
mod residual;
mod tensors;
#[cfg(test)]
pub(crate) mod testing;
mod unet;

pub use adam::Adam;
pub use classifier::Classifier;
pub(crate) use denoiser::combine;
pub use denoiser::{Denoiser, Estimate, Network};
pub use device::device;
pub use ema::Ema;
pub use embedding::{TimeEmbedding, network_time};
pub use mlp::Mlp;
pub(crate) use noise::noise;
pub use parameters::Parameters;
pub(crate) use parts::in_parts;
pub use tensors::write_tensors;
pub use unet::{UNet, UNetConfig};
