//! A batch of images, computed in chunks of a few images.

use super::{fill_chunks, update_2};
use crate::simd::Float;

/// Partial sums of a weight gradient: the batch is split into this many parts
/// at most, each with a sum of its own, and the sums are added in order. More
/// parts would feed more threads, and cost more memory and additions.
const PARTIAL_SUMS: usize = 4;

/// Splits a batch into chunks of `chunk` images; `x_len` and `y_len` are the
/// values of one image of the input and of the output.
pub(crate) struct BatchChunks {
    pub(crate) batch: usize,
    pub(crate) chunk: usize,
    pub(crate) x_len: usize,
    pub(crate) y_len: usize,
}

impl BatchChunks {
    /// Returns `y` `(batch, y_len)`. `fill(first, x, y)` computes the chunk
    /// that starts at image `first`; `y` is zero before.
    pub(crate) fn forward<T: Float>(
        &self,
        x: &[T],
        fill: impl Fn(usize, &[T], &mut [T]) + Sync + Send,
    ) -> Vec<T> {
        let Self { batch, chunk, x_len, y_len } = *self;
        let (y, _) = fill_chunks(batch * y_len, chunk * y_len, |index, y| {
            let first = index * chunk;
            let images = y.len() / y_len;
            fill(first, &x[first * x_len..][..images * x_len], y);
        });
        y
    }

    /// Returns `∂x` `(batch, x_len)` and the gradient of the weights, a sum over
    /// images of `weight_len` values. `fill(x, dy, grad_x, grad_weight)`
    /// computes `grad_x` of one chunk, which is zero before, and adds to
    /// `grad_weight`.
    pub(crate) fn backward<T: Float>(
        &self,
        x: &[T],
        dy: &[T],
        weight_len: usize,
        fill: impl Fn(&[T], &[T], &mut [T], &mut [T]) + Sync + Send,
    ) -> (Vec<T>, Vec<T>) {
        let Self { batch, chunk, x_len, y_len } = *self;
        let part = chunk * batch.div_ceil(chunk).div_ceil(PARTIAL_SUMS);
        let (grad_x, sums) =
            fill_chunks(batch * x_len, part * x_len, |index, grad_x| {
                let mut grad_weight = vec![T::zero(); weight_len];
                let first = index * part;
                let x =
                    x[first * x_len..][..grad_x.len()].chunks(chunk * x_len);
                let dy = dy[first * y_len..].chunks(chunk * y_len);
                let grad_x = grad_x.chunks_mut(chunk * x_len);
                for ((x, dy), grad_x) in x.zip(dy).zip(grad_x) {
                    fill(x, dy, grad_x, &mut grad_weight);
                }
                grad_weight
            });
        (grad_x, sum_in_order(sums))
    }
}

fn sum_in_order<T: Float>(vectors: Vec<Vec<T>>) -> Vec<T> {
    let mut vectors = vectors.into_iter();
    let mut sum = vectors.next().unwrap_or_default();
    for vector in vectors {
        update_2(&mut sum, &vector, |sum, x| sum + x);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five images of two values, two images a chunk.
    #[test]
    fn batch_chunks_cover_every_image_once() {
        let chunks = BatchChunks { batch: 5, chunk: 2, x_len: 2, y_len: 1 };
        let x: Vec<f64> = (0..10).map(f64::from).collect();
        let y = chunks.forward(&x, |first, x, y| {
            for (i, (x, y)) in x.chunks(2).zip(y).enumerate() {
                assert_eq!(x[0], 2.0 * (first + i) as f64);
                *y = x[0] + x[1];
            }
        });
        assert_eq!(y, [1.0, 5.0, 9.0, 13.0, 17.0]);

        let fill =
            |x: &[f64], dy: &[f64], grad_x: &mut [f64], sum: &mut [f64]| {
                grad_x.copy_from_slice(x);
                sum[0] += dy.iter().sum::<f64>();
            };
        let (grad_x, sum) = chunks.backward(&x, &y, 1, fill);
        assert_eq!((grad_x, sum), (x, vec![45.0]));
    }
}
