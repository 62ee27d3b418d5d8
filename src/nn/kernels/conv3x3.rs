//! The 3×3 convolution of stride 1, without laying patches out.
//!
//! In a [`Padded`] row the neighbours of position `p` are at `p + o`, for nine
//! fixed `o`. So, for output channel `m` and all positions of a register at
//! once,
//!
//! - forward, `y_m[p] = b_m + Σ_c Σ_o w_{m,c,o} x_c[p + o]`;
//! - `∂x_c[p] = Σ_m Σ_o w_{m,c,o} ∂y_m[p - o]`: the same, with the weights
//!   turned by half a turn and the channels changing places;
//! - `∂w_{m,c,o} = Σ_p ∂y_m[p] x_c[p + o]`.
//!
//! [`correlate`] keeps the sums of `M` channels at three registers of positions
//! in registers, and each number that it loads is used `M` or three times. The
//! weights' gradient does the same with `M` channels and the three taps of a
//! row.

use super::padded::Padded;
use pulp::{Arch, NullaryFnOnce, Simd, WithSimd};
use rayon::prelude::*;

/// Registers of positions that are summed at a time.
const WIDE: usize = 3;

/// Numbers that may be read beyond the positions: registers hold at most 16.
const SLACK: usize = 16 * WIDE;

/// Positions of a row of small images, at least.
const ENOUGH: usize = 784;

/// Parts that the batch is split into, at most, for the weights' gradient:
/// each has a sum of its own, and they are added in their order.
const PARTS: usize = 16;

/// The sizes of a 3×3 convolution of stride 1.
#[derive(Clone, Copy)]
pub(super) struct Conv3x3 {
    pub(super) batch: usize,
    pub(super) c_in: usize,
    pub(super) c_out: usize,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Conv3x3 {
    fn pixels(self) -> usize {
        self.height * self.width
    }

    /// Images in a row.
    fn images(self) -> usize {
        (ENOUGH / self.pixels()).clamp(1, self.batch)
    }

    fn row(self, images: usize) -> Padded {
        Padded { images, height: self.height, width: self.width }
    }

    /// `y`, of `x` `(B, C_in, H, W)`, `weight` `(C_out, C_in, 3, 3)` and
    /// `bias` `(B, C_out)`.
    pub(super) fn forward(
        self,
        x: &[f32],
        weight: &[f32],
        bias: &[f32],
    ) -> Vec<f32> {
        let (inputs, outputs) = (self.c_in, self.c_out);
        let weight =
            |m: usize, c: usize, tap: usize| weight[(m * inputs + c) * 9 + tap];
        let bias = |image: usize, m: usize| bias[image * outputs + m];
        Arch::new().dispatch(Convolve { sizes: self, x, weight, bias })
    }

    /// `∂x`, of `dy` and the weights.
    pub(super) fn grad_x(self, dy: &[f32], weight: &[f32]) -> Vec<f32> {
        let inputs = self.c_in;
        let weight = |c: usize, m: usize, tap: usize| {
            weight[(m * inputs + c) * 9 + 8 - tap]
        };
        let sizes = Self { c_in: self.c_out, c_out: self.c_in, ..self };
        let bias = |_, _| 0.0;
        Arch::new().dispatch(Convolve { sizes, x: dy, weight, bias })
    }

    /// `∂w`, of `x` and `dy`.
    pub(super) fn grad_weight(self, x: &[f32], dy: &[f32]) -> Vec<f32> {
        Arch::new().dispatch(GradWeight { sizes: self, x, dy })
    }
}

/// A convolution, for whichever processor this is.
struct Convolve<'a, W, B> {
    sizes: Conv3x3,
    x: &'a [f32],
    weight: W,
    bias: B,
}

impl<W, B> WithSimd for Convolve<'_, W, B>
where
    W: Fn(usize, usize, usize) -> f32,
    B: Fn(usize, usize) -> f32 + Sync,
{
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<f32> {
        // So many sums fit the registers.
        if S::REGISTER_COUNT >= 32 {
            self.run::<S, 8>(simd)
        } else {
            self.run::<S, 4>(simd)
        }
    }
}

impl<W, B> Convolve<'_, W, B>
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

/// The gradient of the weights, for whichever processor this is.
struct GradWeight<'a> {
    sizes: Conv3x3,
    x: &'a [f32],
    dy: &'a [f32],
}

impl WithSimd for GradWeight<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<f32> {
        if S::REGISTER_COUNT >= 32 {
            self.run::<S, 8>(simd)
        } else {
            self.run::<S, 4>(simd)
        }
    }
}

impl GradWeight<'_> {
    fn run<S: Simd, const M: usize>(self, simd: S) -> Vec<f32> {
        let Self { sizes, x, dy } = self;
        let (inputs, outputs) = (sizes.c_in, sizes.c_out);
        let (pixels, images) = (sizes.pixels(), sizes.images());
        let rows = sizes.batch.div_ceil(images).div_ceil(PARTS);
        let sum = |room: &mut (Vec<f32>, Vec<f32>),
                   (x, dy): (&[f32], &[f32])| {
            let mut grad = vec![0.0; outputs * inputs * 9];
            let rows = x.chunks(images * inputs * pixels);
            for (x, dy) in rows.zip(dy.chunks(images * outputs * pixels)) {
                let row = &sizes.row(x.len() / (inputs * pixels));
                row.lay_out(x, SLACK, &mut room.0);
                row.lay_out(dy, SLACK, &mut room.1);
                let length = row.length(SLACK);
                let blocks = room.1.chunks(M * length);
                let grads = grad.chunks_mut(M * inputs * 9);
                for (dy, grad) in blocks.zip(grads) {
                    let x = room.0.as_slice();
                    simd.vectorize(Products::<_, M> { simd, row, x, dy, grad });
                }
            }
            grad
        };
        let parts: Vec<_> = x
            .par_chunks(rows * images * inputs * pixels)
            .zip(dy.par_chunks(rows * images * outputs * pixels))
            .map_init(Default::default, sum)
            .collect();
        let mut grad = vec![0.0; outputs * inputs * 9];
        for part in parts {
            grad.iter_mut().zip(part).for_each(|(sum, p)| *sum += p);
        }
        grad
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

/// The arguments of [`add_weight_grad`].
struct Products<'a, S, const M: usize> {
    simd: S,
    row: &'a Padded,
    x: &'a [f32],
    dy: &'a [f32],
    grad: &'a mut [f32],
}

impl<S: Simd, const M: usize> NullaryFnOnce for Products<'_, S, M> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, row, x, dy, grad } = self;
        add_weight_grad::<S, M>(simd, row, x, dy, grad);
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

/// Adds to `grad`, of `M` outputs `(M, inputs, 9)`, the products of their
/// gradients `dy` with `x`, both laid out.
#[inline(always)]
fn add_weight_grad<S: Simd, const M: usize>(
    simd: S,
    row: &Padded,
    x: &[f32],
    dy: &[f32],
    grad: &mut [f32],
) {
    let length = row.length(SLACK);
    let lanes = S::F32_LANES;
    let outputs = dy.len() / length;
    let inputs = x.len() / length;
    let taps = row.neighbours();
    let registers = row.positions().div_ceil(lanes);
    // All of one length, so that no index has to be checked in the loop.
    let dy: [&[S::f32s]; M] = std::array::from_fn(|m| {
        // Channels beyond the last repeat it, and are not kept.
        let start = m.min(outputs - 1) * length + row.first();
        &S::as_simd_f32s(&dy[start..]).0[..registers]
    });
    for (input, plane) in x.chunks_exact(length).enumerate() {
        for y in 0..3 {
            let x: [&[S::f32s]; 3] = std::array::from_fn(|i| {
                let start = taps[3 * y + i];
                &S::as_simd_f32s(&plane[start..]).0[..registers]
            });
            let mut sums = [[simd.splat_f32s(0.0); 3]; M];
            for p in 0..registers {
                let x = x.map(|x| x[p]);
                for (sums, dy) in sums.iter_mut().zip(dy) {
                    for (sum, x) in sums.iter_mut().zip(x) {
                        *sum = simd.mul_add_f32s(dy[p], x, *sum);
                    }
                }
            }
            for (m, sums) in sums.iter().enumerate().take(outputs) {
                let start = (m * inputs + input) * 9 + 3 * y;
                for (g, &sum) in grad[start..start + 3].iter_mut().zip(sums) {
                    *g += simd.reduce_sum_f32s(sum);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    const SIZES: Conv3x3 =
        Conv3x3 { batch: 3, c_in: 5, c_out: 11, height: 9, width: 12 };

    fn draw(index: u32, count: usize) -> Vec<f32> {
        let mut values = vec![0.0; count];
        stream(0, Purpose::Data, 3, index).fill_normal(&mut values);
        values
    }

    /// Both kernels, as a processor with these vectors runs them.
    fn run<S: Simd>(simd: S) -> Vec<f32> {
        let pixels = SIZES.batch * SIZES.pixels();
        let x = &draw(0, SIZES.c_in * pixels);
        let dy = &draw(1, SIZES.c_out * pixels);
        let weight = draw(2, SIZES.c_in * SIZES.c_out * 9);
        let weight =
            |m: usize, c: usize, tap: usize| weight[(m * 5 + c) * 9 + tap];
        let bias = |_, _| 0.5;
        let mut y = Convolve { sizes: SIZES, x, weight, bias }.with_simd(simd);
        y.extend(GradWeight { sizes: SIZES, x, dy }.with_simd(simd));
        y
    }

    fn assert_near(these: &[f32], those: &[f32]) {
        assert_eq!(these.len(), those.len());
        for (a, b) in these.iter().zip(those) {
            assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{a} and {b}");
        }
    }

    #[test]
    fn every_kind_of_processor_computes_the_same() {
        let plain = run(pulp::Scalar::new());
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(avx2) = pulp::x86::V3::try_new() {
                assert_near(&run(avx2), &plain);
            }
            if let Some(avx512) = pulp::x86::V4::try_new() {
                assert_near(&run(avx512), &plain);
            }
        }
        #[cfg(target_arch = "aarch64")]
        if let Some(neon) = pulp::aarch64::Neon::try_new() {
            assert_near(&run(neon), &plain);
        }
        // And the one that was chosen.
        let pixels = SIZES.batch * SIZES.pixels();
        let (x, dy) =
            (draw(0, SIZES.c_in * pixels), draw(1, SIZES.c_out * pixels));
        let grad = SIZES.grad_weight(&x, &dy);
        assert_near(&grad, &plain[plain.len() - grad.len()..]);
    }
}
