//! The matrix products of one entry, over the three columns of taps.
//!
//! A block of sums stays in registers while it grows: `M` outputs by three
//! registers of positions, or by the three taps; each number that is loaded is
//! used `M` or three times.

use super::band::FIRST;
use pulp::{NullaryFnOnce, Simd};

/// The sums over inputs: `out[m, p] = Σ_c Σ_j weights[c, j][m] v[c, p + j - 1]`,
/// for `M` outputs, in lines of `positions`; those of `v` are of `length`.
pub(super) struct OverInputs<'a, S, const M: usize> {
    pub(super) simd: S,
    pub(super) weights: &'a [[f32; M]],
    pub(super) v: &'a [f32],
    pub(super) length: usize,
    pub(super) positions: usize,
    /// Where the neighbours of the first position are; how many is not a constant,
    /// since a loop over them that is unrolled wants more registers than there
    /// are.
    pub(super) taps: &'a [usize],
    pub(super) out: &'a mut [f32],
}

impl<S: Simd, const M: usize> NullaryFnOnce for OverInputs<'_, S, M> {
    type Output = ();

    #[inline(always)]
    fn call(mut self) {
        let mut position = 0;
        loop {
            // Three registers at a time, but four as two and two.
            let left = (self.positions - position) / S::F32_LANES;
            position += S::F32_LANES
                * match left {
                    0 => break,
                    1 => self.sums_at::<1>(position),
                    2 | 4 => self.sums_at::<2>(position),
                    _ => self.sums_at::<3>(position),
                };
        }
    }
}

impl<S: Simd, const M: usize> OverInputs<'_, S, M> {
    /// The sums at `W` registers of positions; gives `W` back.
    #[inline(always)]
    fn sums_at<const W: usize>(&mut self, position: usize) -> usize {
        let simd = self.simd;
        let mut sums = [[simd.splat_f32s(0.0); W]; M];
        let lines = self.v.chunks_exact(self.length);
        let weights = self.weights.chunks_exact(self.taps.len());
        for (v, weights) in lines.zip(weights) {
            for (tap, weights) in self.taps.iter().zip(weights) {
                let v = &v[position + tap..][..W * S::F32_LANES];
                let (v, _) = S::as_simd_f32s(v);
                let v: [S::f32s; W] = std::array::from_fn(|i| v[i]);
                for (sums, &weight) in sums.iter_mut().zip(weights) {
                    let weight = simd.splat_f32s(weight);
                    for (sum, &v) in sums.iter_mut().zip(&v) {
                        *sum = simd.mul_add_f32s(weight, v, *sum);
                    }
                }
            }
        }
        let outs = self.out.chunks_exact_mut(self.positions);
        for (sums, out) in sums.iter().zip(outs) {
            let out = &mut out[position..][..W * S::F32_LANES];
            let out = S::as_mut_simd_f32s(out).0.iter_mut();
            out.zip(sums).for_each(|(out, &sum)| *out = sum);
        }
        W
    }
}

/// The sums over positions: `grad[m, c, j] += Σ_p dm[m, p] v[c, p + j - 1]`,
/// for at most `M` outputs and all inputs, in lines of `length`.
pub(super) struct OverPositions<'a, S, const M: usize> {
    pub(super) simd: S,
    pub(super) dm: &'a [f32],
    pub(super) v: &'a [f32],
    pub(super) length: usize,
    pub(super) positions: usize,
    pub(super) grad: &'a mut [f32],
}

impl<S: Simd, const M: usize> NullaryFnOnce for OverPositions<'_, S, M> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, dm, v, length, positions, grad } = self;
        let outputs = dm.len() / length;
        let inputs = v.len() / length;
        // All of one length, so that no index has to be checked in the loop.
        let dm: [&[S::f32s]; M] = std::array::from_fn(|m| {
            // Lines beyond the last repeat it, and are not kept.
            let start = m.min(outputs - 1) * length + FIRST;
            S::as_simd_f32s(&dm[start..][..positions]).0
        });
        for (c, v) in v.chunks_exact(length).enumerate() {
            let v: [&[S::f32s]; 3] = std::array::from_fn(|j| {
                S::as_simd_f32s(&v[FIRST - 1 + j..][..positions]).0
            });
            let mut sums = [[simd.splat_f32s(0.0); 3]; M];
            for p in 0..positions / S::F32_LANES {
                let v = v.map(|v| v[p]);
                for (sums, dm) in sums.iter_mut().zip(dm) {
                    for (sum, v) in sums.iter_mut().zip(v) {
                        *sum = simd.mul_add_f32s(dm[p], v, *sum);
                    }
                }
            }
            for (grad, sums) in grad.chunks_exact_mut(3 * inputs).zip(sums) {
                for (grad, sum) in grad[3 * c..].iter_mut().zip(sums) {
                    *grad += simd.reduce_sum_f32s(sum);
                }
            }
        }
    }
}
