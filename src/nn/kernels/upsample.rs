//! Nearest-neighbour upsampling by two.
//!
//! Every pixel becomes a 2×2 block; backward, the gradients of a block add up.

use super::Real;
use super::op::{Gradient, Kernel};
use super::parts::computed;
use super::value::Value;
use candle_core::{Result, Shape, Tensor};

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
pub fn upsample_2x<V: Value>(x: &V) -> Result<V> {
    V::compute(Upsample { shape: x.shape().dims4()? }, [x])
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
        let (width, plane) = (self.shape.3, self.plane());
        let sizes = (4 * x.len(), 4 * plane);
        let (y, _) = computed(sizes, |index, y| {
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

    fn backward<T: Real>(
        &self,
        [x]: [&[T]; 1],
        grad: &[T],
        _: [bool; 1],
    ) -> [Gradient<T>; 1] {
        let (width, plane) = (self.shape.3, self.plane());
        let (grad_x, _) = computed((x.len(), plane), |index, grad_x| {
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

    /// Not by its own `upsample_nearest2d`, whose backward loses gradients.
    fn composed(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
        let (batch, channels, height, width) = self.shape;
        x.reshape((batch * channels, height, 1, width, 1))?
            .broadcast_as((batch * channels, height, 2, width, 2))?
            .reshape((batch, channels, 2 * height, 2 * width))
    }
}

impl Upsample {
    /// Numbers in a plane of the argument.
    fn plane(&self) -> usize {
        self.shape.2 * self.shape.3
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
                |[x]| Upsample { shape: x.dims4()? }.composed([x]),
            );
        });
    }
}
