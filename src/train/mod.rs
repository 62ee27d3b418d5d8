//! Training: Algorithm 1 of the DDPM paper.
//!
//! Draw examples, timesteps and noise; add the noise; let the network predict;
//! take a step on the squared error. A [`Trainer`] is an iterator that does this
//! once for each call of `next`, and reports the step; the caller draws progress
//! bars and decides when to stop.
//!
//! Every random number is named by the seed and the step. The learning rate and
//! the average depend on the step alone, not on a clock or on the length of the
//! run. So a run that was stopped and resumed from its checkpoint is
//! byte-identical to an uninterrupted one.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `trainer` | the training step, Algorithm 1 |
//! | `config` | batch size, learning rate, and other options |
//! | `dataset` | the examples to train on |
//! | `batches` | the examples, timesteps and noise of each batch |
//! | `timestep_sampler` | the distribution of timesteps |
//! | `loss`, `loss_weight` | the loss of a batch, and its weights |
//! | `gradients` | the gradient of a batch, from micro-batches |
//! | `agreement` | a check that all ranks of a run have the same state |
//! | `checkpoint` | all of a trainer's state in one file |

mod agreement;
mod batches;
mod checkpoint;
mod config;
mod dataset;
mod gradients;
mod loss;
mod loss_weight;
mod timestep_sampler;
mod trainer;

pub use batches::{Batch, Batches};
pub use checkpoint::{CheckpointInfo, info_from_bytes, read_info};
pub use config::TrainConfig;
pub use dataset::{Dataset, ImageDataset};
pub use loss::{add_noise, loss};
pub use loss_weight::LossWeight;
pub use timestep_sampler::TimestepSampler;
pub use trainer::{StepReport, Trainer};
