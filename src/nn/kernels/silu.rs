//! SiLU, number by number.
//!
//! `y = x σ(x)` with `σ(x) = 1/(1 + e^{-x})`; backward,
//! `∂x = G σ(x) (1 + x (1 - σ(x)))`, with `G` the gradient of `y`.

use super::op::{Gradient, Kernel};
use super::parts::each;
use super::real::Real;
use super::value::Value;
use candle_core::{Result, Shape, Tensor};

/// `x σ(x)`, of the shape of `x`.
///
/// Source: Elfwing and others 2018.
///
/// # Errors
/// If `x` is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let x = Tensor::new(&[0_f32, 100.0, -100.0], &Device::Cpu)?;
/// let y = ddpm::nn::kernels::silu(&x)?.to_vec1::<f32>()?;
/// assert_eq!(y[0], 0.0);
/// assert!((y[1] - 100.0).abs() < 1e-4 && y[2].abs() < 1e-4);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn silu<V: Value>(x: &V) -> Result<V> {
    V::compute(Silu { shape: x.shape().clone() }, [x])
}

/// `σ(x)`.
#[inline(always)]
pub(super) fn sigmoid<T: Real>(x: T) -> T {
    (T::one() + (-x).fast_exp()).recip()
}

/// `∂y/∂x`.
#[inline(always)]
pub(super) fn silu_slope<T: Real>(x: T) -> T {
    let sigma = sigmoid(x);
    sigma * x.mul_add(T::one() - sigma, T::one())
}

struct Silu {
    shape: Shape,
}

impl Kernel<1> for Silu {
    const NAME: &'static str = "silu";

    fn arguments(&self) -> [Shape; 1] {
        [self.shape.clone()]
    }

    fn result(&self) -> Shape {
        self.shape.clone()
    }

    fn forward<T: Real>(&self, [x]: [&[T]; 1]) -> Vec<T> {
        each(x, x, |x, _| x * sigmoid(x))
    }

    fn backward<T: Real>(
        &self,
        [x]: [&[T]; 1],
        grad: &[T],
        _: [bool; 1],
    ) -> [Gradient<T>; 1] {
        [Gradient::New(each(x, grad, |x, g| g * silu_slope(x)))]
    }

    fn composed(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
        x.silu()
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
            let x = draw.tensor(&shape);
            assert_same_op(&[x], |[x]| silu(x), |[x]| x.silu());
        });
    }
}
