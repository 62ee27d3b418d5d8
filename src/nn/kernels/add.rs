//! The sum of two values: a residual connection.
//!
//! Backward, both get the gradient of the sum as it is, and nothing moves.

use super::Real;
use super::op::{Gradient, Kernel};
use super::parts::each;
use super::value::Value;
use candle_core::{Result, Shape, Tensor};

/// `a + b`, of one shape.
///
/// # Errors
/// If the shapes or types differ, or a tensor is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let a = Tensor::new(&[1_f32, 2.0], &Device::Cpu)?;
/// let sum = ddpm::nn::kernels::add(&a, &a)?;
/// assert_eq!(sum.to_vec1::<f32>()?, [2.0, 4.0]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn add<V: Value>(a: &V, b: &V) -> Result<V> {
    V::compute(Add { shape: a.shape().clone() }, [a, b])
}

struct Add {
    shape: Shape,
}

impl Kernel<2> for Add {
    const NAME: &'static str = "add";

    fn arguments(&self) -> [Shape; 2] {
        [self.shape.clone(), self.shape.clone()]
    }

    fn result(&self) -> Shape {
        self.shape.clone()
    }

    fn forward<T: Real>(&self, [a, b]: [&[T]; 2]) -> Vec<T> {
        each(a, b, |a, b| a + b)
    }

    fn backward<T: Real>(
        &self,
        _: [&[T]; 2],
        _: &[T],
        _: [bool; 2],
    ) -> [Gradient<T>; 2] {
        [Gradient::Same, Gradient::Same]
    }

    fn composed(&self, [a, b]: [&Tensor; 2]) -> Result<Tensor> {
        a + b
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
            let shape: Vec<_> = (0..3).map(|_| 1 + draw.below(5)).collect();
            let arguments = [draw.tensor(&shape), draw.tensor(&shape)];
            assert_same_op(&arguments, |[a, b]| add(a, b), |[a, b]| a + b);
        });
    }
}
