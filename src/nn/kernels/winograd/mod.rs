//! The 3×3 convolution of stride 1 with half the products: Winograd's F(4, 3).
//!
//! Four neighbours of a convolution with three taps,
//!
//! ```text
//! y_i = d_i g_0 + d_{i+1} g_1 + d_{i+2} g_2,    i = 0 … 3,
//! ```
//!
//! are twelve products of six numbers `d` with three taps `g`. The transpose of
//! this is the product of two polynomials, with three and with four
//! coefficients, and that has six: it is known from its values at six points,
//! each of which is one product. With the points 0, ±1, ±2 and ∞ (the last is
//! the product of the leading coefficients) and transposed back, it is
//!
//! ```text
//! y = Aᵀ (u ⊙ v)    with u = G g and v = Bᵀ d,
//! ```
//!
//! six products, and small constant matrices, which stand in `transforms` and
//! `filter`; a test multiplies them out. It is done along columns, and the sum
//! over the three columns of taps, `j`, and over all inputs `c` is taken before
//! `Aᵀ`. So for each of the six entries `k` of a tile, a column of four pixels,
//! there is a small convolution along rows (of tiles, which stand in a band),
//!
//! - `M_{k,m}[p] = Σ_c Σ_j U_{k,m,c,j} V_{k,c}[p + j]`,
//!
//! and the transforms, whose cost does not depend on the product of inputs and
//! outputs, are shared by all of it. Eighteen products a tile remain of 36.
//!
//! Backward, with `∂Y` given, `∂M = A ∂Y`:
//!
//! - `∂U_{k,m,c,j} = Σ_p ∂M_{k,m}[p] V_{k,c}[p + j]` and `∂g = Gᵀ ∂U`;
//! - `∂x` is the convolution of `∂y` with the weights turned by half a turn, the
//!   channels changing places.
//!
//! Along rows as well it would be a quarter of the products, but in registers
//! neighbours in a row would have to change places, which costs more than it
//! saves; and rounding errors grow with every transform. Here they are about
//! twice those of a plain sum of `f32` products, as a test shows.
//!
//! Source: Winograd 1980; Lavin and Gray 2016; Toom 1963 and Cook 1966 for the
//! product of polynomials.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `passes` | the forward pass and the backward pass of a batch |
//! | `transforms` | `Bᵀ d`, `Aᵀ M` and `A ∂Y` |
//! | `filter` | `G g` and `Gᵀ ∂U` |

mod filter;
mod passes;
mod transforms;

pub(super) use passes::{Backward, Forward};

#[cfg(test)]
mod tests {
    use super::super::conv2d::Conv2d;
    use super::super::products::{ForProcessor, blocked};
    use super::*;
    use crate::random::{Purpose, stream};
    use pulp::{Simd, WithSimd};

    const OP: Conv2d = Conv2d {
        batch: 11,
        c_in: 5,
        height: 9,
        width: 12,
        c_out: 11,
        kernel: 3,
        stride: 1,
    };

    fn draw(index: u32, count: usize) -> Vec<f32> {
        let mut values = vec![0.0; count];
        stream(0, Purpose::Data, 3, index).fill_normal(&mut values);
        values
    }

    /// Both passes, as a processor with these vectors runs them.
    fn run<S: Simd>(simd: S) -> Vec<f32> {
        let op = &OP;
        let x = &draw(0, OP.batch * OP.image_in());
        let dy = &draw(1, OP.batch * OP.image_out());
        let weight = &draw(2, OP.c_in * OP.c_out * 9);
        let bias = &draw(3, OP.batch * OP.c_out);
        let forward = Forward { op, x, weight, bias };
        let mut all = ForProcessor(forward).with_simd(simd);
        let backward = Backward { op, x, weight, dy, needs_x: true };
        let (grad_x, grad_weight) = ForProcessor(backward).with_simd(simd);
        all.extend(grad_x);
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
    fn its_error_is_less_than_three_times_that_of_a_sum() {
        let (channels, size) = (64, 8);
        let op = &Conv2d {
            batch: 1,
            c_in: channels,
            height: size,
            width: size,
            c_out: channels,
            ..OP
        };
        let x = &draw(0, channels * size * size);
        let weight = &draw(1, channels * channels * 9);
        let bias = &vec![0.0; channels];
        let y = blocked(Forward { op, x, weight, bias });
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
        assert!(ratio < 3.0, "{ratio} times the error of a sum");
    }
}
