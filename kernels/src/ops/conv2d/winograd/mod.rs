//! The 3×3 convolution with stride 1 in half the products: Winograd's F(4, 3).
//!
//! Four neighbouring outputs of a convolution with three taps,
//!
//! ```text
//! y_i = d_i g_0 + d_{i+1} g_1 + d_{i+2} g_2,    i = 0 … 3,
//! ```
//!
//! take twelve products of six values `d` with three taps `g`. The transpose of
//! this computation is a product of two polynomials, with three and with four
//! coefficients. That product has degree 5, so its values at six points
//! determine it, and each value is one product. With the points 0, ±1, ±2 and ∞
//! (the product of the leading coefficients), transposed back,
//!
//! ```text
//! y = Aᵀ (u ⊙ v)    with u = G g and v = Bᵀ d:
//! ```
//!
//! six products, and small constant matrices; a test multiplies them out. Here
//! the transforms go along the columns of the image. The sum over the three
//! columns of taps, `j`, and over the inputs, `c`, is taken before `Aᵀ`. So for
//! each of the six entries `k` of a tile (four rows of one column), what remains
//! is a small convolution along rows,
//!
//! - `M_{k,m}[p] = Σ_c Σ_j U_{k,m,c,j} V_{k,c}[p + j]`,
//!
//! and its cost, 18 products for each tile, input and output instead of 36, is
//! the only one that grows with the product of inputs and outputs.
//!
//! Backward, with `∂Y` given and `∂M = A ∂Y`:
//!
//! - `∂U_{k,m,c,j} = Σ_p ∂M_{k,m}[p] V_{k,c}[p + j]` and `∂g = Gᵀ ∂U`;
//! - `∂x` is the convolution of `∂y` with the weight rotated by half a turn, and
//!   inputs and outputs exchanged.
//!
//! Transforms along rows as well would leave a quarter of the products. But
//! neighbours in a row share a register, and would have to change places, which
//! costs more than it saves; and every transform adds rounding errors. With one
//! direction they are about twice the errors of a plain sum in `f32`, as a test
//! shows.
//!
//! Source: Winograd 1980; Lavin and Gray 2016; Toom 1963 and Cook 1966 for the
//! product of polynomials.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `passes` | the forward and the backward pass of a batch |
//! | `filter` | `G g` and `Gᵀ ∂U` |
//! | `transforms` | `Bᵀ d`, `Aᵀ M` and `A ∂Y` |
//! | `products` | sums of products in registers |
//! | `strip` | how images are laid out |

mod filter;
mod passes;
mod products;
mod strip;
mod transforms;

use super::shape::ConvShape;
use passes::{Backward, Forward};
use products::blocked;

/// Returns `y` `(B, C_out, H, W)`; `bias(image, channel)` is added.
pub(super) fn forward(
    shape: &ConvShape,
    x: &[f32],
    weight: &[f32],
    bias: impl Fn(usize, usize) -> f32 + Sync + Send,
) -> Vec<f32> {
    blocked(Forward { shape, x, weight, bias })
}

/// Returns `∂x`, zero unless it is needed, and `∂w`.
pub(super) fn backward(
    shape: &ConvShape,
    x: &[f32],
    weight: &[f32],
    dy: &[f32],
    needs_x: bool,
) -> (Vec<f32>, Vec<f32>) {
    blocked(Backward { shape, x, weight, dy, needs_x })
}

#[cfg(test)]
mod tests {
    use super::products::ForRegisters;
    use super::*;
    use crate::testing::Random;
    use pulp::{Simd, WithSimd};

    const SHAPE: ConvShape = ConvShape {
        batch: 11,
        c_in: 5,
        height: 9,
        width: 12,
        c_out: 11,
        kernel: 3,
        stride: 1,
    };

    #[allow(clippy::cast_possible_truncation)]
    fn random(seed: u64, count: usize) -> Vec<f32> {
        let values = Random::new(seed).values(count);
        values.into_iter().map(|x| x as f32).collect()
    }

    /// Runs both passes with one instruction set.
    fn run<S: Simd>(simd: S) -> Vec<f32> {
        let shape = &SHAPE;
        let x = &random(0, shape.batch * shape.x_len());
        let dy = &random(1, shape.batch * shape.y_len());
        let weight = &random(2, shape.c_in * shape.c_out * 9);
        let biases = &random(3, shape.batch * shape.c_out);
        let bias = |image: usize, c: usize| biases[image * shape.c_out + c];
        let forward = Forward { shape, x, weight, bias };
        let mut all = ForRegisters(forward).with_simd(simd);
        let backward = Backward { shape, x, weight, dy, needs_x: true };
        let (grad_x, grad_weight) = ForRegisters(backward).with_simd(simd);
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
    fn every_instruction_set_computes_the_same() {
        let scalar = run(pulp::Scalar::new());
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(avx2) = pulp::x86::V3::try_new() {
                assert_near(&run(avx2), &scalar);
            }
            if let Some(avx512) = pulp::x86::V4::try_new() {
                assert_near(&run(avx512), &scalar);
            }
        }
        #[cfg(target_arch = "aarch64")]
        if let Some(neon) = pulp::aarch64::Neon::try_new() {
            assert_near(&run(neon), &scalar);
        }
    }

    /// The root mean square error against `f64`, for 64 channels: of Winograd's
    /// method, and of a sum of products in the order of the formula.
    #[test]
    fn the_error_is_less_than_three_times_the_error_of_a_sum() {
        let (channels, size) = (64, 8);
        let shape = &ConvShape {
            batch: 1,
            c_in: channels,
            height: size,
            width: size,
            c_out: channels,
            ..SHAPE
        };
        let x = &random(0, channels * size * size);
        let weight = &random(1, channels * channels * 9);
        let y = forward(shape, x, weight, |_, _| 0.0);
        let (mut winograd_error, mut sum_error) = (0.0, 0.0);
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
            winograd_error += (f64::from(y) - exact).powi(2);
            sum_error += (f64::from(sum) - exact).powi(2);
        }
        let ratio = (winograd_error / sum_error).sqrt();
        assert!(ratio < 3.0, "{ratio} times the error of a sum");
    }
}
