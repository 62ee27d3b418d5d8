//! Sums that become vectors.
//!
//! A loop that adds numbers to one sum waits for each addition before the next.
//! Here many sums run side by side and are added in the end, always in the same
//! order.

use super::real::{Real, vectorized};
use pulp::NullaryFnOnce;

/// Sums that run side by side.
const SIDE: usize = 16;

/// `Σ f(x)`.
#[inline(always)]
pub(super) fn sum<T: Real>(values: &[T], f: impl Fn(T) -> T) -> T {
    sum_2(values, values, |x, _| f(x))
}

/// `Σ f(x, y)`.
#[inline(always)]
pub(super) fn sum_2<T: Real>(xs: &[T], ys: &[T], f: impl Fn(T, T) -> T) -> T {
    fold_2(xs, ys, |sum, x, y| sum + f(x, y))
}

/// The sum, of which each step is `sum ← f(sum, x, y)`.
#[inline(always)]
pub(super) fn fold_2<T: Real>(
    xs: &[T],
    ys: &[T],
    f: impl Fn(T, T, T) -> T,
) -> T {
    let ((xs, last_x), (ys, last_y)) =
        (xs.as_chunks::<SIDE>(), ys.as_chunks::<SIDE>());
    let mut sums = [T::zero(); SIDE];
    for (sum, (&x, &y)) in sums.iter_mut().zip(last_x.iter().zip(last_y)) {
        *sum = f(*sum, x, y);
    }
    // A new array each time: one that is changed is taken apart into numbers.
    for (xs, ys) in xs.iter().zip(ys) {
        sums = std::array::from_fn(|i| f(sums[i], xs[i], ys[i]));
    }
    // Half onto half, as registers can.
    let mut half = SIDE / 2;
    while half > 0 {
        for i in 0..half {
            sums[i] += sums[i + half];
        }
        half /= 2;
    }
    sums[0]
}

/// The sum of each of many rows of `length` numbers.
pub(super) fn sums_of_rows<T: Real>(values: &[T], length: usize) -> Vec<T> {
    vectorized(Rows { values, length })
}

struct Rows<'a, T> {
    values: &'a [T],
    length: usize,
}

impl<T: Real> NullaryFnOnce for Rows<'_, T> {
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

    /// Whole numbers, so that the order does not matter.
    #[test]
    fn every_number_is_added_once() {
        for count in 1..100 {
            let values: Vec<f64> = (0..3 * count).map(f64::from).collect();
            let length = values.len() / 3;
            let sums = sums_of_rows(&values, length);
            for (row, sum) in values.chunks(length).zip(sums) {
                assert_eq!(row.iter().sum::<f64>(), sum);
            }
        }
    }
}
