//! A sum of two batches, each example with factors of its own: `x_t` of `x_0`
//! and `ε`, at the time of each.
//!
//! `y_i = a_i x_i + b_i z_i`; backward, `∂x_i = a_i G_i` and `∂z_i = b_i G_i`,
//! with `G` the gradient of `y`.

use super::Real;
use super::op::{Gradient, Kernel};
use super::parts::computed;
use super::value::Value;
use candle_core::{Device, Result, Shape, Tensor};

/// `a_i x_i + b_i z_i` of each example `i` of `x` and `z` `(B, …)`, of which
/// `factors` has `(a_i, b_i)`.
///
/// # Errors
/// If the shapes or types differ, there are not `B` factors, or a tensor is
/// empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::math::{Schedule, forward};
/// use ddpm::nn::kernels::noised;
///
/// let schedule = Schedule::from_betas(vec![0.36])?;
/// let factors = [forward::closed_form(schedule.at(1)?)]; // 0.8 and 0.6
/// let x_0 = Tensor::new(&[[1.0]], &Device::Cpu)?;
/// let epsilon = Tensor::new(&[[-1.0]], &Device::Cpu)?;
/// let x_t = noised(&x_0, &epsilon, &factors)?;
/// assert!((x_t.to_vec2::<f64>()?[0][0] - 0.2).abs() < 1e-12);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn noised<V: Value>(x: &V, z: &V, factors: &[(f64, f64)]) -> Result<V> {
    let shape = x.shape().clone();
    if shape.dims().first() != Some(&factors.len()) {
        candle_core::bail!("{} factors for {shape:?}", factors.len())
    }
    V::compute(Noised { shape, factors: factors.to_vec() }, [x, z])
}

struct Noised {
    shape: Shape,
    factors: Vec<(f64, f64)>,
}

impl Noised {
    /// For each example, `f` of its factors and index, to be written.
    fn each<T: Real>(
        &self,
        write: impl Fn((T, T), std::ops::Range<usize>, &mut [T]) + Sync + Send,
    ) -> Vec<T> {
        let count = self.shape.elem_count();
        let size = count / self.factors.len();
        let (y, _) = computed((count, size), |index, y| {
            let (a, b) = self.factors[index];
            let factors = (T::from_f64(a), T::from_f64(b));
            write(factors, index * size..(index + 1) * size, y);
        });
        y
    }
}

impl Kernel<2> for Noised {
    const NAME: &'static str = "noised";

    fn arguments(&self) -> [Shape; 2] {
        [self.shape.clone(), self.shape.clone()]
    }

    fn result(&self) -> Shape {
        self.shape.clone()
    }

    fn forward<T: Real>(&self, [x, z]: [&[T]; 2]) -> Vec<T> {
        self.each(|(a, b), range, y| {
            let pairs = x[range.clone()].iter().zip(&z[range]);
            for (y, (&x, &z)) in y.iter_mut().zip(pairs) {
                *y = a * x + b * z;
            }
        })
    }

    fn backward<T: Real>(
        &self,
        _: [&[T]; 2],
        grad: &[T],
        _: [bool; 2],
    ) -> [Gradient<T>; 2] {
        let scaled = |factor: fn((T, T)) -> T| {
            self.each(move |factors, range, y| {
                let factor = factor(factors);
                for (y, &g) in y.iter_mut().zip(&grad[range]) {
                    *y = factor * g;
                }
            })
        };
        [scaled(|(a, _)| a), scaled(|(_, b)| b)].map(Gradient::New)
    }

    fn composed(&self, [x, z]: [&Tensor; 2]) -> Result<Tensor> {
        let mut shape = vec![1; self.shape.rank()];
        shape[0] = self.factors.len();
        let column = |factor: fn(&(f64, f64)) -> f64| -> Result<Tensor> {
            // Rounded once, here: Metal knows no f64.
            Tensor::from_vec(
                self.factors.iter().map(factor).collect(),
                shape.clone(),
                &Device::Cpu,
            )?
            .to_dtype(x.dtype())?
            .to_device(x.device()) // (B, 1, …)
        };
        let signal = x.broadcast_mul(&column(|f| f.0)?)?;
        signal + z.broadcast_mul(&column(|f| f.1)?)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{Draws, assert_same_op};
    use crate::testing::{check, uniforms};

    #[test]
    fn agrees_with_candle_forward_and_backward() {
        check(|seed| {
            let mut draw = Draws::new(seed);
            let shape: Vec<_> = (0..3).map(|_| 1 + draw.below(5)).collect();
            let arguments = [draw.tensor(&shape), draw.tensor(&shape)];
            let numbers: [f64; 10] = uniforms(seed, -1.0, 1.0);
            let factors: Vec<_> =
                numbers.chunks(2).map(|f| (f[0], f[1])).collect();
            let factors = factors[..shape[0]].to_vec();
            let kernel =
                Noised { shape: shape.into(), factors: factors.clone() };
            assert_same_op(
                &arguments,
                |[x, z]| noised(x, z, &factors),
                |arguments| kernel.composed(arguments),
            );
        });
    }

    #[test]
    fn one_pair_of_factors_for_each_example() {
        let x = Draws::new(0).tensor(&[2, 3]);
        assert!(noised(&x, &x, &[(1.0, 0.0)]).is_err());
    }
}
