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
//! | `op` | what a kernel is |
//! | `value` | what it works on: a tensor of candle, or a value on a tape |
//! | `tape` | what was computed, for the way back |
//! | `timing` | where the time goes, kernel by kernel |
//! | `conv2d` | convolutions: the formula, and which way to compute it |
//! | `pointwise` | those of 1×1: products of matrices |
//! | `winograd` | those of 3×3, with half the products |
//! | `strided` | all others, every other pixel first of all |
//! | `band`, `products` | lines of numbers, and the sums of products over them |
//! | `few` | a batch, a few images at a time |
//! | `group_norm` | group norm, with SiLU or without |
//! | `attention` | every pixel asks every other |
//! | `linear` | linear layers of vectors |
//! | `silu` | `x σ(x)` |
//! | `noising` | `x_t` of `x_0` and `ε`, each example at its time |
//! | `update` | parameters and means in place: Adam, the average |
//! | `orthogonal` | the orthogonal matrix nearest to one |
//! | `upsample` | images at twice the size |
//! | `add`, `concat` | residual and skip connections |
//! | `gemm` | matrix products |
//! | `real` | numbers, and vectors of them |
//! | `sums` | sums that become vectors |
//! | `parts` | results computed in parts, in parallel |
//! | `room` | memory that threads keep |

// What runs in vectors must be inlined where the kind of processor is known.
#![allow(clippy::inline_always)]

mod add;
mod attention;
mod band;
mod concat;
mod conv2d;
mod few;
mod gemm;
mod group_norm;
mod linear;
mod noising;
mod op;
mod orthogonal;
mod parts;
mod pointwise;
mod products;
mod real;
mod room;
mod silu;
mod strided;
mod sums;
mod tape;
mod timing;
mod update;
mod upsample;
mod value;
mod winograd;

pub use add::add;
pub use attention::attention;
pub use concat::concat;
pub use conv2d::conv2d;
pub use group_norm::{group_norm, group_norm_silu};
pub use linear::linear;
pub use noising::noised;
pub use op::{Gradient, Kernel};
pub(crate) use orthogonal::orthogonal;
pub use real::Real;
pub use silu::silu;
pub use tape::{Recorder, Traced, traced};
pub use timing::{Timing, timed};
pub(crate) use update::Update;
pub use upsample::upsample_2x;
pub use value::Value;
pub(crate) use value::has_kernels;
