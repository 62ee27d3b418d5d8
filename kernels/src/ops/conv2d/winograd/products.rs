//! Sums of products that stay in registers while they grow.
//!
//! A block of sums is `M` outputs by three registers of positions, or `M`
//! outputs by three taps: each value that is loaded is used `M` or three times.
//! `M` is 8 where a CPU has 32 registers (AVX-512, NEON), else 4.

use crate::simd::multiply_add;
use pulp::{Arch, NullaryFnOnce, Simd, WithSimd};

/// Work that holds sums of `M` outputs in registers.
pub(super) trait Blocked {
    type Output;

    fn run<S: Simd, const M: usize>(self, simd: S) -> Self::Output;
}

/// Runs `work` with the best instruction set of this CPU.
pub(super) fn blocked<B: Blocked>(work: B) -> B::Output {
    Arch::new().dispatch(ForRegisters(work))
}

/// Runs work with as many outputs as the registers hold.
pub(super) struct ForRegisters<B>(pub(super) B);

impl<B: Blocked> WithSimd for ForRegisters<B> {
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

/// Sums over inputs and taps:
/// `out[m, p] = Σ_i weights[i][m] v[offsets[i] + p]`, for blocks of `M` outputs.
///
/// All blocks compute some positions before the next positions are begun, so
/// that what the inputs hold there stays in the cache next to the core.
pub(super) struct SumOverInputs<'a, S, const M: usize> {
    pub(super) simd: S,
    /// The weights of each block: `M` for each input and tap.
    pub(super) weights: &'a [[f32; M]],
    /// The lines of all inputs.
    pub(super) v: &'a [f32],
    /// The offset of position 0 in `v`, for each input and tap.
    pub(super) offsets: &'a [usize],
    pub(super) positions: usize,
    /// A line of `positions` for each output.
    pub(super) out: &'a mut [f32],
}

impl<S: Simd, const M: usize> SumOverInputs<'_, S, M> {
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

    /// Computes the sums at `W` registers of positions, and returns `W`.
    fn sums_at<const W: usize>(&mut self, position: usize) -> usize {
        let Self { simd, offsets, positions, .. } = *self;
        let v = &self.v[position..];
        let blocks = self.weights.chunks_exact(offsets.len());
        let outs = self.out.chunks_exact_mut(M * positions);
        for (weights, out) in blocks.zip(outs) {
            let out = &mut out[position..];
            simd.vectorize(Block::<S, M, W> {
                simd,
                weights,
                v,
                offsets,
                out,
                positions,
            });
        }
        W
    }
}

/// The sums of one block at `W` registers of positions.
struct Block<'a, S, const M: usize, const W: usize> {
    simd: S,
    weights: &'a [[f32; M]],
    v: &'a [f32],
    offsets: &'a [usize],
    /// The lines of the outputs, from the first position on.
    out: &'a mut [f32],
    positions: usize,
}

impl<S: Simd, const M: usize, const W: usize> NullaryFnOnce
    for Block<'_, S, M, W>
{
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, weights, v, offsets, out, positions } = self;
        let mut sums = [[simd.splat_f32s(0.0); W]; M];
        // One loop over inputs and taps: with two, sums leave the registers.
        for (&offset, weights) in offsets.iter().zip(weights) {
            let (v, _) = S::as_simd_f32s(&v[offset..][..W * S::F32_LANES]);
            let v: [S::f32s; W] = std::array::from_fn(|i| v[i]);
            // A new array in each iteration: one that is modified in place is
            // kept in memory by the compiler.
            sums = std::array::from_fn(|m| {
                let weight = simd.splat_f32s(weights[m]);
                std::array::from_fn(|i| {
                    multiply_add(simd, weight, v[i], sums[m][i])
                })
            });
        }
        for (sums, line) in sums.iter().zip(out.chunks_mut(positions)) {
            let line = &mut line[..W * S::F32_LANES];
            let registers = S::as_mut_simd_f32s(line).0.iter_mut();
            registers.zip(sums).for_each(|(register, &sum)| *register = sum);
        }
    }
}

/// Sums over positions:
/// `grad[m, c, j] += Σ_p dy[m, start + p] v[c, taps[j] + p]`, for at most `M`
/// outputs and all inputs.
pub(super) struct SumOverPositions<'a, S, const M: usize> {
    pub(super) simd: S,
    /// Lines of `line` values, whose position 0 is at `start`.
    pub(super) dy: &'a [f32],
    pub(super) v: &'a [f32],
    pub(super) line: usize,
    pub(super) start: usize,
    pub(super) positions: usize,
    /// The offset of position 0 in a line of `v`, for each of the three taps.
    pub(super) taps: [usize; 3],
    /// `(outputs, inputs, 3)`.
    pub(super) grad: &'a mut [f32],
}

impl<S: Simd, const M: usize> NullaryFnOnce for SumOverPositions<'_, S, M> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, dy, v, line, start, positions, taps, grad } = self;
        let outputs = dy.len() / line;
        let row = grad.len() / outputs;
        // Slices of one length, so that the loop needs no bounds checks.
        let dy: [&[S::f32s]; M] = std::array::from_fn(|m| {
            // Beyond the last output it is repeated, and not stored below.
            let first = m.min(outputs - 1) * line + start;
            S::as_simd_f32s(&dy[first..][..positions]).0
        });
        for (c, v) in v.chunks_exact(line).enumerate() {
            let v: [&[S::f32s]; 3] =
                taps.map(|tap| S::as_simd_f32s(&v[tap..][..positions]).0);
            let mut sums = [[simd.splat_f32s(0.0); 3]; M];
            for p in 0..positions / S::F32_LANES {
                let v = v.map(|v| v[p]);
                sums = std::array::from_fn(|m| {
                    std::array::from_fn(|j| {
                        multiply_add(simd, dy[m][p], v[j], sums[m][j])
                    })
                });
            }
            for (grad, sums) in grad.chunks_exact_mut(row).zip(sums) {
                for (grad, sum) in grad[3 * c..][..3].iter_mut().zip(sums) {
                    *grad += simd.reduce_sum_f32s(sum);
                }
            }
        }
    }
}
