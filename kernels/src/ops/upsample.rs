//! Nearest-neighbour upsampling by a factor of 2.
//!
//! Every pixel becomes a block of 2×2 pixels. Backward, the gradient of a pixel
//! is the sum of the gradients of its block.

use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::parallel::fill_chunks;
use crate::simd::Float;
use candle_core::{Result, Shape, Tensor};

/// Returns `x` `(B, C, H, W)` at twice the height and width:
/// `(B, C, 2H, 2W)`.
///
/// # Errors
/// If `x` has not four dimensions, or is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let x = Tensor::new(&[[[[1_f32, 2.0]]]], &Device::Cpu)?;
/// let y = candle_fused::upsample_2x(&x)?.squeeze(0)?.squeeze(0)?;
/// assert_eq!(y.to_vec2::<f32>()?, [[1.0, 1.0, 2.0, 2.0]; 2]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn upsample_2x(x: &Tensor) -> Result<Tensor> {
    Upsample { shape: x.dims4()? }.apply([x])
}

struct Upsample {
    shape: (usize, usize, usize, usize),
}

impl Upsample {
    /// Returns the values of one channel of one image of the input.
    fn plane(&self) -> usize {
        self.shape.2 * self.shape.3
    }
}

impl Op<1> for Upsample {
    const NAME: &'static str = "upsample_2x";
    const INPUTS: [&'static str; 1] = ["x"];

    fn input_shapes(&self) -> [Shape; 1] {
        [self.shape.into()]
    }

    fn output_shape(&self) -> Shape {
        let (batch, channels, height, width) = self.shape;
        (batch, channels, 2 * height, 2 * width).into()
    }

    fn forward<T: Float>(&self, [x]: [&[T]; 1]) -> Vec<T> {
        let (width, plane) = (self.shape.3, self.plane());
        let (y, _) = fill_chunks(4 * x.len(), 4 * plane, |index, y| {
            let x = &x[index * plane..][..plane];
            for (y, x) in y.chunks_mut(4 * width).zip(x.chunks(width)) {
                let (top, bottom) = y.split_at_mut(2 * width);
                for (pair, &x) in top.chunks_exact_mut(2).zip(x) {
                    pair.fill(x);
                }
                bottom.copy_from_slice(top);
            }
        });
        y
    }

    fn backward<T: Float>(
        &self,
        [x]: [&[T]; 1],
        grad: &[T],
        _: [bool; 1],
    ) -> [Gradient<T>; 1] {
        let (width, plane) = (self.shape.3, self.plane());
        let (grad_x, _) = fill_chunks(x.len(), plane, |index, grad_x| {
            let grad = &grad[4 * index * plane..][..4 * plane];
            let rows = grad_x.chunks_mut(width);
            for (x, grad) in rows.zip(grad.chunks(4 * width)) {
                let (top, bottom) = grad.split_at(2 * width);
                let pairs = top.chunks_exact(2).zip(bottom.chunks_exact(2));
                for (x, (top, bottom)) in x.iter_mut().zip(pairs) {
                    *x = top[0] + top[1] + bottom[0] + bottom[1];
                }
            }
        });
        [Gradient::New(grad_x)]
    }

    /// Does not use candle's `upsample_nearest2d`: its backward pass overwrites
    /// the gradient that other uses of `x` have added (candle issue 3507).
    fn reference(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
        let (batch, channels, height, width) = self.shape;
        x.reshape((batch * channels, height, 1, width, 1))?
            .broadcast_as((batch * channels, height, 2, width, 2))?
            .reshape((batch, channels, 2 * height, 2 * width))
    }

    fn reference_backward(
        &self,
        _: [&Tensor; 1],
        grad: &Tensor,
        _: [bool; 1],
    ) -> Result<[Option<Tensor>; 1]> {
        let (batch, channels, height, width) = self.shape;
        let blocks = grad.reshape((batch * channels, height, 2, width, 2))?;
        Ok([Some(blocks.sum((2, 4))?.reshape(self.shape)?)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn upsample_2x_matches_its_reference() {
        type Sizes = (Size<5>, Size<5>, Size<5>, Size<5>);
        check(|(batch, channels, height, width): Sizes, seed| {
            let shape = (batch.0, channels.0, height.0, width.0);
            let x = Random::new(seed).tensor(shape);
            let op = Upsample { shape };
            assert_matches_reference(&op, &[x], |[x]| upsample_2x(x));
        });
    }
}
