//! Elementwise functions of slices, in parallel.

use super::fill_chunks;
use crate::simd::{Float, vectorized};
use pulp::NullaryFnOnce;
use rayon::prelude::*;

/// Values that one thread computes at a time.
const CHUNK: usize = 1 << 14;

/// Returns `f(a, b)` of each pair of values.
pub(crate) fn map_2<T: Float>(
    a: &[T],
    b: &[T],
    f: impl Fn(T, T) -> T + Copy + Sync + Send,
) -> Vec<T> {
    let (values, _) = fill_chunks(a.len(), CHUNK, |index, x| {
        let (a, b) = (&a[index * CHUNK..], &b[index * CHUNK..]);
        vectorized(Update { x, a, b, f: |_, a, b| f(a, b) });
    });
    values
}

/// Sets each `x` to `f(x, a)`.
pub(crate) fn update_2<T: Float>(
    x: &mut [T],
    a: &[T],
    f: impl Fn(T, T) -> T + Copy + Sync + Send,
) {
    update_3(x, a, a, |x, a, _| f(x, a));
}

/// Sets each `x` to `f(x, a, b)`.
pub(crate) fn update_3<T: Float>(
    x: &mut [T],
    a: &[T],
    b: &[T],
    f: impl Fn(T, T, T) -> T + Copy + Sync + Send,
) {
    let others = a.par_chunks(CHUNK).zip(b.par_chunks(CHUNK));
    let chunks = x.par_chunks_mut(CHUNK).zip(others);
    chunks.for_each(|(x, (a, b))| vectorized(Update { x, a, b, f }));
}

/// `x ← f(x, a, b)`, on one thread.
struct Update<'a, T, F> {
    x: &'a mut [T],
    a: &'a [T],
    b: &'a [T],
    f: F,
}

impl<T: Float, F: Fn(T, T, T) -> T> NullaryFnOnce for Update<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { x, a, b, f } = self;
        for (x, (&a, &b)) in x.iter_mut().zip(a.iter().zip(b)) {
            *x = f(*x, a, b);
        }
    }
}
