//! Sums over channels and taps, at each position.
//!
//! The sums of `M` channels at three registers of positions stay in registers,
//! and each number that is loaded is used `M` or three times. What is left at
//! the end of a row is summed one register at a time.

use super::Padded;
use pulp::{NullaryFnOnce, Simd};

/// Registers of positions that are summed at a time.
const WIDE: usize = 3;

/// Weights `(outputs, inputs, 9)`, for `M` outputs at a time: at each input
/// and tap those of the `M`, zero beyond the last.
pub(super) struct Filter<const M: usize> {
    packed: Vec<[f32; M]>,
    inputs: usize,
    outputs: usize,
}

impl<const M: usize> Filter<M> {
    /// Of `weight(output, input, tap)`.
    pub(super) fn new(
        (outputs, inputs): (usize, usize),
        weight: impl Fn(usize, usize, usize) -> f32,
    ) -> Self {
        let mut packed = Vec::with_capacity(outputs.div_ceil(M) * inputs * 9);
        for block in (0..outputs).step_by(M) {
            for input in 0..inputs {
                for tap in 0..9 {
                    packed.push(std::array::from_fn(|m| {
                        let output = block + m;
                        if output < outputs {
                            weight(output, input, tap)
                        } else {
                            0.0
                        }
                    }));
                }
            }
        }
        Self { packed, inputs, outputs }
    }
}

/// Images `y` of all outputs, of images laid out in `x`, with
/// `add(image, output)` added to every pixel; by way of `room`.
pub(super) fn correlate_all<S: Simd, const M: usize>(
    simd: S,
    row: &Padded,
    x: &[f32],
    filter: &Filter<M>,
    room: &mut Vec<f32>,
    add: impl Fn(usize, usize) -> f32,
    y: &mut [f32],
) {
    let span = row.positions().next_multiple_of(S::F32_LANES);
    room.resize(M * span, 0.0);
    let blocks = filter.packed.chunks(9 * filter.inputs);
    for (block, weights) in blocks.enumerate() {
        let out = &mut room[..M * span];
        simd.vectorize(Correlate { simd, row, x, weights, out });
        let outputs = block * M..filter.outputs.min((block + 1) * M);
        for (m, sums) in outputs.zip(room.chunks(span)) {
            let add = |image| add(image, m);
            row.take_back(sums, (m, filter.outputs), add, y);
        }
    }
}

/// The sums of `M` channels at all positions of `row`: for each position, over
/// all channels of `x` and all taps.
struct Correlate<'a, S, const M: usize> {
    simd: S,
    row: &'a Padded,
    x: &'a [f32],
    weights: &'a [[f32; M]],
    out: &'a mut [f32],
}

impl<S: Simd, const M: usize> NullaryFnOnce for Correlate<'_, S, M> {
    type Output = ();

    #[inline(always)]
    fn call(mut self) {
        let span = self.out.len() / M;
        let mut position = 0;
        while position + WIDE * S::F32_LANES <= span {
            self.sums_at::<WIDE>(position);
            position += WIDE * S::F32_LANES;
        }
        while position < span {
            self.sums_at::<1>(position);
            position += S::F32_LANES;
        }
    }
}

impl<S: Simd, const M: usize> Correlate<'_, S, M> {
    /// The sums at `W` registers of positions.
    #[inline(always)]
    fn sums_at<const W: usize>(&mut self, position: usize) {
        let simd = self.simd;
        let taps = self.row.neighbours();
        let mut sums = [[simd.splat_f32s(0.0); W]; M];
        let planes = self.x.chunks_exact(self.row.length());
        for (plane, weights) in planes.zip(self.weights.chunks_exact(9)) {
            for (tap, weights) in taps.iter().zip(weights) {
                let x = &plane[position + tap..][..W * S::F32_LANES];
                let (x, _) = S::as_simd_f32s(x);
                let x: [S::f32s; W] = std::array::from_fn(|i| x[i]);
                for (sums, &w) in sums.iter_mut().zip(weights) {
                    let w = simd.splat_f32s(w);
                    for (sum, &x) in sums.iter_mut().zip(&x) {
                        *sum = simd.mul_add_f32s(w, x, *sum);
                    }
                }
            }
        }
        let span = self.out.len() / M;
        for (m, sums) in sums.iter().enumerate() {
            let place = &mut self.out[m * span + position..];
            let place = &mut place[..W * S::F32_LANES];
            S::as_mut_simd_f32s(place).0.copy_from_slice(sums);
        }
    }
}
