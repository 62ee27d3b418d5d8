//! Where the time of a network goes, kernel by kernel.

use std::cell::RefCell;
use std::time::{Duration, Instant};

/// What one kind of operation, with one set of sizes, took in all.
///
/// [`timed`] has an example.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// The operation and its sizes.
    pub what: String,
    /// How often it was applied.
    pub count: usize,
    /// Multiplications and additions of all forward passes, as the formula has
    /// them; 0 for what is not a sum of products.
    pub flops: f64,
    /// Of all forward passes.
    pub forward: Duration,
    /// Of all backward passes.
    pub backward: Duration,
}

thread_local! {
    static TIMINGS: RefCell<Option<Vec<Timing>>> = const { RefCell::new(None) };
}

/// Calls `f`, and says what the kernels that it applied took, on this thread,
/// in the order of their first use.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use ddpm::nn::kernels::{add, timed};
///
/// let x = Tensor::ones(1000, DType::F32, &Device::Cpu)?;
/// let (sum, timings) = timed(|| add(&add(&x, &x)?, &x));
/// assert_eq!(sum?.sum_all()?.to_scalar::<f32>()?, 3000.0);
/// assert_eq!(timings[0].what, "add, 1000");
/// assert_eq!(timings[0].count, 2);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn timed<R>(f: impl FnOnce() -> R) -> (R, Vec<Timing>) {
    let before = TIMINGS.replace(Some(vec![]));
    let result = f();
    let timings = TIMINGS.replace(before).unwrap_or_default();
    (result, timings)
}

/// Which way an operation goes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Pass {
    Forward,
    Backward,
}

/// Calls `f`, and notes what it took if somebody asks.
pub(super) fn note<R>(
    describe: impl FnOnce() -> (String, f64),
    pass: Pass,
    f: impl FnOnce() -> R,
) -> R {
    if TIMINGS.with_borrow(|timings| timings.is_none()) {
        return f();
    }
    let start = Instant::now();
    let result = f();
    let elapsed = start.elapsed();
    let (what, flops) = describe();
    TIMINGS.with_borrow_mut(|timings| {
        let Some(timings) = timings else { return };
        let place = timings.iter().position(|timing| timing.what == what);
        let place = place.unwrap_or_else(|| {
            timings.push(Timing {
                what,
                count: 0,
                flops: 0.0,
                forward: Duration::ZERO,
                backward: Duration::ZERO,
            });
            timings.len() - 1
        });
        let timing = &mut timings[place];
        match pass {
            Pass::Forward => {
                timing.count += 1;
                timing.flops += flops;
                timing.forward += elapsed;
            }
            Pass::Backward => timing.backward += elapsed,
        }
    });
    result
}
