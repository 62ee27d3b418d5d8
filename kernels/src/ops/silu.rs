//! SiLU, the activation `x σ(x)`, elementwise.
//!
//! `y = x σ(x)` with `σ(x) = 1/(1 + e^{-x})`. Backward, with `G` the gradient of
//! `y`: `∂x = G σ(x) (1 + x (1 - σ(x)))`.

use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::parallel::map_2;
use crate::simd::Float;
use candle_core::{Result, Shape, Tensor};

/// Returns `x σ(x)`, elementwise.
///
/// Source: Elfwing et al. 2018.
///
/// # Errors
/// If `x` is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let x = Tensor::new(&[0_f32, 100.0, -100.0], &Device::Cpu)?;
/// let y = candle_fused::silu(&x)?.to_vec1::<f32>()?;
/// assert_eq!(y[0], 0.0);
/// assert!((y[1] - 100.0).abs() < 1e-4 && y[2].abs() < 1e-4);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn silu(x: &Tensor) -> Result<Tensor> {
    Silu { shape: x.shape().clone() }.apply([x])
}

/// Returns `σ(x)`.
#[inline(always)]
pub(super) fn sigmoid<T: Float>(x: T) -> T {
    (T::one() + (-x).fast_exp()).recip()
}

/// Returns the derivative of SiLU at `x`.
#[inline(always)]
pub(super) fn silu_derivative<T: Float>(x: T) -> T {
    let sigma = sigmoid(x);
    sigma * x.multiply_add(T::one() - sigma, T::one())
}

/// Returns `σ(x) (1 + x (1 - σ(x)))` by candle's operations.
pub(super) fn reference_derivative(x: &Tensor) -> Result<Tensor> {
    let sigma = candle_nn::ops::sigmoid(x)?;
    let inner = (x * sigma.affine(-1.0, 1.0)?)?;
    sigma * inner.affine(1.0, 1.0)?
}

struct Silu {
    shape: Shape,
}

impl Op<1> for Silu {
    const NAME: &'static str = "silu";
    const INPUTS: [&'static str; 1] = ["x"];

    fn input_shapes(&self) -> [Shape; 1] {
        [self.shape.clone()]
    }

    fn output_shape(&self) -> Shape {
        self.shape.clone()
    }

    fn forward<T: Float>(&self, [x]: [&[T]; 1]) -> Vec<T> {
        map_2(x, x, |x, _| x * sigmoid(x))
    }

    fn backward<T: Float>(
        &self,
        [x]: [&[T]; 1],
        grad: &[T],
        _: [bool; 1],
    ) -> [Gradient<T>; 1] {
        [Gradient::New(map_2(x, grad, |x, g| g * silu_derivative(x)))]
    }

    fn reference(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
        x.silu()
    }

    fn reference_backward(
        &self,
        [x]: [&Tensor; 1],
        grad: &Tensor,
        _: [bool; 1],
    ) -> Result<[Option<Tensor>; 1]> {
        Ok([Some((grad * reference_derivative(x)?)?)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn silu_matches_its_reference() {
        check(|(a, b, c): (Size<5>, Size<5>, Size<5>), seed| {
            let shape = (a.0, b.0, c.0);
            let x = Random::new(seed).tensor(shape);
            let op = Silu { shape: shape.into() };
            assert_matches_reference(&op, &[x], |[x]| silu(x));
        });
    }
}
