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

/// The places of all taps in the lines of so many inputs, each of `length`.
pub(super) fn places(
    inputs: usize,
    length: usize,
    taps: &[usize],
) -> Vec<usize> {
    let lines = (0..inputs).map(|c| c * length);
    lines.flat_map(|line| taps.iter().map(move |tap| line + tap)).collect()
}

/// The sums over inputs and taps: `out[m, p] = Σ_i weights[i][m] v[places[i] + p]`,
/// for blocks of `M` outputs, in lines of `positions`.
///
/// All blocks take their sums at some positions before any goes on to the next:
/// what all inputs have there fits the cache that is next to the processor.
pub(super) struct OverInputs<'a, S, const M: usize> {
    pub(super) simd: S,
    /// For each block, input and tap those of the `M`.
    pub(super) weights: &'a [[f32; M]],
    pub(super) v: &'a [f32],
    pub(super) places: &'a [usize],
    pub(super) positions: usize,
    pub(super) out: &'a mut [f32],
}

impl<S: Simd, const M: usize> OverInputs<'_, S, M> {
    pub(super) fn compute(mut self) {
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

    /// The sums at `W` registers of positions; gives `W` back.
    fn sums_at<const W: usize>(&mut self, position: usize) -> usize {
        let Self { simd, places, positions, .. } = *self;
        let v = &self.v[position..];
        let blocks = self.weights.chunks_exact(places.len());
        let outs = self.out.chunks_exact_mut(M * positions);
        for (weights, out) in blocks.zip(outs) {
            let lines = (&mut out[position..], positions);
            let block = Block::<S, M, W> { simd, weights, v, places, lines };
            simd.vectorize(block);
        }
        W
    }
}

/// The sums of one block at `W` registers of positions.
struct Block<'a, S, const M: usize, const W: usize> {
    simd: S,
    weights: &'a [[f32; M]],
    v: &'a [f32],
    places: &'a [usize],
    /// The lines of the result, from the first position on, so far apart.
    lines: (&'a mut [f32], usize),
}

impl<S: Simd, const M: usize, const W: usize> NullaryFnOnce
    for Block<'_, S, M, W>
{
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, weights, v, places, lines } = self;
        let mut sums = [[simd.splat_f32s(0.0); W]; M];
        // One loop over inputs and taps: in two, sums leave their registers.
        for (&place, weights) in places.iter().zip(weights) {
            let (v, _) = S::as_simd_f32s(&v[place..][..W * S::F32_LANES]);
            let v: [S::f32s; W] = std::array::from_fn(|i| v[i]);
            // New arrays each time: one that is changed is kept in memory.
            sums = std::array::from_fn(|m| {
                let weight = simd.splat_f32s(weights[m]);
                std::array::from_fn(|i| {
                    simd.mul_add_f32s(weight, v[i], sums[m][i])
                })
            });
        }
        for (sums, line) in sums.iter().zip(lines.0.chunks_mut(lines.1)) {
            let line = &mut line[..W * S::F32_LANES];
            let registers = S::as_mut_simd_f32s(line).0.iter_mut();
            registers.zip(sums).for_each(|(line, &sum)| *line = sum);
        }
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
                    sums = std::array::from_fn(|m| {
                        std::array::from_fn(|j| {
                            simd.mul_add_f32s(dy[m][p], v[j], sums[m][j])
                        })
                    });
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
