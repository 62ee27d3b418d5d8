//! Operations with backward for the CPU, where candle's own are slow.
//!
//! Each file holds one operation: its derivation, the CPU kernel for `f32` and
//! `f64`, and a composition of candle's operations that serves every other
//! device and checks the kernel in tests. Work is split over images or planes
//! with rayon, and sums run in a fixed order over fixed chunks, so results do
//! not depend on the number of threads. Inner loops are compiled for several
//! kinds of processor (AVX-512, AVX2, NEON, any), and the right one is chosen as
//! the program runs.
//!
//! How fast they are, against PyTorch, says `benches/RESULTS.md`.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `conv2d` | convolutions, by patches and matrix products |
//! | `conv3x3` | those that need no patches |
//! | `padded` | images with a margin of zeros |
//! | `group_norm` | group norm, with SiLU or without |
//! | `upsample` | images at twice the size |
//! | `gemm` | matrix products |
//! | `real` | numbers, and vectors of them |
//! | `op` | from a kernel on slices to a candle operation |

// What runs in vectors must be inlined where the kind of processor is known.
#![allow(clippy::inline_always)]

mod conv2d;
mod conv3x3;
mod gemm;
mod group_norm;
mod op;
mod padded;
mod real;
mod upsample;

pub use conv2d::conv2d;
pub use group_norm::{group_norm, group_norm_silu};
pub use upsample::upsample_2x;

use candle_core::{CpuStorage, Layout};
pub(crate) use real::Real;

/// The numbers of a contiguous tensor.
fn slice<'a, T: Real>(
    storage: &'a CpuStorage,
    layout: &Layout,
) -> candle_core::Result<&'a [T]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => {
            Ok(&T::cpu_storage_as_slice(storage)?[start..end])
        }
        None => candle_core::bail!("a kernel got a strided tensor"),
    }
}
