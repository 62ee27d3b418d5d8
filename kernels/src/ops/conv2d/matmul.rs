//! A convolution as a product of matrices, for any kernel size and stride.
//!
//! The patches that the kernel sees, as the columns of a matrix `P`
//! `(C_in k², H' W')`, turn the convolution of an image into `Y = W P + b`, with
//! the weight as a matrix `W` `(C_out, C_in k²)`. For a 1×1 kernel with stride 1
//! the image itself is `P`. Backward, with `G` the gradient of `Y`,
//!
//! - `∂W = Σ_images G Pᵀ`,
//! - `∂P = Wᵀ G`; each pixel of `∂x` collects its entries of `∂P`.

use super::shape::ConvShape;
use crate::gemm::{Matrix, add_product};
use crate::parallel::BatchChunks;
use crate::simd::Float;

/// Returns `y` `(B, C_out, H', W')`; `bias(image, channel)` is added.
pub(super) fn forward<T: Float>(
    shape: &ConvShape,
    x: &[T],
    weight: &[T],
    bias: impl Fn(usize, usize) -> T + Sync + Send,
) -> Vec<T> {
    let pixels = shape.out_pixels();
    let weight = Matrix::new(weight, shape.c_out, shape.taps());
    chunks(shape).forward(x, |first, x, y| {
        let mut patches = vec![];
        let images = x.chunks(shape.x_len()).zip(y.chunks_mut(shape.y_len()));
        for (image, (x, y)) in images.enumerate() {
            for (channel, y) in y.chunks_exact_mut(pixels).enumerate() {
                y.fill(bias(first + image, channel));
            }
            let patches = self::patches(shape, x, &mut patches);
            add_product(y, weight, Matrix::new(patches, shape.taps(), pixels));
        }
    })
}

/// Returns `∂x`, zero unless it is needed, and `∂w`.
pub(super) fn backward<T: Float>(
    shape: &ConvShape,
    x: &[T],
    weight: &[T],
    dy: &[T],
    needs_x: bool,
) -> (Vec<T>, Vec<T>) {
    let pixels = shape.out_pixels();
    let weight_len = weight.len();
    let weight = Matrix::new(weight, shape.c_out, shape.taps());
    let fill = |x: &[T], dy: &[T], grad_x: &mut [T], grad_weight: &mut [T]| {
        let (mut patches, mut grad_patches) = (vec![], vec![]);
        let images = x
            .chunks(shape.x_len())
            .zip(dy.chunks(shape.y_len()))
            .zip(grad_x.chunks_mut(shape.x_len()));
        for ((x, dy), grad_x) in images {
            let dy = Matrix::new(dy, shape.c_out, pixels);
            let patches = self::patches(shape, x, &mut patches);
            let patches = Matrix::new(patches, shape.taps(), pixels);
            add_product(grad_weight, dy, patches.t());
            if !needs_x {
                continue;
            }
            if is_pointwise(shape) {
                add_product(grad_x, weight.t(), dy);
                continue;
            }
            grad_patches.clear();
            grad_patches.resize(shape.taps() * pixels, T::zero());
            add_product(&mut grad_patches, weight.t(), dy);
            collect_patches(shape, &grad_patches, grad_x);
        }
    };
    chunks(shape).backward(x, dy, weight_len, fill)
}

/// Images are computed one by one.
fn chunks(shape: &ConvShape) -> BatchChunks {
    let (x_len, y_len) = (shape.x_len(), shape.y_len());
    BatchChunks { batch: shape.batch, chunk: 1, x_len, y_len }
}

fn is_pointwise(shape: &ConvShape) -> bool {
    (shape.kernel, shape.stride) == (1, 1)
}

/// Returns the patches of an image `(C_in k², H' W')`, in `memory` if they are
/// not the image itself.
fn patches<'a, T: Float>(
    shape: &ConvShape,
    x: &'a [T],
    memory: &'a mut Vec<T>,
) -> &'a [T] {
    if is_pointwise(shape) {
        return x;
    }
    memory.clear();
    memory.resize(shape.taps() * shape.out_pixels(), T::zero());
    for_each_row(shape, |row| {
        let x = x[row.x..].iter().step_by(shape.stride);
        let patch = &mut memory[row.patch..][..row.len];
        patch.iter_mut().zip(x).for_each(|(p, &x)| *p = x);
    });
    memory
}

/// Adds `∂P` to the pixels that the patches were made of.
fn collect_patches<T: Float>(
    shape: &ConvShape,
    grad_patches: &[T],
    grad_x: &mut [T],
) {
    for_each_row(shape, |row| {
        let x = grad_x[row.x..].iter_mut().step_by(shape.stride);
        let patch = &grad_patches[row.patch..][..row.len];
        x.zip(patch).for_each(|(x, &p)| *x += p);
    });
}

/// A row of output pixels that one tap of the kernel meets inside the image.
struct Row {
    /// The position of the first pixel among the patches, and in the image, where
    /// neighbours are `stride` values apart.
    patch: usize,
    x: usize,
    len: usize,
}

/// Calls `visit` for every tap and row of the output.
fn for_each_row(shape: &ConvShape, mut visit: impl FnMut(Row)) {
    let ConvShape { height, width, kernel: k, stride: s, .. } = *shape;
    let (pad, rows, columns) = (k / 2, shape.out_height(), shape.out_width());
    for tap in 0..shape.taps() {
        let (channel, i, j) = (tap / (k * k), tap / k % k, tap % k);
        // The columns v whose pixel is inside: 0 <= v s + j - pad < width.
        let first = pad.saturating_sub(j).div_ceil(s);
        let inside = (width + pad).saturating_sub(j);
        let len = inside.div_ceil(s).min(columns).saturating_sub(first);
        if len == 0 {
            continue;
        }
        for u in 0..rows {
            let y = (u * s + i).checked_sub(pad).filter(|&y| y < height);
            let Some(y) = y else { continue };
            visit(Row {
                patch: (tap * rows + u) * columns + first,
                x: (channel * height + y) * width + first * s + j - pad,
                len,
            });
        }
    }
}
