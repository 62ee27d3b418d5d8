//! A new vector, filled chunk by chunk in parallel.

use crate::simd::Float;
use rayon::prelude::*;
use std::mem::MaybeUninit;

/// Creates a vector of `len` values and calls `fill(index, chunk)` for each chunk
/// of `chunk_len` values, in parallel. Returns the vector, and the results of
/// `fill` in order. Every chunk is zero at first; the last chunk may be shorter.
pub(crate) fn fill_chunks<T: Float, R: Send>(
    len: usize,
    chunk_len: usize,
    fill: impl Fn(usize, &mut [T]) -> R + Sync + Send,
) -> (Vec<T>, Vec<R>) {
    let fill = |(): &mut (), index, chunk: &mut [T]| fill(index, chunk);
    fill_chunks_with(len, chunk_len, || (), fill)
}

/// Fills chunks as [`fill_chunks`] does, with a workspace from `workspace()` that
/// one thread uses for several chunks.
///
/// A chunk is zeroed by the thread that fills it, just before, while it is in
/// that thread's cache. `vec![0.0; len]` would zero everything on one thread.
#[allow(unsafe_code)]
pub(crate) fn fill_chunks_with<T: Float, W, R: Send>(
    len: usize,
    chunk_len: usize,
    workspace: impl Fn() -> W + Sync + Send,
    fill: impl Fn(&mut W, usize, &mut [T]) -> R + Sync + Send,
) -> (Vec<T>, Vec<R>) {
    let mut values = Vec::with_capacity(len);
    let chunks = values.spare_capacity_mut()[..len].par_chunks_mut(chunk_len);
    let results = chunks
        .enumerate()
        .map_init(workspace, |workspace, (index, chunk)| {
            fill(workspace, index, zeroed(chunk))
        })
        .collect();
    // SAFETY: the capacity is at least `len`, and every chunk was zeroed above.
    // If a thread had panicked before, this thread would have panicked, too.
    unsafe { values.set_len(len) };
    (values, results)
}

/// Zeroes uninitialised memory.
#[allow(unsafe_code)]
fn zeroed<T: Float>(memory: &mut [MaybeUninit<T>]) -> &mut [T] {
    for value in &mut *memory {
        value.write(T::zero());
    }
    // SAFETY: every value was written in the loop.
    unsafe { memory.assume_init_mut() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fill_chunks_zeroes_chunks_and_keeps_their_order() {
        let (values, results) =
            fill_chunks(7, 3, |index, chunk: &mut [f64]| {
                assert!(chunk.iter().all(|&x| x == 0.0));
                chunk.fill(index as f64);
                chunk.len()
            });
        assert_eq!(values, [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0]);
        assert_eq!(results, [3, 3, 1]);
    }
}
