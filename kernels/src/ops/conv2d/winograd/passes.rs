//! The forward and the backward pass of a batch.

use super::filter::{self, Filter};
use super::products::{Blocked, SumOverInputs, SumOverPositions};
use super::strip::{PADDING, Strip};
use super::transforms::{
    ChannelLines, ENTRIES, GradientTransform, InputTransform, OutputTransform,
    TILE,
};
use crate::ops::conv2d::shape::ConvShape;
use crate::parallel::{BatchChunks, with_workspace};
use pulp::Simd;

/// The first position in a line for the left, middle and right tap.
const TAPS: [usize; 3] = [PADDING - 1, PADDING, PADDING + 1];

/// A few images with their sizes.
#[derive(Clone, Copy)]
struct Images<'a> {
    data: &'a [f32],
    strip: Strip,
    height: usize,
    channels: usize,
}

impl Images<'_> {
    /// Returns the lines of a channel in a buffer that has `line` values for
    /// each channel.
    fn lines(&self, channel: usize, line: usize) -> ChannelLines {
        ChannelLines {
            strip: self.strip,
            height: self.height,
            channel,
            channels: self.channels,
            start: channel * line,
            step: self.channels * line,
        }
    }

    fn with_strip(self, strip: Strip) -> Self {
        Self { strip, ..self }
    }

    /// Writes `V` `(6, channels, line)`.
    fn transform<S: Simd>(&self, simd: S, v: &mut [f32]) {
        for channel in 0..self.channels {
            let lines = self.lines(channel, self.strip.padded());
            let (images, v) = (self.data, &mut *v);
            simd.vectorize(InputTransform { simd, images, lines, v });
        }
    }

    /// Writes `∂M` `(6, channels, line)` of these images, which are `∂Y`.
    fn transform_gradient<S: Simd>(&self, simd: S, dm: &mut [f32]) {
        for channel in 0..self.channels {
            let lines = self.lines(channel, self.strip.padded());
            let (images, dm) = (self.data, &mut *dm);
            simd.vectorize(GradientTransform { simd, images, lines, dm });
        }
    }
}

/// Writes the convolution of a few images to `y`, plus `bias(image, channel)`.
fn convolve<S: Simd, const M: usize>(
    simd: S,
    x: Images,
    filter: &Filter<M>,
    bias: impl Fn(usize, usize) -> f32,
    y: &mut [f32],
) {
    let (inputs, outputs) = (filter.inputs, filter.outputs);
    for strip in x.strip.split() {
        let (line, positions) = (strip.padded(), strip.positions());
        let entry = outputs.next_multiple_of(M) * positions;
        // The last register of the last row may end beyond its positions.
        let m_len = ENTRIES * entry + line;
        with_workspace([ENTRIES * inputs * line, m_len], |[v, m]| {
            let x = x.with_strip(strip);
            x.transform(simd, v);
            let offsets: Vec<_> = (0..inputs)
                .flat_map(|c| TAPS.map(|tap| c * line + tap))
                .collect();
            let entries = v.chunks_exact(inputs * line);
            let entries = entries.zip(m.chunks_exact_mut(entry));
            for (weights, (v, out)) in filter.entries().zip(entries) {
                let offsets = &offsets;
                SumOverInputs { simd, weights, v, offsets, positions, out }
                    .compute();
            }
            for channel in 0..outputs {
                let lines = ChannelLines {
                    strip,
                    height: x.height,
                    channel,
                    channels: outputs,
                    start: channel * positions,
                    step: entry,
                };
                let (m, bias) = (&*m, |image| bias(image, channel));
                let images = &mut *y;
                simd.vectorize(OutputTransform {
                    simd,
                    m,
                    lines,
                    bias,
                    images,
                });
            }
        });
    }
}

/// Adds `∂U` `(6, outputs, inputs, 3)` of a few images to `grad`.
fn add_filter_gradient<S: Simd, const M: usize>(
    simd: S,
    x: Images,
    dy: Images,
    grad: &mut [f32],
) {
    let (inputs, outputs) = (x.channels, dy.channels);
    for strip in x.strip.split() {
        let (line, positions) = (strip.padded(), strip.positions());
        let lengths = [inputs, outputs].map(|c| ENTRIES * c * line);
        with_workspace(lengths, |[v, dm]| {
            x.with_strip(strip).transform(simd, v);
            dy.with_strip(strip).transform_gradient(simd, dm);
            let entries = v
                .chunks_exact(inputs * line)
                .zip(dm.chunks_exact(outputs * line))
                .zip(grad.chunks_exact_mut(outputs * inputs * 3));
            for ((v, dm), grad) in entries {
                let blocks = dm.chunks(M * line);
                for (dy, grad) in blocks.zip(grad.chunks_mut(M * inputs * 3)) {
                    simd.vectorize(SumOverPositions::<S, M> {
                        simd,
                        dy,
                        v,
                        line,
                        start: PADDING,
                        positions,
                        taps: TAPS,
                        grad,
                    });
                }
            }
        });
    }
}

/// Returns how the batch is split, and the strip of a chunk.
fn chunks(shape: &ConvShape) -> (BatchChunks, Strip) {
    let tile_rows = shape.height.div_ceil(TILE);
    let strip = Strip::new(tile_rows, shape.width, shape.batch);
    let (x_len, y_len) = (shape.x_len(), shape.y_len());
    let (batch, chunk) = (shape.batch, strip.images);
    (BatchChunks { batch, chunk, x_len, y_len }, strip)
}

/// `y`, with `bias(image, channel)` added.
pub(super) struct Forward<'a, F> {
    pub(super) shape: &'a ConvShape,
    pub(super) x: &'a [f32],      // (B, C_in, H, W)
    pub(super) weight: &'a [f32], // (C_out, C_in, 3, 3)
    pub(super) bias: F,
}

impl<F: Fn(usize, usize) -> f32 + Sync + Send> Blocked for Forward<'_, F> {
    type Output = Vec<f32>; // (B, C_out, H, W)

    fn run<S: Simd, const M: usize>(self, simd: S) -> Vec<f32> {
        let Self { shape, x, weight, bias } = self;
        let (inputs, outputs) = (shape.c_in, shape.c_out);
        let filter = simd.vectorize(|| {
            Filter::<M>::new(outputs, inputs, |m, c, i, j| {
                weight[(m * inputs + c) * 9 + 3 * i + j]
            })
        });
        let (chunks, strip) = chunks(shape);
        chunks.forward(x, |first, x, y| {
            let strip = strip.with_images(y.len() / chunks.y_len);
            let height = shape.height;
            let x = Images { data: x, strip, height, channels: inputs };
            let bias = |image, channel| bias(first + image, channel);
            convolve(simd, x, &filter, bias, y);
        })
    }
}

/// `∂x`, zero unless it is needed, and `∂w`.
pub(super) struct Backward<'a> {
    pub(super) shape: &'a ConvShape,
    pub(super) x: &'a [f32],      // (B, C_in, H, W)
    pub(super) weight: &'a [f32], // (C_out, C_in, 3, 3)
    pub(super) dy: &'a [f32],     // (B, C_out, H, W)
    pub(super) needs_x: bool,
}

impl Blocked for Backward<'_> {
    type Output = (Vec<f32>, Vec<f32>); // the shapes of x and weight

    fn run<S: Simd, const M: usize>(self, simd: S) -> Self::Output {
        let Self { shape, x, weight, dy, needs_x } = self;
        let (inputs, outputs) = (shape.c_in, shape.c_out);
        // Rotated by half a turn, with inputs and outputs exchanged.
        let filter = simd.vectorize(|| {
            Filter::<M>::new(inputs, outputs, |c, m, i, j| {
                weight[(m * inputs + c) * 9 + 8 - (3 * i + j)]
            })
        });
        let (chunks, strip) = chunks(shape);
        let filter_len = ENTRIES * outputs * inputs * 3;
        let height = shape.height;
        let fill =
            |x: &[f32], dy: &[f32], grad_x: &mut [f32], grad: &mut [f32]| {
                let strip = strip.with_images(x.len() / chunks.x_len);
                let x = Images { data: x, strip, height, channels: inputs };
                let dy = Images { data: dy, strip, height, channels: outputs };
                add_filter_gradient::<S, M>(simd, x, dy, grad);
                if needs_x {
                    convolve(simd, dy, &filter, |_, _| 0.0, grad_x);
                }
            };
        let (grad_x, grad) = chunks.backward(x, dy, filter_len, fill);
        (grad_x, filter::backward(&grad))
    }
}
