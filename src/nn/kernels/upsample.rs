//! Nearest-neighbour upsampling by two.
//!
//! Every pixel becomes a 2×2 block; backward, the gradients of a block add up.

use super::Real;
use super::op::{Kernel, apply_1, has_kernel};
use candle_core::{Result, Shape, Tensor};
use rayon::prelude::*;

/// `x` `(B, C, H, W)` at twice the size: `(B, C, 2H, 2W)`.
///
/// # Errors
/// If `x` has not four axes, or is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let x = Tensor::new(&[[[[1_f32, 2.0]]]], &Device::Cpu)?;
/// let y = ddpm::nn::kernels::upsample_2x(&x)?.squeeze(0)?.squeeze(0)?;
/// assert_eq!(y.to_vec2::<f32>()?, [[1.0, 1.0, 2.0, 2.0]; 2]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn upsample_2x(x: &Tensor) -> Result<Tensor> {
    if has_kernel(x) {
        apply_1(Upsample { shape: x.dims4()? }, x)
    } else {
        composed(x)
    }
}

/// The same from candle's operations, on any device. (Not its own
/// `upsample_nearest2d`, whose backward loses gradients.)
fn composed(x: &Tensor) -> Result<Tensor> {
    let (batch, channels, height, width) = x.dims4()?;
    x.reshape((batch * channels, height, 1, width, 1))?
        .broadcast_as((batch * channels, height, 2, width, 2))?
        .reshape((batch, channels, 2 * height, 2 * width))
}

struct Upsample {
    shape: (usize, usize, usize, usize),
}

impl Kernel<1> for Upsample {
    const NAME: &'static str = "upsample_2x";

    fn arguments(&self) -> [Shape; 1] {
        [self.shape.into()]
    }

    fn result(&self) -> Shape {
        let (batch, channels, height, width) = self.shape;
        (batch, channels, 2 * height, 2 * width).into()
    }

    fn forward<T: Real>(&self, [x]: [&[T]; 1]) -> Vec<T> {
        let width = self.shape.3;
        let mut y = vec![T::zero(); 4 * x.len()];
        let rows = y.par_chunks_mut(4 * width).zip(x.par_chunks(width));
        rows.for_each(|(y, x)| {
            let (top, bottom) = y.split_at_mut(2 * width);
            for (pair, &x) in top.chunks_exact_mut(2).zip(x) {
                pair.fill(x);
            }
            bottom.copy_from_slice(top);
        });
        y
    }

    fn backward<T: Real>(
        &self,
        [x]: [&[T]; 1],
        grad: &[T],
        _: [bool; 1],
    ) -> [Vec<T>; 1] {
        let width = self.shape.3;
        let mut grad_x = vec![T::zero(); x.len()];
        let rows = grad_x.par_chunks_mut(width).zip(grad.par_chunks(4 * width));
        rows.for_each(|(grad_x, grad)| {
            let (top, bottom) = grad.split_at(2 * width);
            let pairs = top.chunks_exact(2).zip(bottom.chunks_exact(2));
            for (x, (top, bottom)) in grad_x.iter_mut().zip(pairs) {
                *x = top[0] + top[1] + bottom[0] + bottom[1];
            }
        });
        [grad_x]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{Draws, assert_same_op};
    use crate::testing::check;

    #[test]
    fn agrees_with_candle_forward_and_backward() {
        check(|seed| {
            let mut draw = Draws::new(seed);
            let shape: Vec<_> = (0..4).map(|_| 1 + draw.below(5)).collect();
            assert_same_op(
                &[draw.tensor(&shape)],
                |[x]| upsample_2x(x),
                |[x]| composed(x),
            );
        });
    }
}
