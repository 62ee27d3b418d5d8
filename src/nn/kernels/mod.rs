//! Operations with backward for the CPU, where candle's own are slow.
//!
//! Each file holds one operation: its derivation, the CPU kernel for `f32` and
//! `f64`, and a composition of candle's operations that serves every other
//! device and checks the kernel in tests. Work is split over images or planes
//! with rayon, and sums run in a fixed order over fixed chunks, so results do
//! not depend on the number of threads.

mod conv2d;
mod gemm;
mod group_norm;
mod op;
mod upsample;

pub(crate) use conv2d::conv2d;
pub(crate) use group_norm::{group_norm, group_norm_silu};
pub(crate) use upsample::upsample_2x;

use candle_core::{CpuStorage, Layout, WithDType};

/// The numbers that kernels compute with: `f32`, and `f64` for tests that
/// look closely.
pub(crate) trait Real: WithDType + num_traits::Float {}
impl Real for f32 {}
impl Real for f64 {}

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
