//! Sums over positions: the gradient of the weights.
//!
//! The sums of `M` channels and the three taps of a row stay in registers, each
//! as a vector that is added up only at the end of a row of images.

use super::{Blocked, Conv3x3, Padded, SLACK};
use pulp::{NullaryFnOnce, Simd};
use rayon::prelude::*;

/// Parts that the batch is split into, at most, for the weights' gradient:
/// each has a sum of its own, and they are added in their order.
const PARTS: usize = 16;

/// The gradient of the weights.
pub(super) struct GradWeight<'a> {
    pub(super) sizes: Conv3x3,
    pub(super) x: &'a [f32],
    pub(super) dy: &'a [f32],
}

impl Blocked for GradWeight<'_> {
    fn run<S: Simd, const M: usize>(self, simd: S) -> Vec<f32> {
        let Self { sizes, x, dy } = self;
        let (inputs, outputs) = (sizes.c_in, sizes.c_out);
        let (pixels, images) = (sizes.pixels(), sizes.images());
        let rows = sizes.batch.div_ceil(images).div_ceil(PARTS);
        let sum = |room: &mut (Vec<f32>, Vec<f32>),
                   (x, dy): (&[f32], &[f32])| {
            let mut grad = vec![0.0; outputs * inputs * 9];
            let rows = x.chunks(images * inputs * pixels);
            for (x, dy) in rows.zip(dy.chunks(images * outputs * pixels)) {
                let row = &sizes.row(x.len() / (inputs * pixels));
                row.lay_out(x, SLACK, &mut room.0);
                row.lay_out(dy, SLACK, &mut room.1);
                let length = row.length(SLACK);
                let blocks = room.1.chunks(M * length);
                let grads = grad.chunks_mut(M * inputs * 9);
                for (dy, grad) in blocks.zip(grads) {
                    let x = room.0.as_slice();
                    simd.vectorize(Products::<_, M> { simd, row, x, dy, grad });
                }
            }
            grad
        };
        let parts: Vec<_> = x
            .par_chunks(rows * images * inputs * pixels)
            .zip(dy.par_chunks(rows * images * outputs * pixels))
            .map_init(Default::default, sum)
            .collect();
        let mut grad = vec![0.0; outputs * inputs * 9];
        for part in parts {
            grad.iter_mut().zip(part).for_each(|(sum, p)| *sum += p);
        }
        grad
    }
}

/// The arguments of [`add_weight_grad`].
struct Products<'a, S, const M: usize> {
    simd: S,
    row: &'a Padded,
    x: &'a [f32],
    dy: &'a [f32],
    grad: &'a mut [f32],
}

impl<S: Simd, const M: usize> NullaryFnOnce for Products<'_, S, M> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, row, x, dy, grad } = self;
        add_weight_grad::<S, M>(simd, row, x, dy, grad);
    }
}

/// Adds to `grad`, of `M` outputs `(M, inputs, 9)`, the products of their
/// gradients `dy` with `x`, both laid out.
#[inline(always)]
fn add_weight_grad<S: Simd, const M: usize>(
    simd: S,
    row: &Padded,
    x: &[f32],
    dy: &[f32],
    grad: &mut [f32],
) {
    let length = row.length(SLACK);
    let lanes = S::F32_LANES;
    let outputs = dy.len() / length;
    let inputs = x.len() / length;
    let taps = row.neighbours();
    let registers = row.positions().div_ceil(lanes);
    // All of one length, so that no index has to be checked in the loop.
    let dy: [&[S::f32s]; M] = std::array::from_fn(|m| {
        // Channels beyond the last repeat it, and are not kept.
        let start = m.min(outputs - 1) * length + row.first();
        &S::as_simd_f32s(&dy[start..]).0[..registers]
    });
    for (input, plane) in x.chunks_exact(length).enumerate() {
        for y in 0..3 {
            let x: [&[S::f32s]; 3] = std::array::from_fn(|i| {
                let start = taps[3 * y + i];
                &S::as_simd_f32s(&plane[start..]).0[..registers]
            });
            let mut sums = [[simd.splat_f32s(0.0); 3]; M];
            for p in 0..registers {
                let x = x.map(|x| x[p]);
                for (sums, dy) in sums.iter_mut().zip(dy) {
                    for (sum, x) in sums.iter_mut().zip(x) {
                        *sum = simd.mul_add_f32s(dy[p], x, *sum);
                    }
                }
            }
            for (m, sums) in sums.iter().enumerate().take(outputs) {
                let start = (m * inputs + input) * 9 + 3 * y;
                for (g, &sum) in grad[start..start + 3].iter_mut().zip(sums) {
                    *g += simd.reduce_sum_f32s(sum);
                }
            }
        }
    }
}
