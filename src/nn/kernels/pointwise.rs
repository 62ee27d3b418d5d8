//! The 1×1 convolution: for each image a product of matrices.
//!
//! `Y = W X + b`, with the pixels of a channel in a row of `X`; backward, with
//! `G` the gradient of `Y`, `∂W = Σ_images G Xᵀ` and `∂X = Wᵀ G`.

use super::conv2d::Conv2d;
use super::few::Few;
use super::gemm::{Matrix, add_product};

/// `y`.
pub(super) fn forward(
    op: &Conv2d,
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
) -> Vec<f32> {
    let pixels = op.height * op.width;
    let weight = Matrix::new(weight, op.c_out, op.c_in);
    Few::of(op, 1).forward(x, |image, x, y| {
        let rows = y.chunks_exact_mut(pixels);
        let bias = &bias[image * op.c_out..];
        rows.zip(bias).for_each(|(row, &b)| row.fill(b));
        add_product(y, weight, Matrix::new(x, op.c_in, pixels));
    })
}

/// `∂x`, zero unless it is needed, and `∂w`.
pub(super) fn backward(
    op: &Conv2d,
    x: &[f32],
    weight: &[f32],
    dy: &[f32],
    needs_x: bool,
) -> (Vec<f32>, Vec<f32>) {
    let pixels = op.height * op.width;
    let size = weight.len();
    let weight = Matrix::new(weight, op.c_out, op.c_in);
    Few::of(op, 1).backward(x, dy, size, |x, dy, grad_x, grad_weight| {
        let dy = Matrix::new(dy, op.c_out, pixels);
        let x = Matrix::new(x, op.c_in, pixels);
        add_product(grad_weight, dy, x.t());
        if needs_x {
            add_product(grad_x, weight.t(), dy);
        }
    })
}
