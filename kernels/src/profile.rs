//! Profiles: the time of each operation.

use candle_core::Result;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The time that one kind of operation, with one set of sizes, took in all its
/// calls; see [`profile`].
#[derive(Clone, Debug, PartialEq)]
pub struct OpTime {
    /// The operation and its sizes.
    pub op: String,
    /// Forward passes.
    pub calls: usize,
    /// Multiplications and additions of all forward passes, counted from the
    /// formula; 0 for an operation that is no sum of products.
    pub flops: f64,
    /// The time of all forward passes.
    pub forward: Duration,
    /// The time of all backward passes.
    pub backward: Duration,
}

static ACTIVE: AtomicBool = AtomicBool::new(false);
static TIMES: Mutex<Vec<OpTime>> = Mutex::new(vec![]);

fn times() -> MutexGuard<'static, Vec<OpTime>> {
    TIMES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Calls `f` and returns its result, with the time that each kind of operation
/// of this crate took meanwhile, in the order of first use.
///
/// The profile includes the operations of all threads of the process. Operations
/// that run in parallel count in full, so the sum may exceed the elapsed time.
///
/// # Errors
/// If another profile is being taken: their times would mix.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use candle_fused::{add, profile};
///
/// let x = Tensor::ones(1000, DType::F32, &Device::Cpu)?;
/// let (sum, times) = profile(|| add(&add(&x, &x)?, &x))?;
/// assert_eq!(sum?.sum_all()?.to_scalar::<f32>()?, 3000.0);
/// assert_eq!(times[0].op, "add 1000");
/// assert_eq!(times[0].calls, 2);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn profile<R>(f: impl FnOnce() -> R) -> Result<(R, Vec<OpTime>)> {
    /// Ends the profile, also if `f` panics.
    struct Guard;

    impl Drop for Guard {
        fn drop(&mut self) {
            ACTIVE.store(false, Ordering::SeqCst);
        }
    }

    if ACTIVE.swap(true, Ordering::SeqCst) {
        candle_core::bail!("another profile is being taken; wait for its end")
    }
    let guard = Guard;
    times().clear();
    let result = f();
    let times = std::mem::take(&mut *times());
    drop(guard);
    Ok((result, times))
}

/// Forward or backward.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Pass {
    Forward,
    Backward,
}

/// Calls `f`, and adds its time to the profile if one is being taken.
/// `op` returns the name and the floating-point operations.
pub(crate) fn measure<R>(
    op: impl FnOnce() -> (String, f64),
    pass: Pass,
    f: impl FnOnce() -> R,
) -> R {
    if !ACTIVE.load(Ordering::Relaxed) {
        return f();
    }
    let start = Instant::now();
    let result = f();
    let elapsed = start.elapsed();
    let (name, flops) = op();
    add_time(name, flops, pass, elapsed);
    result
}

fn add_time(op: String, flops: f64, pass: Pass, elapsed: Duration) {
    let mut times = times();
    let index = times.iter().position(|time| time.op == op);
    let index = index.unwrap_or_else(|| {
        let (forward, backward) = (Duration::ZERO, Duration::ZERO);
        times.push(OpTime { op, calls: 0, flops: 0.0, forward, backward });
        times.len() - 1
    });
    let time = &mut times[index];
    match pass {
        Pass::Forward => {
            time.calls += 1;
            time.flops += flops;
            time.forward += elapsed;
        }
        Pass::Backward => time.backward += elapsed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::add;
    use candle_core::{DType, Device, Tensor};

    /// The times of two profiles at once would mix.
    #[test]
    fn overlapping_profiles_are_refused() {
        let x = Tensor::ones(77, DType::F32, &Device::Cpu).unwrap();
        let (inner, times) = profile(|| {
            add(&x, &x).unwrap();
            profile(|| ()).map(drop)
        })
        .unwrap();
        let error = inner.unwrap_err().to_string();
        assert!(error.contains("another profile"), "{error}");
        assert!(times.iter().any(|time| time.op == "add 77"));
        // It has ended, also after a panic.
        let panicked =
            std::panic::catch_unwind(|| profile(|| panic!("on purpose")));
        assert!(panicked.is_err());
        profile(|| ()).unwrap();
    }
}
