//! Operations with gradients for [candle](candle_core), fast on the CPU.
//!
//! candle trains networks, but on a CPU its backward passes are slow: a
//! convolution's gradient is a transposed convolution without SIMD, and every
//! gradient is added to a tensor of zeros on one thread. This crate has the
//! operations that convolutional networks and small transformers are made of,
//! each with a backward pass of its own. They are plain functions on tensors, and
//! their results are usual tensors of candle: `backward`, `Var` and candle-nn's
//! `VarBuilder` work as always.
//!
//! ```
//! use candle_core::{DType, Device, Tensor, Var};
//! use candle_fused::{conv2d, group_norm_silu, value_and_grad};
//!
//! let x = Tensor::ones((8, 3, 28, 28), DType::F32, &Device::Cpu)?;
//! let weight = Var::ones((16, 3, 3, 3), DType::F32, &Device::Cpu)?;
//! let bias = Var::zeros(16, DType::F32, &Device::Cpu)?;
//! let ones = Var::ones(16, DType::F32, &Device::Cpu)?;
//!
//! let loss = || {
//!     let h = conv2d(&x, &weight, &bias, 1)?; // (8, 16, 28, 28)
//!     group_norm_silu(&h, &ones, &bias, 4, 1e-5)?.sum_all()
//! };
//! let (value, gradients) = value_and_grad(loss)?; // instead of backward()
//! assert_eq!(value.to_scalar::<f32>()?, loss()?.to_scalar::<f32>()?);
//! assert_eq!(gradients.get(&weight).unwrap().dims(), [16, 3, 3, 3]);
//! # Ok::<(), candle_core::Error>(())
//! ```
//!
//! # What it speeds up
//!
//! - 3×3 convolutions take half the products (Winograd's F(4, 3)); other
//!   convolutions are products of matrices.
//! - Group norm and the SiLU after it read and write each value once.
//! - Loops fill whole vector registers, and choose between AVX-512, AVX2, NEON
//!   and a portable version at run time.
//! - [`value_and_grad`] takes the place of `backward`, and adds gradients in
//!   place.
//!
//! `f32` is fast. `f64` computes the same with less effort spent on speed, for
//! tests. On a GPU every function uses candle's own operations, and
//! [`value_and_grad`] needs fewer of them than candle's `backward`.
//!
//! Results depend on the inputs and on the CPU, but not on the number of threads:
//! work is split by sizes alone, and sums have a fixed order.
//!
//! [`profile`] tells where the time goes, operation by operation.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `ops` | the operations, one a file: formula, gradient, kernel, test |
//! | `op`, `apply` | what an operation is, and how candle sees it |
//! | `tape`, `gradient` | the backward pass of many operations |
//! | `update` | Adam and averages, in place |
//! | `muon`, `newton_schulz` | Muon, and its orthogonalisation |
//! | `flat` | many variables as one tensor |
//! | `simd` | loops for vector registers |
//! | `gemm` | products of matrices |
//! | `parallel` | work split over threads |
//! | `profile` | time, operation by operation |
//! | `cuda` | settings of CUDA devices |

// What runs in vectors must be inlined where the instruction set is known.
#![allow(clippy::inline_always)]

/// The README's code compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod apply;
mod cuda;
mod flat;
mod gemm;
mod gradient;
mod muon;
mod newton_schulz;
mod op;
mod ops;
mod parallel;
mod profile;
mod simd;
mod tape;
#[cfg(test)]
mod testing;
mod update;

pub use cuda::{cuda_device, with_cached_shapes};
pub use flat::Flat;
pub use muon::Muon;
pub use op::use_kernels;
pub use ops::{
    add, add_bias, attention, concat, conv2d, group_norm, group_norm_silu,
    linear, linear_combination, matmul, scale, silu, upsample_2x,
};
pub use profile::{OpTime, profile};
pub use simd::instruction_set;
pub use tape::value_and_grad;
pub use update::{Adam, lerp_inplace};
