//! A linear combination of two tensors, such as the sum of a residual
//! connection.
//!
//! `z = a x + b y`. Backward, with `G` the gradient of `z`: `∂x = a G` and
//! `∂y = b G`. Where a coefficient is 1, the gradient is `G` itself and no value
//! is copied.

use super::scale::scaled;
use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::parallel::map_2;
use crate::simd::Float;
use candle_core::{Result, Shape, Tensor};

/// Returns `a x + b y`, for tensors of one shape.
///
/// # Errors
/// If the shapes or types differ, or a tensor is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let x = Tensor::new(&[1_f32, 2.0], &Device::Cpu)?;
/// let y = Tensor::new(&[10_f32, 10.0], &Device::Cpu)?;
/// let z = candle_fused::linear_combination(2.0, &x, -1.0, &y)?;
/// assert_eq!(z.to_vec1::<f32>()?, [-8.0, -6.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn linear_combination(
    a: f64,
    x: &Tensor,
    b: f64,
    y: &Tensor,
) -> Result<Tensor> {
    let shape = x.shape().clone();
    LinearCombination { shape, coefficients: [a, b] }.apply([x, y])
}

/// Returns `x + y`, for tensors of one shape.
///
/// # Errors
/// If the shapes or types differ, or a tensor is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let x = Tensor::new(&[1_f32, 2.0], &Device::Cpu)?;
/// let sum = candle_fused::add(&x, &x)?;
/// assert_eq!(sum.to_vec1::<f32>()?, [2.0, 4.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn add(x: &Tensor, y: &Tensor) -> Result<Tensor> {
    linear_combination(1.0, x, 1.0, y)
}

struct LinearCombination {
    shape: Shape,
    coefficients: [f64; 2],
}

fn times(x: &Tensor, c: f64) -> Result<Tensor> {
    if c == 1.0 { Ok(x.clone()) } else { x * c }
}

impl Op<2> for LinearCombination {
    const NAME: &'static str = "linear combination";
    const INPUTS: [&'static str; 2] = ["x", "y"];

    fn name(&self) -> &'static str {
        if self.coefficients == [1.0, 1.0] { "add" } else { Self::NAME }
    }

    fn input_shapes(&self) -> [Shape; 2] {
        [self.shape.clone(), self.shape.clone()]
    }

    fn output_shape(&self) -> Shape {
        self.shape.clone()
    }

    fn forward<T: Float>(&self, [x, y]: [&[T]; 2]) -> Vec<T> {
        let [a, b] = self.coefficients.map(T::from_f64);
        map_2(x, y, |x, y| a.multiply_add(x, b * y))
    }

    fn backward<T: Float>(
        &self,
        _: [&[T]; 2],
        grad: &[T],
        needed: [bool; 2],
    ) -> [Gradient<T>; 2] {
        std::array::from_fn(|i| {
            let c = self.coefficients[i];
            if !needed[i] {
                Gradient::None
            } else if c == 1.0 {
                Gradient::Same
            } else {
                Gradient::New(scaled(grad, c))
            }
        })
    }

    fn reference(&self, [x, y]: [&Tensor; 2]) -> Result<Tensor> {
        let [a, b] = self.coefficients;
        times(x, a)? + times(y, b)?
    }

    fn reference_backward(
        &self,
        _: [&Tensor; 2],
        grad: &Tensor,
        _: [bool; 2],
    ) -> Result<[Option<Tensor>; 2]> {
        let [a, b] = self.coefficients;
        Ok([Some(times(grad, a)?), Some(times(grad, b)?)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn linear_combination_matches_its_reference() {
        check(|(i, j, k): (Size<5>, Size<5>, Size<5>), seed| {
            let shape = (i.0, j.0, k.0);
            let mut random = Random::new(seed);
            let inputs = [random.tensor(shape), random.tensor(shape)];
            for [a, b] in [[1.0, 1.0], [-0.3, 1.0], [2.0, 0.5]] {
                let coefficients = [a, b];
                let op =
                    LinearCombination { shape: shape.into(), coefficients };
                assert_matches_reference(&op, &inputs, |[x, y]| {
                    linear_combination(a, x, b, y)
                });
            }
        });
    }
}
