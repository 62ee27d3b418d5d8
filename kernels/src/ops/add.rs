//! The sum of two tensors, such as a residual connection.
//!
//! `y = a + b`. Backward, with `G` the gradient of `y`: `∂a = ∂b = G`, and no
//! value is copied.

use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::parallel::map_2;
use crate::simd::Float;
use candle_core::{Result, Shape, Tensor};

/// Returns `a + b`, for tensors of one shape.
///
/// # Errors
/// If the shapes or types differ, or a tensor is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let a = Tensor::new(&[1_f32, 2.0], &Device::Cpu)?;
/// let sum = candle_fused::add(&a, &a)?;
/// assert_eq!(sum.to_vec1::<f32>()?, [2.0, 4.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn add(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    Add { shape: a.shape().clone() }.apply([a, b])
}

struct Add {
    shape: Shape,
}

impl Op<2> for Add {
    const NAME: &'static str = "add";
    const INPUTS: [&'static str; 2] = ["a", "b"];

    fn input_shapes(&self) -> [Shape; 2] {
        [self.shape.clone(), self.shape.clone()]
    }

    fn output_shape(&self) -> Shape {
        self.shape.clone()
    }

    fn forward<T: Float>(&self, [a, b]: [&[T]; 2]) -> Vec<T> {
        map_2(a, b, |a, b| a + b)
    }

    fn backward<T: Float>(
        &self,
        _: [&[T]; 2],
        _: &[T],
        _: [bool; 2],
    ) -> [Gradient<T>; 2] {
        [Gradient::Same, Gradient::Same]
    }

    fn reference(&self, [a, b]: [&Tensor; 2]) -> Result<Tensor> {
        a + b
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn add_matches_its_reference() {
        check(|(a, b, c): (Size<5>, Size<5>, Size<5>), seed| {
            let shape = (a.0, b.0, c.0);
            let mut random = Random::new(seed);
            let inputs = [random.tensor(shape), random.tensor(shape)];
            let op = Add { shape: shape.into() };
            assert_matches_reference(&op, &inputs, |[a, b]| add(a, b));
        });
    }
}
