//! A tensor times a number.
//!
//! `y = c x`. Backward, with `G` the gradient of `y`: `∂x = c G`.

use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::parallel::map_2;
use crate::simd::Float;
use candle_core::{Result, Shape, Tensor};

/// Returns `factor` times `x`, elementwise.
///
/// # Errors
/// If `x` is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let x = Tensor::new(&[1_f32, 2.0], &Device::Cpu)?;
/// let y = candle_fused::scale(&x, 10.0)?;
/// assert_eq!(y.to_vec1::<f32>()?, [10.0, 20.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn scale(x: &Tensor, factor: f64) -> Result<Tensor> {
    Scale { shape: x.shape().clone(), factor }.apply([x])
}

/// Returns `factor` times each value.
pub(super) fn scaled<T: Float>(x: &[T], factor: f64) -> Vec<T> {
    let factor = T::from_f64(factor);
    map_2(x, x, |x, _| factor * x)
}

struct Scale {
    shape: Shape,
    factor: f64,
}

impl Op<1> for Scale {
    const NAME: &'static str = "scale";
    const INPUTS: [&'static str; 1] = ["x"];

    fn input_shapes(&self) -> [Shape; 1] {
        [self.shape.clone()]
    }

    fn output_shape(&self) -> Shape {
        self.shape.clone()
    }

    fn forward<T: Float>(&self, [x]: [&[T]; 1]) -> Vec<T> {
        scaled(x, self.factor)
    }

    fn backward<T: Float>(
        &self,
        _: [&[T]; 1],
        grad: &[T],
        _: [bool; 1],
    ) -> [Gradient<T>; 1] {
        [Gradient::New(scaled(grad, self.factor))]
    }

    fn reference(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
        x * self.factor
    }

    fn reference_backward(
        &self,
        _: [&Tensor; 1],
        grad: &Tensor,
        _: [bool; 1],
    ) -> Result<[Option<Tensor>; 1]> {
        Ok([Some((grad * self.factor)?)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn scale_matches_its_reference() {
        check(|(a, b): (Size<5>, Size<5>), seed| {
            let shape = (a.0, b.0);
            let x = Random::new(seed).tensor(shape);
            let op = Scale { shape: shape.into(), factor: -0.3 };
            assert_matches_reference(&op, &[x], |[x]| scale(x, -0.3));
        });
    }
}
