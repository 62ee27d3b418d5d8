//! Denoising diffusion models, from the derivation up.
//!
//! A diffusion model makes an image out of noise. It can, because it learned
//! to undo a process in which an image dissolves into noise, a little at a
//! time. This crate is that idea, written out twice: as mathematics, each
//! formula one small tested function, and as networks that are trained and
//! sampled with coefficients from those very functions.
//!
//! # The tour
//!
//! Read the rooms in this order; each is one step of the derivation.
//!
//! 1. [`math::Schedule`]: how much noise each step adds.
//! 2. [`math::forward`]: one step, the chain, and the jump to any `t`.
//! 3. [`math::gaussian`]: the four facts about Gaussians that all else needs.
//! 4. [`math::posterior`]: the step back, when `x_0` is known.
//! 5. [`math::parameterization`]: the same step in terms of the noise.
//! 6. [`math::bound`]: what training minimises, and what it leaves out.
#![cfg_attr(
    feature = "nn",
    doc = "7. [`nn`]: networks that predict the noise.",
    doc = "8. [`optim`]: Adam, Muon, and the average of parameters.",
    doc = "9. [`train`]: Algorithm 1, an iterator of training steps.",
    doc = "10. [`sample`]: Algorithm 2 and DDIM, an iterator of sampling steps."
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
//! let (signal, noise) = forward::closed_form(at);
//! let x_t = signal * x_0 + noise * epsilon;
//!
//! // The mean of x_{t-1}, from x_0 or from ε: the same.
//! let (a, b) = posterior::mean(at);
//! let (c, d) = parameterization::mean_from_epsilon(at);
//! assert!((a * x_0 + b * x_t - (c * x_t + d * epsilon)).abs() < 1e-12);
//! # Ok::<(), ddpm::Error>(())
//! ```
//!
//! # Layout
//!
//! | room | holds | knows |
//! | --- | --- | --- |
//! | `math` | the derivation, in `f64` | nothing |
//! | `random` | seeded streams of noise | nothing |
//! | `data` | points, digits, IDX files | `math`, `random` |
//! | `plot` | SVG and PNG figures | `math`, `random` |
//! | `notebook` | tables, and how things show themselves in Jupyter | `plot` |
//! | `nn` | networks | `math`, `random`, `candle_fused` |
//! | `optim` | Adam, Muon, EMA | `nn` |
//! | `train` | Algorithm 1, checkpoints | `nn`, `optim` |
//! | `sample` | Algorithm 2, DDIM | `nn` |
//!
//! # Features
//!
//! `plot` and `nn` are on by default; each brings `data`. Without them only
//! `math` and `random` are built, in seconds. `cuda`, `cudnn`, `metal`, `mkl` and `accelerate` turn
//! on what candle has of that name. `notebook` is for Jupyter: a prelude, and figures that show themselves.

#[cfg(feature = "data")]
pub mod data;
mod error;
#[cfg(feature = "data")]
mod files;
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
pub use files::{create_folder, read, write_atomic};

/// The README's code compiles and runs.
#[cfg(all(doctest, feature = "nn"))]
#[doc = include_str!("../README.md")]
struct Readme;
