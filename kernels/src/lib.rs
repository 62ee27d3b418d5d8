//! Fast CPU operations with gradients for candle.
// What runs in vectors must be inlined where the instruction set is known.
#![allow(clippy::inline_always)]

mod apply;
mod gemm;
mod op;
mod ops;
mod parallel;
mod profile;
mod simd;
mod tape;
#[cfg(test)]
mod testing;
mod update;

pub use ops::{
    add, attention, concat, conv2d, group_norm, group_norm_silu, linear,
    matmul, scale, silu, upsample_2x,
};
pub use profile::{OpTime, profile};
pub use tape::with_tape;
pub use update::{AdamParams, adam_step, lerp_inplace};
