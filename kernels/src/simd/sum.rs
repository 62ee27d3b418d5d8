//! Sums whose loops vectorise.
//!
//! A loop that adds to one variable waits for each addition before the next.
//! Here [`LANES`] partial sums run side by side and are added at the end, always
//! in the same order, so the result is the same on every CPU with the same
//! rounding.

use super::{Float, vectorized};
use pulp::NullaryFnOnce;

/// Partial sums that run side by side.
const LANES: usize = 16;

/// Returns `Σ f(x)`.
#[inline(always)]
pub(crate) fn sum<T: Float>(values: &[T], f: impl Fn(T) -> T) -> T {
    sum_2(values, values, |x, _| f(x))
}

/// Returns `Σ f(x, y)` over two slices of one length.
#[inline(always)]
pub(crate) fn sum_2<T: Float>(xs: &[T], ys: &[T], f: impl Fn(T, T) -> T) -> T {
    fold_2(xs, ys, |sum, x, y| sum + f(x, y))
}

/// Returns a sum whose every step is `sum ← f(sum, x, y)`, over two slices of
/// one length.
#[inline(always)]
pub(crate) fn fold_2<T: Float>(
    xs: &[T],
    ys: &[T],
    f: impl Fn(T, T, T) -> T,
) -> T {
    let ((xs, last_x), (ys, last_y)) =
        (xs.as_chunks::<LANES>(), ys.as_chunks::<LANES>());
    let mut sums = [T::zero(); LANES];
    for (sum, (&x, &y)) in sums.iter_mut().zip(last_x.iter().zip(last_y)) {
        *sum = f(*sum, x, y);
    }
    // A new array in each iteration: one that is modified in place is split
    // into scalars by the compiler.
    for (xs, ys) in xs.iter().zip(ys) {
        sums = std::array::from_fn(|i| f(sums[i], xs[i], ys[i]));
    }
    // Add the upper half to the lower half until one sum is left.
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            sums[i] += sums[i + half];
        }
        half /= 2;
    }
    sums[0]
}

/// Returns the sum of each row of `length` values.
pub(crate) fn row_sums<T: Float>(values: &[T], length: usize) -> Vec<T> {
    vectorized(RowSums { values, length })
}

struct RowSums<'a, T> {
    values: &'a [T],
    length: usize,
}

impl<T: Float> NullaryFnOnce for RowSums<'_, T> {
    type Output = Vec<T>;

    #[inline(always)]
    fn call(self) -> Vec<T> {
        let rows = self.values.chunks_exact(self.length);
        rows.map(|row| sum(row, |x| x)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Integers, so that the order of additions does not matter.
    #[test]
    fn row_sums_add_every_value_once() {
        for count in 1..100 {
            let values: Vec<f64> = (0..3 * count).map(f64::from).collect();
            let length = values.len() / 3;
            let sums = row_sums(&values, length);
            for (row, sum) in values.chunks(length).zip(sums) {
                assert_eq!(row.iter().sum::<f64>(), sum);
            }
        }
    }
}
