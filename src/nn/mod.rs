//! Networks on candle: from `(x_t, t)` to a prediction.
//!
//! There are two networks: an [`Mlp`] for points in the plane and a [`UNet`] for
//! images. Both implement [`Network`]. A [`Denoiser`] joins a network with a
//! schedule and with what its output means. [`Parameters`] are drawn from a
//! seed.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `network` | the trait of a network |
//! | `unet`, `unet_config`, `unet_blocks` | the U-Net, its sizes, its levels |
//! | `residual_block`, `attention_block` | the blocks of the U-Net |
//! | `mlp` | the MLP |
//! | `timestep_embedding` | the timestep as a vector |
//! | `linear`, `conv2d`, `group_norm`, `init` | layers, and how they start |
//! | `denoiser` | network + schedule = predictions of `x_0` and `ε`; how to build it |
//! | `parameters` | named parameters, drawn from a seed |
//! | `model_file` | a model in a file: weights and sizes |
//! | `micro_batch` | a batch in parts, side by side |
//! | `noise` | noise as a tensor |
//! | `device` | `cpu`, `cuda:0`, `metal` by name |
//! | `tensors` | named tensors in a file |

mod attention_block;
mod conv2d;
mod denoiser;
mod device;
mod group_norm;
mod init;
mod linear;
mod micro_batch;
mod mlp;
mod model_file;
mod network;
mod noise;
mod parameters;
mod residual_block;
mod tensors;
#[cfg(test)]
pub(crate) mod testing;
mod timestep_embedding;
mod unet;
mod unet_blocks;
mod unet_config;

#[cfg(feature = "evaluate")]
pub(crate) use conv2d::{Conv2d, Conv2dConfig};
pub use denoiser::{Denoiser, ModelConfig, ModelPrediction};
pub use device::device;
#[cfg(feature = "evaluate")]
pub(crate) use group_norm::GroupNorm;
#[cfg(feature = "evaluate")]
pub(crate) use init::Init;
#[cfg(feature = "evaluate")]
pub(crate) use linear::Linear;
pub(crate) use micro_batch::{micro_batch_size, micro_batches};
pub use mlp::{Mlp, MlpConfig};
pub(crate) use model_file::{Header, ModelFile, to_json};
pub use model_file::{Weights, load_model, model_from_bytes};
pub(crate) use network::check_output;
pub use network::{Network, NetworkConfig};
pub(crate) use noise::noise;
pub use parameters::Parameters;
pub use tensors::{read_tensors, write_tensors};
pub use timestep_embedding::{TimestepEmbedding, network_timestep};
pub use unet::UNet;
pub use unet_config::UNetConfig;
