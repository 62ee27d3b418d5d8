//! The peak of the cores: multiplications and additions per second.

use pulp::{Arch, Simd, WithSimd};
use std::hint::black_box;
use std::time::Instant;

/// The number of independent sums: enough that no sum waits for its last
/// addition, and few enough for the registers of AVX2.
const SUMS: usize = 12;
const ROUNDS: u32 = 20_000_000;

struct Multiply;

impl WithSimd for Multiply {
    /// The number of operations done.
    type Output = f64;

    #[allow(clippy::inline_always)] // where the processor is known
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let factor = simd.splat_f32s(black_box(0.999));
        let mut sums = [simd.splat_f32s(black_box(1.0)); SUMS];
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                *sum = simd.mul_add_f32s(*sum, factor, factor);
            }
        }
        for sum in sums {
            black_box(simd.reduce_sum_f32s(sum));
        }
        f64::from(ROUNDS) * (2 * SUMS * S::F32_LANES) as f64
    }
}

struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F32_LANES
    }
}

/// Returns the number of `f32` values in a SIMD register.
pub(crate) fn lanes() -> usize {
    Arch::new().dispatch(Lanes)
}

/// Returns the name of the processor, on Linux.
pub(crate) fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let of = |key: &str| {
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(": ")?.1.to_owned())
    };
    let name = of("model name").unwrap_or_else(|| "a processor".to_owned());
    match of("cpu family") {
        Some(family) => format!("{name} (family {family})"),
        None => name,
    }
}

/// Measures the operations per second on `threads` threads: the best of three
/// runs.
pub(crate) fn measure(threads: usize) -> f64 {
    let run = || {
        let start = Instant::now();
        let done: f64 = std::thread::scope(|scope| {
            let work = || Arch::new().dispatch(Multiply);
            let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            all.into_iter().map(|one| one.join().unwrap_or(0.0)).sum()
        });
        done / start.elapsed().as_secs_f64()
    };
    (0..3).map(|_| run()).fold(0.0, f64::max)
}
