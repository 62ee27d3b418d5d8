//! The passes of a batch: a few images at a time, in parallel.

use super::band::{Band, FIRST};
use super::filter::{self, Filter};
use super::products::{OverInputs, OverPositions};
use super::transforms::{ENTRIES, Input, Lines, Output, OutputGradient};
use super::{Blocked, Conv3x3};
use crate::nn::kernels::parts::{computed, sum_of};
use pulp::Simd;
use std::cell::RefCell;

/// Parts that the batch is split into, at most, for the weights' gradient:
/// each has a sum of its own, and they are added in their order.
const PARTS: usize = 4;

/// What a thread needs again and again: lines of a band.
#[derive(Default)]
struct Room {
    v: Vec<f32>,
    m: Vec<f32>,
}

thread_local! {
    // Kept: a buffer that is new has to be made zero.
    static ROOM: RefCell<Room> = RefCell::default();
}

/// `length` numbers of a buffer, which grows to what was ever asked of it.
fn of(buffer: &mut Vec<f32>, length: usize) -> &mut [f32] {
    if buffer.len() < length {
        buffer.resize(length, 0.0);
    }
    &mut buffer[..length]
}

/// The convolution of a few images, with `add(image, output)` added.
fn convolve<S: Simd, const M: usize>(
    simd: S,
    band: Band,
    images: &[f32],
    filter: &Filter<M>,
    room: &mut Room,
    add: impl Fn(usize, usize) -> f32,
    y: &mut [f32],
) {
    let (inputs, outputs) = (filter.inputs, filter.outputs);
    for band in band.split() {
        let (length, positions) = (band.length(), band.positions());
        let v = of(&mut room.v, ENTRIES * inputs * length);
        // For the last register of the last row, a little more.
        let m = of(&mut room.m, ENTRIES * M * positions + length);
        let (channels, step) = (inputs, inputs * length);
        for c in 0..inputs {
            let lines = Lines { band, c, channels, start: c * length, step };
            simd.vectorize(Input { simd, images, lines, v });
        }
        let (channels, step) = (outputs, M * positions);
        for (block, entries) in filter.blocks().enumerate() {
            let v = v.chunks_exact(inputs * length);
            let outs = m.chunks_exact_mut(step);
            for (weights, (v, out)) in entries.zip(v.zip(outs)) {
                simd.vectorize(OverInputs {
                    simd,
                    weights,
                    v,
                    length,
                    positions,
                    taps: &[FIRST - 1, FIRST, FIRST + 1],
                    out,
                });
            }
            for c in block * M..outputs.min((block + 1) * M) {
                let start = c % M * positions;
                let lines = Lines { band, c, channels, start, step };
                let (m, add) = (&*m, |image| add(image, c));
                let images = &mut *y;
                simd.vectorize(Output { simd, m, lines, add, images });
            }
        }
    }
}

/// Adds to `grad` the gradient of the weights, as `∂U`, of a few images with
/// `channels` inputs and outputs.
fn add_weights<S: Simd, const M: usize>(
    simd: S,
    band: Band,
    (x, dy): (&[f32], &[f32]),
    (inputs, outputs): (usize, usize),
    room: &mut Room,
    grad: &mut [f32],
) {
    for band in band.split() {
        let (length, positions) = (band.length(), band.positions());
        let v = of(&mut room.v, ENTRIES * inputs * length);
        let dm = of(&mut room.m, ENTRIES * outputs * length);
        let (channels, step) = (inputs, inputs * length);
        for c in 0..inputs {
            let lines = Lines { band, c, channels, start: c * length, step };
            simd.vectorize(Input { simd, images: x, lines, v });
        }
        let (channels, step) = (outputs, outputs * length);
        for c in 0..outputs {
            let lines = Lines { band, c, channels, start: c * length, step };
            simd.vectorize(OutputGradient { simd, images: dy, lines, dm });
        }
        let entries = v
            .chunks_exact(inputs * length)
            .zip(dm.chunks_exact(outputs * length))
            .zip(grad.chunks_exact_mut(outputs * inputs * 3));
        for ((v, dm), grad) in entries {
            let blocks = dm.chunks(M * length);
            for (dm, grad) in blocks.zip(grad.chunks_mut(M * inputs * 3)) {
                simd.vectorize(OverPositions::<S, M> {
                    simd,
                    dm,
                    v,
                    length,
                    positions,
                    grad,
                });
            }
        }
    }
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
        let filter = simd.vectorize(|| {
            Filter::<M>::new((outputs, inputs), |m, c, i, j| {
                weight[(m * inputs + c) * 9 + 3 * i + j]
            })
        });
        let band = Band::new(sizes.height, sizes.width, sizes.batch);
        let (of_x, of_y) = (inputs * sizes.pixels(), outputs * sizes.pixels());
        let parts = (sizes.batch * of_y, band.images * of_y);
        let (y, _) = computed(parts, |index, y| {
            let first = index * band.images;
            let band = band.with_images(y.len() / of_y);
            let x = &x[first * of_x..][..band.images * of_x];
            let add = |image, m| bias[(first + image) * outputs + m];
            ROOM.with_borrow_mut(|room| {
                convolve(simd, band, x, &filter, room, add, y);
            });
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
        // Half a turn, and inputs for outputs.
        let filter = simd.vectorize(|| {
            Filter::<M>::new((inputs, outputs), |c, m, i, j| {
                weight[(m * inputs + c) * 9 + 8 - (3 * i + j)]
            })
        });
        let band = Band::new(sizes.height, sizes.width, sizes.batch);
        let (of_x, of_dy) = (inputs * sizes.pixels(), outputs * sizes.pixels());
        let few = band.images;
        let images = few * sizes.batch.div_ceil(few).div_ceil(PARTS);
        let parts = (sizes.batch * of_x, images * of_x);
        let (grad_x, grads) = computed(parts, |index, out| {
            let mut grad = vec![0.0; ENTRIES * outputs * inputs * 3];
            let first = index * images;
            let x = x[first * of_x..][..out.len()].chunks(few * of_x);
            let dy = dy[first * of_dy..].chunks(few * of_dy);
            let out = out.chunks_mut(few * of_x);
            ROOM.with_borrow_mut(|room| {
                for ((x, dy), out) in x.zip(dy).zip(out) {
                    let band = band.with_images(x.len() / of_x);
                    let (both, channels) = ((x, dy), (inputs, outputs));
                    add_weights::<S, M>(
                        simd, band, both, channels, room, &mut grad,
                    );
                    if needs_x {
                        let zero = |_, _| 0.0;
                        convolve(simd, band, dy, &filter, room, zero, out);
                    }
                }
            });
            grad
        });
        (needs_x.then_some(grad_x), filter::back(&sum_of(grads)))
    }
}
