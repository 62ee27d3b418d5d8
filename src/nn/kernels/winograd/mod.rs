//! The 3×3 convolution of stride 1 by Winograd's way, F(2×2, 3×3).
//!
//! Two neighbours of a convolution with three taps, `y_0 = d_0 g_0 + d_1 g_1 +
//! d_2 g_2` and `y_1 = d_1 g_0 + d_2 g_1 + d_3 g_2`, take six multiplications;
//! but with
//!
//! ```text
//! m_0 = (d_0 - d_2) g_0        m_1 = (d_1 + d_2) (g_0 + g_1 + g_2) / 2
//! m_3 = (d_1 - d_3) g_2        m_2 = (d_2 - d_1) (g_0 - g_1 + g_2) / 2
//! ```
//!
//! they are `y_0 = m_0 + m_1 + m_2` and `y_1 = m_1 - m_2 - m_3`: four. As
//! matrices, `y = Aᵀ ((G g) ⊙ (Bᵀ d))`. Along rows and columns both, a tile of
//! 2×2 results, which sees 4×4 numbers, takes 16 multiplications in place of 36:
//!
//! ```text
//! U = G g Gᵀ      V = Bᵀ d B      Y = Aᵀ (U ⊙ V) A
//! ```
//!
//! With many channels the sum over the inputs comes before `A`, so for each of
//! the 16 entries `k` there is a matrix product, `M_k = U_k V_k`, of outputs ×
//! inputs and inputs × tiles; the transforms are additions alone and are shared
//! by all of it.
//!
//! Backward, with `G` the gradient of `Y` and so `∂M = A G Aᵀ`:
//!
//! - `∂U_k = ∂M_k V_kᵀ` and `∂g = Gᵀ ∂U G`;
//! - `∂x` is the convolution of `∂y` with the weights turned by half a turn, the
//!   channels changing places.
//!
//! The transforms subtract numbers of one size, so rounding errors grow: here by
//! a factor of two against the sum of nine products, as a test shows.
//!
//! Source: Lavin and Gray 2016; Winograd 1980.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `passes` | the forward pass and the backward pass of a batch |
//! | `tiles` | a row of tiles of several images |
//! | `transforms` | `Bᵀ d B`, `Aᵀ M A` and `A G Aᵀ` of such rows |
//! | `filter` | `G g Gᵀ` and `Gᵀ ∂U G` |
//! | `products` | the matrix products |

mod band;
mod filter;
mod passes;
mod products;
mod transforms;

use passes::{Backward, Forward};
use pulp::{Arch, Simd, WithSimd};

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
        Conv3x3 { batch: 11, c_in: 5, c_out: 11, height: 9, width: 12 };

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

    /// The root mean square error against `f64`, for 64 channels: of this, and
    /// of the sum of products in the order of the formula.
    #[test]
    fn its_error_is_about_that_of_a_sum_of_products() {
        let (channels, size) = (64, 8);
        let sizes = Conv3x3 {
            batch: 1,
            c_in: channels,
            c_out: channels,
            height: size,
            width: size,
        };
        let x = draw(0, channels * size * size);
        let weight = draw(1, channels * channels * 9);
        let y = sizes.forward(&x, &weight, &vec![0.0; channels]);
        let (mut of_this, mut of_sums) = (0.0, 0.0);
        for (i, &y) in y.iter().enumerate() {
            let (m, row, column) =
                (i / (size * size), i / size % size, i % size);
            let (mut exact, mut sum) = (0.0_f64, 0.0_f32);
            for c in 0..channels {
                for tap in 0..9 {
                    let (r, s) = (row + tap / 3, column + tap % 3);
                    if r == 0 || s == 0 || r > size || s > size {
                        continue;
                    }
                    let x = x[(c * size + r - 1) * size + s - 1];
                    let w = weight[(m * channels + c) * 9 + tap];
                    exact += f64::from(x) * f64::from(w);
                    sum += x * w;
                }
            }
            of_this += (f64::from(y) - exact).powi(2);
            of_sums += (f64::from(sum) - exact).powi(2);
        }
        let ratio = (of_this / of_sums).sqrt();
        assert!(ratio < 2.0, "{ratio} times the error of a sum");
    }
}
