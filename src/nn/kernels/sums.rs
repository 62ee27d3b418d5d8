//! Sums that become vectors.
//!
//! A loop that adds numbers to one sum waits for each addition before the next.
//! Here many sums run side by side and are added in the end, always in the same
//! order.

use super::real::{Real, vectorized};
use pulp::NullaryFnOnce;

/// Sums that run side by side.
const SIDE: usize = 32;

/// `Σ f(x)`.
#[inline(always)]
pub(super) fn sum<T: Real>(values: &[T], f: impl Fn(T) -> T) -> T {
    sum_2(values, values, |x, _| f(x))
}

/// `Σ f(x, y)`.
#[inline(always)]
pub(super) fn sum_2<T: Real>(xs: &[T], ys: &[T], f: impl Fn(T, T) -> T) -> T {
    let mut sums = [T::zero(); SIDE];
    let (xs, ys) = (xs.chunks_exact(SIDE), ys.chunks_exact(SIDE));
    let last = xs.remainder().iter().zip(ys.remainder());
    for (sum, (&x, &y)) in sums.iter_mut().zip(last) {
        *sum += f(x, y);
    }
    for (xs, ys) in xs.zip(ys) {
        for ((sum, &x), &y) in sums.iter_mut().zip(xs).zip(ys) {
            *sum += f(x, y);
        }
    }
    sums.into_iter().fold(T::zero(), |a, b| a + b)
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
