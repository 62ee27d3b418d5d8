//! Where the time of a network goes, kernel by kernel.

use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// What is asked for, if somebody asks.
static TIMINGS: Mutex<Option<Vec<Timing>>> = Mutex::new(None);

fn timings() -> MutexGuard<'static, Option<Vec<Timing>>> {
    TIMINGS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Calls `f`, and says what the kernels that were applied meanwhile took, in
/// the order of their first use.
///
/// Kernels that run side by side, on threads of their own, count in full: two
/// threads take two seconds a second.
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
    let before = timings().replace(vec![]);
    let result = f();
    let timings = std::mem::replace(&mut *timings(), before);
    (result, timings.unwrap_or_default())
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
    if timings().is_none() {
        return f();
    }
    let start = Instant::now();
    let result = f();
    let elapsed = start.elapsed();
    let (what, flops) = describe();
    let mut timings = timings();
    let Some(timings) = timings.as_mut() else { return result };
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
    result
}
