//! Loops compiled for the vector registers of this CPU.
//!
//! A loop is compiled once for each instruction set (AVX-512, AVX2, NEON, and
//! any other CPU), and [`vectorized`] picks the best one at run time. The
//! functions that a loop calls must be inlined into it, or they would be compiled
//! for any CPU. So the functions here that loops call are `#[inline(always)]`.

mod float;
mod sum;

pub(crate) use float::Float;
pub(crate) use sum::{fold_2, row_sums, sum, sum_2};

use pulp::{Arch, NullaryFnOnce, Simd};

/// The number of `f32` in the widest register of any CPU (AVX-512).
pub(crate) const WIDEST: usize = 16;

/// Returns the name of the instruction set that the kernels use on this CPU.
///
/// Sums over a row are added in the order of its registers. So results of two
/// CPUs are byte-identical only if the names are the same.
///
/// ```
/// assert_eq!(candle_fused::instruction_set(), candle_fused::instruction_set());
/// ```
pub fn instruction_set() -> String {
    let name = format!("{:?}", Arch::new());
    name.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

/// Returns `a · b + c` for each number of a register, as
/// [`Float::multiply_add`] does for one number.
#[inline(always)]
pub(crate) fn multiply_add<S: Simd>(
    simd: S,
    a: S::f32s,
    b: S::f32s,
    c: S::f32s,
) -> S::f32s {
    if cfg!(target_family = "wasm") {
        simd.mul_add_e_f32s(a, b, c)
    } else {
        simd.mul_add_f32s(a, b, c)
    }
}

/// Runs `work`, compiled for the best instruction set of this CPU.
pub(crate) fn vectorized<L: NullaryFnOnce>(work: L) -> L::Output {
    Arch::new().dispatch(work)
}
