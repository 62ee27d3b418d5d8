//! Sums over channels and taps, at each position.
//!
//! The sums of `M` channels at three registers of positions stay in registers,
//! and each number that is loaded is used `M` or three times.

use super::{Blocked, Conv3x3, Padded, SLACK};
use pulp::{NullaryFnOnce, Simd};
use rayon::prelude::*;

/// Registers of positions that are summed at a time.
pub(super) const WIDE: usize = 3;

/// A convolution.
pub(super) struct Convolve<'a, W, B> {
    pub(super) sizes: Conv3x3,
    pub(super) x: &'a [f32],
    pub(super) weight: W,
    pub(super) bias: B,
}

impl<W, B> Blocked for Convolve<'_, W, B>
where
    W: Fn(usize, usize, usize) -> f32,
    B: Fn(usize, usize) -> f32 + Sync,
{
    fn run<S: Simd, const M: usize>(self, simd: S) -> Vec<f32> {
        let Self { sizes, x, weight, bias } = self;
        let (inputs, outputs) = (sizes.c_in, sizes.c_out);
        let packed = pack::<M>(weight, (outputs, inputs));
        let (pixels, images) = (sizes.pixels(), sizes.images());
        let mut y = vec![0.0; sizes.batch * outputs * pixels];
        y.par_chunks_mut(images * outputs * pixels)
            .zip(x.par_chunks(images * inputs * pixels))
            .enumerate()
            .for_each_init(Default::default, |room, (part, (y, x))| {
                let (laid_out, out): &mut (Vec<f32>, Vec<f32>) = room;
                let row = sizes.row(x.len() / (inputs * pixels));
                row.lay_out(x, SLACK, laid_out);
                let span = row.positions() + SLACK;
                out.resize(M * span, 0.0);
                for (block, weights) in packed.chunks(9 * inputs).enumerate() {
                    let x = laid_out.as_slice();
                    let (row, out) = (&row, out.as_mut_slice());
                    simd.vectorize(Correlate { simd, row, x, weights, out });
                    for (m, positions) in out.chunks(span).enumerate() {
                        let m = block * M + m;
                        if m < outputs {
                            let add = |image| bias(part * images + image, m);
                            row.take_back(positions, (m, outputs), add, y);
                        }
                    }
                }
            });
        y
    }
}

/// Weights `(outputs, inputs, 9)`, for `M` outputs at a time: at each input
/// and tap those of the `M`, zero beyond the last.
fn pack<const M: usize>(
    weight: impl Fn(usize, usize, usize) -> f32,
    (outputs, inputs): (usize, usize),
) -> Vec<[f32; M]> {
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
    packed
}

/// The sums of `M` channels at all positions of `row`: for each position, over
/// all channels of `x` and all taps.
#[inline(always)]
fn correlate<S: Simd, const M: usize>(
    simd: S,
    row: &Padded,
    x: &[f32],
    weights: &[[f32; M]],
    out: &mut [f32],
) {
    let length = row.length(SLACK);
    let taps = row.neighbours();
    let step = WIDE * S::F32_LANES;
    let span = out.len() / M;
    for p in (0..row.positions()).step_by(step) {
        let mut sums = [[simd.splat_f32s(0.0); WIDE]; M];
        let planes = x.chunks_exact(length);
        for (plane, weights) in planes.zip(weights.chunks_exact(9)) {
            for (tap, weights) in taps.iter().zip(weights) {
                let (x, _) = S::as_simd_f32s(&plane[p + tap..][..step]);
                let x: [S::f32s; WIDE] = std::array::from_fn(|i| x[i]);
                for (sums, &w) in sums.iter_mut().zip(weights) {
                    let w = simd.splat_f32s(w);
                    for (sum, &x) in sums.iter_mut().zip(&x) {
                        *sum = simd.mul_add_f32s(w, x, *sum);
                    }
                }
            }
        }
        for (m, sums) in sums.iter().enumerate() {
            let place = &mut out[m * span + p..][..step];
            S::as_mut_simd_f32s(place).0.copy_from_slice(sums);
        }
    }
}

/// The arguments of [`correlate`].
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
    fn call(self) {
        let Self { simd, row, x, weights, out } = self;
        correlate(simd, row, x, weights, out);
    }
}
