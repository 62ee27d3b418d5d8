//! The passes of a batch.

use super::filter::{self, Filter};
use super::transforms::{
    ENTRIES, FIRST, Input, Lines, Output, OutputGradient, TILE,
};
use crate::nn::kernels::band::Band;
use crate::nn::kernels::conv2d::Conv2d;
use crate::nn::kernels::few::Few;
use crate::nn::kernels::products::{
    Blocked, OverInputs, OverPositions, places,
};
use crate::nn::kernels::room::with_room;
use pulp::Simd;

/// The three columns of taps, in a line.
const TAPS: [usize; 3] = [FIRST - 1, FIRST, FIRST + 1];

/// The convolution of a few images, with `add(image, output)` added.
fn convolve<S: Simd, const M: usize>(
    simd: S,
    (band, height): (Band, usize),
    images: &[f32],
    filter: &Filter<M>,
    add: impl Fn(usize, usize) -> f32,
    y: &mut [f32],
) {
    let (inputs, outputs) = (filter.inputs, filter.outputs);
    for band in band.split() {
        let (length, positions) = (band.length(), band.positions());
        let of_v = ENTRIES * inputs * length;
        let step = outputs.next_multiple_of(M) * positions;
        // For the last register of the last row, a little more.
        let of_m = ENTRIES * step + length;
        with_room([of_v, of_m], |[v, m]| {
            for c in 0..inputs {
                let (channels, step) = (inputs, inputs * length);
                let start = c * length;
                let lines = Lines { band, height, c, channels, start, step };
                let v = &mut *v;
                simd.vectorize(Input { simd, images, lines, v });
            }
            let places = &places(inputs, length, &TAPS);
            let entries = v.chunks_exact(inputs * length);
            let entries = entries.zip(m.chunks_exact_mut(step));
            for (weights, (v, out)) in filter.entries().zip(entries) {
                OverInputs { simd, weights, v, places, positions, out }
                    .compute();
            }
            for c in 0..outputs {
                let (channels, start) = (outputs, c * positions);
                let lines = Lines { band, height, c, channels, start, step };
                let (m, add) = (&*m, |image| add(image, c));
                let images = &mut *y;
                simd.vectorize(Output { simd, m, lines, add, images });
            }
        });
    }
}

/// Adds to `grad` the gradient of the weights, as `∂U`, of a few images with
/// `channels` inputs and outputs.
fn add_weights<S: Simd, const M: usize>(
    simd: S,
    (band, height): (Band, usize),
    (x, dy): (&[f32], &[f32]),
    (inputs, outputs): (usize, usize),
    grad: &mut [f32],
) {
    for band in band.split() {
        let (length, positions) = (band.length(), band.positions());
        let lengths = [inputs, outputs].map(|c| ENTRIES * c * length);
        with_room(lengths, |[v, dm]| {
            let (channels, step) = (inputs, inputs * length);
            for c in 0..inputs {
                let start = c * length;
                let lines = Lines { band, height, c, channels, start, step };
                let v = &mut *v;
                simd.vectorize(Input { simd, images: x, lines, v });
            }
            let (channels, step) = (outputs, outputs * length);
            for c in 0..outputs {
                let start = c * length;
                let lines = Lines { band, height, c, channels, start, step };
                let dm = &mut *dm;
                simd.vectorize(OutputGradient { simd, images: dy, lines, dm });
            }
            let entries = v
                .chunks_exact(inputs * length)
                .zip(dm.chunks_exact(outputs * length))
                .zip(grad.chunks_exact_mut(outputs * inputs * 3));
            for ((v, dm), grad) in entries {
                let blocks = dm.chunks(M * length);
                for (dy, grad) in blocks.zip(grad.chunks_mut(M * inputs * 3)) {
                    simd.vectorize(OverPositions::<S, M> {
                        simd,
                        dy,
                        of_dy: (length, FIRST),
                        v,
                        length,
                        positions,
                        taps: &TAPS,
                        grad,
                    });
                }
            }
        });
    }
}

/// The band of a few images, whose rows are rows of tiles.
fn band_of(op: &Conv2d) -> Band {
    let tiles = (op.height.div_ceil(TILE), op.width);
    Band::new(tiles, (0, 1), op.batch)
}

pub(in crate::nn::kernels) struct Forward<'a> {
    pub(in crate::nn::kernels) op: &'a Conv2d,
    pub(in crate::nn::kernels) x: &'a [f32],
    pub(in crate::nn::kernels) weight: &'a [f32],
    pub(in crate::nn::kernels) bias: &'a [f32],
}

impl Blocked for Forward<'_> {
    type Output = Vec<f32>;

    fn run<S: Simd, const M: usize>(self, simd: S) -> Vec<f32> {
        let Self { op, x, weight, bias } = self;
        let (inputs, outputs) = (op.c_in, op.c_out);
        let filter = simd.vectorize(|| {
            Filter::<M>::new((outputs, inputs), |m, c, i, j| {
                weight[(m * inputs + c) * 9 + 3 * i + j]
            })
        });
        let band = band_of(op);
        let few = Few::of(op, band.images);
        few.forward(x, |first, x, y| {
            let band = band.with_images(y.len() / few.of_y);
            let add = |image, m| bias[(first + image) * outputs + m];
            convolve(simd, (band, op.height), x, &filter, add, y);
        })
    }
}

pub(in crate::nn::kernels) struct Backward<'a> {
    pub(in crate::nn::kernels) op: &'a Conv2d,
    pub(in crate::nn::kernels) x: &'a [f32],
    pub(in crate::nn::kernels) weight: &'a [f32],
    pub(in crate::nn::kernels) dy: &'a [f32],
    pub(in crate::nn::kernels) needs_x: bool,
}

impl Blocked for Backward<'_> {
    /// `∂x`, zero unless it is needed, and `∂w`.
    type Output = (Vec<f32>, Vec<f32>);

    fn run<S: Simd, const M: usize>(self, simd: S) -> Self::Output {
        let Self { op, x, weight, dy, needs_x } = self;
        let (inputs, outputs) = (op.c_in, op.c_out);
        // Half a turn, and inputs for outputs.
        let filter = simd.vectorize(|| {
            Filter::<M>::new((inputs, outputs), |c, m, i, j| {
                weight[(m * inputs + c) * 9 + 8 - (3 * i + j)]
            })
        });
        let band = band_of(op);
        let few = Few::of(op, band.images);
        let weights = ENTRIES * outputs * inputs * 3;
        let (grad_x, grad) =
            few.backward(x, dy, weights, |x, dy, grad_x, grad| {
                let band = band.with_images(x.len() / few.of_x);
                let channels = (inputs, outputs);
                add_weights::<S, M>(
                    simd,
                    (band, op.height),
                    (x, dy),
                    channels,
                    grad,
                );
                if needs_x {
                    convolve(
                        simd,
                        (band, op.height),
                        dy,
                        &filter,
                        |_, _| 0.0,
                        grad_x,
                    );
                }
            });
        (grad_x, filter::back(&grad))
    }
}
