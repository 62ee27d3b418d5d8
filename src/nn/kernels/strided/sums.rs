//! The sums of a few images, a band at a time.

use super::Tap;
use super::planes::Planes;
use crate::nn::kernels::band::Band;
use crate::nn::kernels::products::{OverInputs, OverPositions, places};
use crate::nn::kernels::room::with_room;
use pulp::Simd;

/// The sum over inputs and taps that is one phase of the result.
pub(super) struct Sum<const M: usize> {
    phase: usize,
    outputs: usize,
    taps: Vec<Tap>,
    /// For each block of `M` outputs, for each input and tap, those of the `M`,
    /// zero beyond the last.
    weights: Vec<[f32; M]>,
}

impl<const M: usize> Sum<M> {
    /// With weights `weight(output, input, tap)`.
    pub(super) fn new(
        phase: usize,
        (outputs, inputs): (usize, usize),
        taps: Vec<Tap>,
        weight: impl Fn(usize, usize, usize) -> f32,
    ) -> Self {
        let mut weights = vec![];
        for first in (0..outputs).step_by(M) {
            let count = M.min(outputs - first);
            for place in 0..inputs * taps.len() {
                let (c, tap) = (place / taps.len(), place % taps.len());
                let mut row = [0.0; M];
                for (m, row) in row[..count].iter_mut().enumerate() {
                    *row = weight(first + m, c, taps[tap].index);
                }
                weights.push(row);
            }
        }
        Self { phase, outputs, taps, weights }
    }
}

/// Where the first position of each tap is in the lines of an input.
fn starts(band: Band, taps: &[Tap]) -> Vec<usize> {
    let start = |tap: &Tap| {
        let (down, right) = tap.moved;
        let moved = down * band.stride().cast_signed() + right;
        let line = tap.phase * band.length();
        (line + band.start()).strict_add_signed(moved)
    };
    taps.iter().map(start).collect()
}

/// Computes `sums` of some images, with `add(image, output)` added.
pub(super) fn convolve<S: Simd, const M: usize>(
    simd: S,
    band: Band,
    (from, x): (Planes, &[f32]),
    sums: &[Sum<M>],
    add: impl Fn(usize, usize) -> f32,
    (to, y): (Planes, &mut [f32]),
) {
    for band in band.split() {
        let (length, positions) = (band.length(), band.positions());
        let length = from.phases() * length;
        let lengths =
            sums.iter().map(|sum| sum.outputs.next_multiple_of(M) * positions);
        let room = [from.channels * length, lengths.max().unwrap_or(0)];
        with_room(room, |[v, out]| {
            simd.vectorize(|| from.lay(band, || band.seen(), x, v));
            for sum in sums {
                let (v, out) = (&*v, &mut *out);
                let taps = starts(band, &sum.taps);
                OverInputs {
                    simd,
                    weights: &sum.weights,
                    v,
                    places: &places(from.channels, length, &taps),
                    positions,
                    out,
                }
                .compute();
                let lines = out.chunks_exact(positions);
                for (c, line) in (0..sum.outputs).zip(lines) {
                    let add = |image| add(image, c);
                    to.put(band, (c, sum.phase), line, add, y);
                }
            }
        });
    }
}

/// Adds to `grad` the gradient of the weights of some images.
pub(super) fn add_weights<S: Simd, const M: usize>(
    simd: S,
    band: Band,
    taps: &[Tap],
    (from, x): (Planes, &[f32]),
    (to, dy): (Planes, &[f32]),
    grad: &mut [f32],
) {
    for band in band.split() {
        let (of_dy, positions) = (band.length(), band.positions());
        let first = band.start();
        let length = from.phases() * of_dy;
        let taps = &starts(band, taps);
        let lengths = [from.channels * length, to.channels * of_dy];
        with_room(lengths, |[v, lines]| {
            simd.vectorize(|| from.lay(band, || band.seen(), x, v));
            // Not what is around it: that belongs to the other bands.
            let own = || band.places().map(|(i, y, at)| (i, y, first + at));
            simd.vectorize(|| to.lay(band, own, dy, lines));
            let row = from.channels * taps.len();
            let blocks = lines.chunks(M * of_dy);
            for (dy, grad) in blocks.zip(grad.chunks_mut(M * row)) {
                simd.vectorize(OverPositions::<S, M> {
                    simd,
                    dy,
                    of_dy: (of_dy, first),
                    v,
                    length,
                    positions,
                    taps,
                    grad,
                });
            }
        });
    }
}
