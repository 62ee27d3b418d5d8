//! The passes of a batch: row by row, in parallel.
//!
//! The backward pass lays a row's `x` and `∂y` out once, for both gradients.

use super::correlate::{Filter, correlate_all};
use super::products::add_products;
use super::{Blocked, Conv3x3};
use crate::nn::kernels::parts::{computed_with, sum_of};
use pulp::Simd;

/// Parts that the batch is split into, at most, for the weights' gradient:
/// each has a sum of its own, and they are added in their order.
const PARTS: usize = 16;

/// What a thread needs again and again: images laid out, and sums.
#[derive(Default)]
struct Room {
    x: Vec<f32>,
    dy: Vec<f32>,
    out: Vec<f32>,
}

pub(super) struct Forward<'a> {
    pub(super) sizes: Conv3x3,
    pub(super) x: &'a [f32],
    pub(super) weight: &'a [f32],
    pub(super) bias: &'a [f32],
}

impl Blocked for Forward<'_> {
    type Output = Vec<f32>;

    fn run<S: Simd, const M: usize>(self, simd: S) -> Vec<f32> {
        let Self { sizes, x, weight, bias } = self;
        let (inputs, outputs) = (sizes.c_in, sizes.c_out);
        let (pixels, images) = (sizes.pixels(), sizes.images());
        let filter = Filter::<M>::new((outputs, inputs), |m, c, tap| {
            weight[(m * inputs + c) * 9 + tap]
        });
        let part = images * outputs * pixels;
        let total = sizes.batch * outputs * pixels;
        let room = Room::default;
        let (y, _) = computed_with((total, part), room, |room, index, y| {
            let row = sizes.row(y.len() / (outputs * pixels));
            let first = index * images;
            let x = &x[first * inputs * pixels..];
            row.lay_out(&x[..row.images * inputs * pixels], &mut room.x);
            let add = |image, m| bias[(first + image) * outputs + m];
            correlate_all(simd, &row, &room.x, &filter, &mut room.out, add, y);
        });
        y
    }
}

pub(super) struct Backward<'a> {
    pub(super) sizes: Conv3x3,
    pub(super) x: &'a [f32],
    pub(super) weight: &'a [f32],
    pub(super) dy: &'a [f32],
    pub(super) needs_x: bool,
}

impl Blocked for Backward<'_> {
    /// `∂x`, if needed, and `∂w`.
    type Output = (Option<Vec<f32>>, Vec<f32>);

    fn run<S: Simd, const M: usize>(self, simd: S) -> Self::Output {
        let Self { sizes, x, weight, dy, needs_x } = self;
        let (inputs, outputs) = (sizes.c_in, sizes.c_out);
        let (pixels, images) = (sizes.pixels(), sizes.images());
        // Half a turn, and inputs for outputs.
        let filter = Filter::<M>::new((inputs, outputs), |c, m, tap| {
            weight[(m * inputs + c) * 9 + 8 - tap]
        });
        let rows = sizes.batch.div_ceil(images).div_ceil(PARTS);
        let of_x = images * inputs * pixels; // numbers in a row
        let of_dy = images * outputs * pixels;
        let work =
            |room: &mut Room, index: usize, mut grad_x: Option<&mut [f32]>| {
                let mut grad_weight = vec![0.0; outputs * inputs * 9];
                let x = x[index * rows * of_x..].chunks(of_x);
                let dy = dy[index * rows * of_dy..].chunks(of_dy);
                for (i, (x, dy)) in x.zip(dy).enumerate().take(rows) {
                    let row = sizes.row(x.len() / (inputs * pixels));
                    row.lay_out(x, &mut room.x);
                    row.lay_out(dy, &mut room.dy);
                    add_products::<S, M>(
                        simd,
                        &row,
                        &room.x,
                        &room.dy,
                        &mut grad_weight,
                    );
                    if let Some(grad_x) = &mut grad_x {
                        let grad_x = &mut grad_x[i * of_x..][..x.len()];
                        let (dy, out) = (&room.dy, &mut room.out);
                        correlate_all(
                            simd,
                            &row,
                            dy,
                            &filter,
                            out,
                            |_, _| 0.0,
                            grad_x,
                        );
                    }
                }
                grad_weight
            };
        let total = sizes.batch * inputs * pixels;
        let room = Room::default;
        let (grad_x, parts) =
            computed_with((total, rows * of_x), room, |room, index, grad_x| {
                work(room, index, needs_x.then_some(grad_x))
            });
        (needs_x.then_some(grad_x), sum_of(&parts))
    }
}
