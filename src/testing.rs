//! Helpers for unit tests: quickcheck with a fixed seed, and random inputs.
//!
//! A property takes a seed and draws what it needs from it, so a failure is
//! reported as one number, and the same inputs are tested on every run.

use crate::math::Schedule;
use crate::random::{Purpose, Stream, stream};
use quickcheck::{Gen, QuickCheck};

/// Runs a property on 100 seeds, the same ones every time.
pub(crate) fn check(property: fn(u64)) {
    QuickCheck::new()
        .rng(Gen::from_size_and_seed(100, 2020))
        .quickcheck(property);
}

/// Whatever else a property needs to draw.
pub(crate) fn stream_for(seed: u64) -> Stream {
    stream(seed, Purpose::Data, 1, 0)
}

/// `N` uniform numbers in `low..high`.
pub(crate) fn uniforms<const N: usize>(
    seed: u64,
    low: f64,
    high: f64,
) -> [f64; N] {
    let mut random = stream_for(seed);
    std::array::from_fn(|_| low + (high - low) * random.uniform())
}

/// Returns a uniform number in `low..high`.
pub(crate) fn uniform(seed: u64, low: f64, high: f64) -> f64 {
    uniforms::<1>(seed, low, high)[0]
}

/// `∫ f` over `centre ± half_width`, by Simpson's rule on `n` intervals, an
/// even number.
pub(crate) fn simpson(
    centre: f64,
    half_width: f64,
    n: u32,
    f: impl Fn(f64) -> f64,
) -> f64 {
    let h = 2.0 * half_width / f64::from(n);
    let term = |i: u32| {
        let x = centre + (f64::from(i) - f64::from(n) / 2.0) * h;
        let weight = match i {
            i if i == 0 || i == n => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        weight * f(x)
    };
    (0..=n).map(term).sum::<f64>() * h / 3.0
}

/// Up to 40 betas, log-uniform in 1e-4..0.6, in no order.
pub(crate) fn random_schedule(seed: u64) -> Schedule {
    let mut random = stream(seed, Purpose::Data, 0, 0);
    let steps = 1 + random.below(40);
    let beta = |_| 1e-4 * 6000_f64.powf(random.uniform());
    Schedule::from_betas((0..steps).map(beta).collect()).unwrap()
}
