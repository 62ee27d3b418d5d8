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
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `passes` | the forward pass and the backward pass of a batch |
//! | `correlate` | sums over channels and taps, at each position |
//! | `products` | sums over positions: the gradient of the weights |

mod correlate;
mod passes;
mod products;

use super::padded::Padded;
use passes::{Backward, Forward};
use pulp::{Arch, Simd, WithSimd};

/// Positions of a row of small images, at least.
const ENOUGH: usize = 784;

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
        let pass = Forward { sizes: self, x, weight, bias };
        Arch::new().dispatch(ForProcessor(pass))
    }

    /// `∂x`, if it is needed, and `∂w`, of `dy`.
    pub(super) fn backward(
        self,
        x: &[f32],
        weight: &[f32],
        dy: &[f32],
        needs_x: bool,
    ) -> (Option<Vec<f32>>, Vec<f32>) {
        let pass = Backward { sizes: self, x, weight, dy, needs_x };
        Arch::new().dispatch(ForProcessor(pass))
    }
}

/// What keeps the sums of `M` channels in registers.
trait Blocked {
    type Output;

    fn run<S: Simd, const M: usize>(self, simd: S) -> Self::Output;
}

/// It, with as many as the registers hold.
struct ForProcessor<B>(B);

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

    /// Both passes, as a processor with these vectors runs them.
    fn run<S: Simd>(simd: S) -> Vec<f32> {
        let pixels = SIZES.batch * SIZES.pixels();
        let x = &draw(0, SIZES.c_in * pixels);
        let dy = &draw(1, SIZES.c_out * pixels);
        let weight = &draw(2, SIZES.c_in * SIZES.c_out * 9);
        let bias = &draw(3, SIZES.batch * SIZES.c_out);
        let forward = Forward { sizes: SIZES, x, weight, bias };
        let mut all = ForProcessor(forward).with_simd(simd);
        let backward = Backward { sizes: SIZES, x, weight, dy, needs_x: true };
        let (grad_x, grad_weight) = ForProcessor(backward).with_simd(simd);
        all.extend(grad_x.unwrap());
        all.extend(grad_weight);
        all
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
    }
}
