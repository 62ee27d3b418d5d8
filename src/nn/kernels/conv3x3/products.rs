//! Sums over positions: the gradient of the weights.
//!
//! The sums of `M` channels and the three taps of a row stay in registers, each
//! as a vector that is added up only at the end of a row of images.

use super::Padded;
use pulp::{NullaryFnOnce, Simd};

/// Adds to `grad` `(outputs, inputs, 9)` the products of `x` and `dy`, of a
/// row of images, both laid out.
pub(super) fn add_products<S: Simd, const M: usize>(
    simd: S,
    row: &Padded,
    x: &[f32],
    dy: &[f32],
    grad: &mut [f32],
) {
    let inputs = x.len() / row.length();
    let blocks = dy.chunks(M * row.length());
    for (dy, grad) in blocks.zip(grad.chunks_mut(M * inputs * 9)) {
        simd.vectorize(Products::<_, M> { simd, row, x, dy, grad });
    }
}

/// Adds to `grad`, of `M` outputs `(M, inputs, 9)`, the products of their
/// gradients `dy` with `x`.
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
        let length = row.length();
        let outputs = dy.len() / length;
        let inputs = x.len() / length;
        let taps = row.neighbours();
        let registers = row.positions().div_ceil(S::F32_LANES);
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
                    for (g, &sum) in grad[start..start + 3].iter_mut().zip(sums)
                    {
                        *g += simd.reduce_sum_f32s(sum);
                    }
                }
            }
        }
    }
}
