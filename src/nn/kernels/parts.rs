//! Results that are computed in parts, in parallel.

use super::real::{Real, vectorized};
use pulp::NullaryFnOnce;
use rayon::prelude::*;
use std::mem::MaybeUninit;

/// `length` numbers, of which `compute(index, part)` writes each `part` of so
/// many, and what it gives back, in order. The part is all zero when it gets it.
pub(super) fn computed<T: Real, R: Send>(
    sizes: (usize, usize),
    compute: impl Fn(usize, &mut [T]) -> R + Sync + Send,
) -> (Vec<T>, Vec<R>) {
    computed_with(sizes, || (), |(), index, part| compute(index, part))
}

/// The same, with `room` for what a thread needs again and again.
///
/// Zeros are written where they are in the cache when they are overwritten:
/// a vector of zeros to begin with would be written on one thread, and be long
/// out of the cache.
#[allow(unsafe_code)]
pub(super) fn computed_with<T: Real, S, R: Send>(
    (length, part): (usize, usize),
    room: impl Fn() -> S + Sync + Send,
    compute: impl Fn(&mut S, usize, &mut [T]) -> R + Sync + Send,
) -> (Vec<T>, Vec<R>) {
    let mut numbers = Vec::with_capacity(length);
    let parts = numbers.spare_capacity_mut()[..length].par_chunks_mut(part);
    let results = parts
        .enumerate()
        .map_init(room, |room, (index, part)| {
            compute(room, index, zeroed(part))
        })
        .collect();
    // SAFETY: the capacity is at least that, and every part was zeroed; had a
    // thread not come to it, it would have panicked, and so would this one.
    unsafe { numbers.set_len(length) };
    (numbers, results)
}

/// Numbers that one thread computes at a time, one by one.
const PART: usize = 1 << 14;

/// `f(a, b)` of each pair.
pub(super) fn each<T: Real>(
    a: &[T],
    b: &[T],
    f: impl Fn(T, T) -> T + Copy + Sync + Send,
) -> Vec<T> {
    let (numbers, _) = computed((a.len(), PART), |index, x| {
        let (a, b) = (&a[index * PART..], &b[index * PART..]);
        vectorized(Each { x, a, b, f: |_, a, b| f(a, b) });
    });
    numbers
}

/// Makes each `x` of it `f(x, a, b)`.
pub(super) fn update_each<T: Real>(
    x: &mut [T],
    a: &[T],
    b: &[T],
    f: impl Fn(T, T, T) -> T + Copy + Sync + Send,
) {
    let others = a.par_chunks(PART).zip(b.par_chunks(PART));
    let parts = x.par_chunks_mut(PART).zip(others);
    parts.for_each(|(x, (a, b))| vectorized(Each { x, a, b, f }));
}

/// `x ← f(x, a, b)`, on one thread.
struct Each<'a, T, F> {
    x: &'a mut [T],
    a: &'a [T],
    b: &'a [T],
    f: F,
}

impl<T: Real, F: Fn(T, T, T) -> T> NullaryFnOnce for Each<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { x, a, b, f } = self;
        for (x, (&a, &b)) in x.iter_mut().zip(a.iter().zip(b)) {
            *x = f(*x, a, b);
        }
    }
}

/// The sum of vectors of one length, added in their order.
pub(super) fn sum_of<T: Real>(vectors: Vec<Vec<T>>) -> Vec<T> {
    let mut vectors = vectors.into_iter();
    let mut sum = vectors.next().unwrap_or_default();
    for vector in vectors {
        update_each(&mut sum, &vector, &vector, |sum, x, _| sum + x);
    }
    sum
}

/// Memory as zeros.
#[allow(unsafe_code)]
fn zeroed<T: Real>(memory: &mut [MaybeUninit<T>]) -> &mut [T] {
    for place in &mut *memory {
        place.write(T::zero());
    }
    // SAFETY: all of it was written.
    unsafe { memory.assume_init_mut() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_zero_and_come_in_order() {
        let (numbers, results) = computed((7, 3), |index, part: &mut [f64]| {
            assert!(part.iter().all(|&x| x == 0.0));
            part.fill(index as f64);
            part.len()
        });
        assert_eq!(numbers, [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0]);
        assert_eq!(results, [3, 3, 1]);
    }
}
