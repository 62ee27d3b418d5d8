//! Denoising diffusion models, from the derivation up.
//!
//! A diffusion model generates images from noise. A forward process adds noise to
//! an image step by step; the model learns to reverse these steps. This crate has
//! the mathematics, one small tested function for each formula, and networks that
//! are trained and sampled with the coefficients that these functions return.
//!
//! # The tour
//!
//! Read the modules in this order; each is one step of the derivation.
//!
//! 1. [`math::Schedule`]: how much noise each step adds.
//! 2. [`math::forward`]: one step, the chain, and the jump to any `t`.
//! 3. [`math::gaussian`]: four facts about Gaussians.
//! 4. [`math::posterior`]: the reverse step, where `x_0` is known.
//! 5. [`math::parameterization`]: the same step in terms of the noise.
//! 6. [`math::bound`]: the variational bound, and what training minimises.
#![cfg_attr(
    feature = "nn",
    doc = "7. [`nn`]: networks that predict `ε`, `x_0` or `v`.",
    doc = "8. [`optim`]: Adam, Muon, and the moving average of the parameters.",
    doc = "9. [`train`]: Algorithm 1, an iterator of training steps.",
    doc = "10. [`sample`]: Algorithm 2 and DDIM, an iterator of sampling steps."
)]
#![cfg_attr(
    feature = "evaluate",
    doc = "11. [`evaluate`]: five measures of samples."
)]
//!
//! # An example
//!
//! ```
//! use ddpm::math::{Schedule, forward, parameterization, posterior};
//!
//! let schedule = Schedule::linear(1000, 1e-4, 0.02)?;
//! let at = schedule.at(300)?;
//!
//! // Mix a pixel with noise: x_t = √ᾱ_t x_0 + √(1-ᾱ_t) ε.
//! let (x_0, epsilon) = (0.5, -1.0);
//! let c = forward::closed_form(at);
//! let x_t = c.x_0 * x_0 + c.epsilon * epsilon;
//!
//! // The posterior mean of x_{t-1} is the same from x_0 and from ε.
//! let c = posterior::mean(at);
//! let from_x_0 = c.x_0 * x_0 + c.x_t * x_t;
//! let c = parameterization::mean_from_epsilon(at);
//! let from_epsilon = c.x_t * x_t + c.epsilon * epsilon;
//! assert!((from_x_0 - from_epsilon).abs() < 1e-12);
//! # Ok::<(), ddpm::Error>(())
//! ```
//!
//! # Layout
//!
//! | module | contains | depends on |
//! | --- | --- | --- |
//! | `math` | the derivation, in `f64` | nothing |
//! | `random` | seeded streams of noise | nothing |
//! | `data` | points, digits, IDX files, pictures | `math`, `random` |
//! | `plot` | SVG and PNG figures | `math`, `random`, `data` |
//! | `nn` | networks | `math`, `random`, `candle_fused` |
//! | `distributed` | training by several processes, with MPI | `candle_fused` |
//! | `optim` | Adam, Muon, EMA | `nn`, `candle_fused` |
//! | `train` | Algorithm 1, checkpoints | `math`, `random`, `data`, `nn`, `optim`, `distributed`, `candle_fused` |
//! | `sample` | Algorithm 2, DDIM | `math`, `random`, `nn`, `candle_fused` |
//! | `evaluate` | a classifier, Fréchet distance, precision, recall, the bound | `math`, `random`, `nn`, `optim`, `train`, `candle_fused` |
//! | `notebook` | what Jupyter notebooks use | `math`, `random`, `data`, `plot`, `nn`, `sample`, `train`, `evaluate` |
//!
//! # Features
//!
//! `plot`, `nn`, `evaluate` and `images` (folders of PNG and JPEG files) are on by
//! default; each brings `data`. Without them only
//! `math` and `random` are built, in seconds. `cuda`, `cudnn`, `metal`, `mkl` and `accelerate` turn
//! on what candle has of that name. `notebook` is for Jupyter: a prelude, and figures that show themselves.
//! `mpi` connects several processes (module `distributed`); it needs Open MPI.
//! `nccl` (with `cuda` and `mpi`) connects their GPUs; it needs NVIDIA's NCCL.

#[cfg(feature = "data")]
pub mod data;
#[cfg(feature = "nn")]
pub mod distributed;
mod error;
#[cfg(feature = "evaluate")]
pub mod evaluate;
#[cfg(feature = "data")]
mod file_kind;
#[cfg(feature = "data")]
mod files;
#[cfg(test)]
mod layout;
pub mod math;
#[cfg(feature = "nn")]
pub mod nn;
#[cfg(feature = "notebook")]
pub mod notebook;
#[cfg(feature = "nn")]
pub mod optim;
#[cfg(feature = "plot")]
pub mod plot;
pub mod random;
#[cfg(feature = "nn")]
pub mod sample;
#[cfg(test)]
mod testing;
#[cfg(feature = "nn")]
pub mod train;

pub use error::{Error, Result};
#[cfg(feature = "data")]
pub use files::write_atomic;

/// The README's code compiles and runs.
#[cfg(all(doctest, feature = "nn"))]
#[doc = include_str!("../README.md")]
struct Readme;
