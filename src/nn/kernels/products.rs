//! The sums of products that convolutions are made of.
//!
//! Channels are lines of numbers, and each tap of a convolution is a place in the
//! line: where the number for the first position is. A block of sums stays in
//! registers while it grows: `M` outputs by three registers of positions, or by
//! three taps; each number that is loaded is used `M` or three times.

use pulp::{Arch, NullaryFnOnce, Simd, WithSimd};

/// What keeps the sums of `M` outputs in registers.
pub(super) trait Blocked {
    type Output;

    fn run<S: Simd, const M: usize>(self, simd: S) -> Self::Output;
}

/// It, for the processor at hand.
pub(super) fn blocked<B: Blocked>(work: B) -> B::Output {
    Arch::new().dispatch(ForProcessor(work))
}

/// It, with as many outputs as the registers hold.
pub(super) struct ForProcessor<B>(pub(super) B);

impl<B: Blocked> WithSimd for ForProcessor<B> {
    type Output = B::Output;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> B::Output {
        if S::REGISTER_COUNT >= 32 {
            self.0.run::<S, 8>(simd)
        } else {
            self.0.run::<S, 4>(simd)
        }
    }
}

/// The sums over inputs: `out[m, p] = Σ_c Σ_j weights[c, j][m] v[c, taps[j] + p]`,
/// for `M` outputs, in lines of `positions`; those of `v` are of `length`.
pub(super) struct OverInputs<'a, S, const M: usize> {
    pub(super) simd: S,
    pub(super) weights: &'a [[f32; M]],
    pub(super) v: &'a [f32],
    pub(super) length: usize,
    pub(super) positions: usize,
    /// How many is not a constant, since a loop over them that is unrolled wants
    /// more registers than there are.
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

/// The sums over positions: `grad[m, c, j] += Σ_p dy[m, first + p] v[c, taps[j] + p]`,
/// for at most `M` outputs and all inputs.
pub(super) struct OverPositions<'a, S, const M: usize> {
    pub(super) simd: S,
    /// Lines of so many numbers, and where the first position is.
    pub(super) dy: &'a [f32],
    pub(super) of_dy: (usize, usize),
    pub(super) v: &'a [f32],
    pub(super) length: usize,
    pub(super) positions: usize,
    pub(super) taps: &'a [usize],
    pub(super) grad: &'a mut [f32],
}

impl<S: Simd, const M: usize> NullaryFnOnce for OverPositions<'_, S, M> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, dy, of_dy, v, length, positions, taps, grad } = self;
        let outputs = dy.len() / of_dy.0;
        let row = grad.len() / outputs;
        // All of one length, so that no index has to be checked in the loop.
        let dy: [&[S::f32s]; M] = std::array::from_fn(|m| {
            // Lines beyond the last repeat it, and are not kept.
            let start = m.min(outputs - 1) * of_dy.0 + of_dy.1;
            S::as_simd_f32s(&dy[start..][..positions]).0
        });
        for (c, v) in v.chunks_exact(length).enumerate() {
            for (group, three) in taps.chunks(3).enumerate() {
                let v: [&[S::f32s]; 3] = std::array::from_fn(|j| {
                    let start = three[j.min(three.len() - 1)];
                    S::as_simd_f32s(&v[start..][..positions]).0
                });
                let mut sums = [[simd.splat_f32s(0.0); 3]; M];
                for p in 0..positions / S::F32_LANES {
                    let v = v.map(|v| v[p]);
                    for (sums, dy) in sums.iter_mut().zip(dy) {
                        for (sum, v) in sums.iter_mut().zip(v) {
                            *sum = simd.mul_add_f32s(dy[p], v, *sum);
                        }
                    }
                }
                let first = c * taps.len() + 3 * group;
                for (grad, sums) in grad.chunks_exact_mut(row).zip(sums) {
                    let grad = &mut grad[first..][..three.len()];
                    for (grad, sum) in grad.iter_mut().zip(sums) {
                        *grad += simd.reduce_sum_f32s(sum);
                    }
                }
            }
        }
    }
}
