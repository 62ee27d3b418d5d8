//! A batch of images, a few at a time, in parallel.

use super::conv2d::Conv2d;
use super::parts::{computed, sum_of};

/// Parts that a batch is split into, at most, for the weights' gradient: each
/// has a sum of its own, and they are added in their order.
const PARTS: usize = 4;

/// So many images at a time, of so many in all, and the numbers of an image of
/// the input and of the output.
pub(super) struct Few {
    images: usize,
    batch: usize,
    pub(super) of_x: usize,
    pub(super) of_y: usize,
}

impl Few {
    /// So many images of a convolution's batch at a time.
    pub(super) fn of(op: &Conv2d, images: usize) -> Self {
        let (of_x, of_y) = (op.image_in(), op.image_out());
        Self { images, batch: op.batch, of_x, of_y }
    }

    /// `y`, of which `each(first, x, y)` computes a few images, from the first
    /// on; `y` is zero before.
    pub(super) fn forward(
        &self,
        x: &[f32],
        each: impl Fn(usize, &[f32], &mut [f32]) + Sync + Send,
    ) -> Vec<f32> {
        let Self { images, batch, of_x, of_y } = *self;
        let (y, _) = computed((batch * of_y, images * of_y), |index, y| {
            let first = index * images;
            let count = y.len() / of_y;
            each(first, &x[first * of_x..][..count * of_x], y);
        });
        y
    }

    /// `∂x`, and the sum of `weights` numbers: `each(x, dy, ∂x, sum)` computes
    /// `∂x` of a few images, zero before, and adds what they add to the sum.
    pub(super) fn backward(
        &self,
        x: &[f32],
        dy: &[f32],
        weights: usize,
        each: impl Fn(&[f32], &[f32], &mut [f32], &mut [f32]) + Sync + Send,
    ) -> (Vec<f32>, Vec<f32>) {
        let Self { images, batch, of_x, of_y } = *self;
        let part = images * batch.div_ceil(images).div_ceil(PARTS);
        let sizes = (batch * of_x, part * of_x);
        let (grad_x, sums) = computed(sizes, |index, grad_x| {
            let mut sum = vec![0.0; weights];
            let first = index * part;
            let x = x[first * of_x..][..grad_x.len()].chunks(images * of_x);
            let dy = dy[first * of_y..].chunks(images * of_y);
            let grad_x = grad_x.chunks_mut(images * of_x);
            for ((x, dy), grad_x) in x.zip(dy).zip(grad_x) {
                each(x, dy, grad_x, &mut sum);
            }
            sum
        });
        (grad_x, sum_of(sums))
    }
}
