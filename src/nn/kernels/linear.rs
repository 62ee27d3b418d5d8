//! Linear layers of vectors.
//!
//! `y = x Wᵀ + b`, for each row of `x`; backward, with `G` the gradient of `y`,
//!
//! - `∂x = G W`, `∂W = Gᵀ x`, and `∂b` is the sum of the rows of `G`.
//!
//! candle has this, too; but each of its matrix products on the CPU asks the
//! system how many cores there are, and then splits over threads a product that
//! is small, in a part of a batch that has a thread of its own.

use super::Real;
use super::gemm::{Matrix, add_product};
use super::op::{Gradient, Kernel};
use super::parts::computed;
use super::value::Value;
use candle_core::{Result, Shape, Tensor};

/// `x Wᵀ + b` of `x` `(B, inputs)`, with `weight` `(outputs, inputs)` and `bias`
/// `(outputs)`: `(B, outputs)`.
///
/// # Errors
/// If shapes or types do not fit one another, or a tensor is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use ddpm::nn::kernels::linear;
///
/// let x = Tensor::new(&[[1_f32, 2.0]], &Device::Cpu)?;
/// let weight = Tensor::new(&[[3_f32, 4.0], [5.0, 6.0]], &Device::Cpu)?;
/// let bias = Tensor::new(&[0_f32, 100.0], &Device::Cpu)?;
/// let y = linear(&x, &weight, &bias)?;
/// assert_eq!(y.to_vec2::<f32>()?, [[11.0, 117.0]]);
/// # Ok::<(), ddpm::Error>(())
/// ```
pub fn linear<V: Value>(x: &V, weight: &V, bias: &V) -> Result<V> {
    let ((rows, _), (outputs, inputs)) =
        (x.shape().dims2()?, weight.shape().dims2()?);
    V::compute(Linear { rows, inputs, outputs }, [x, weight, bias])
}

/// Rows of a product that one thread computes at a time.
const PART: usize = 256;

struct Linear {
    rows: usize,
    inputs: usize,
    outputs: usize,
}

impl Linear {
    fn weight<'a, T>(&self, weight: &'a [T]) -> Matrix<'a, T> {
        Matrix::new(weight, self.outputs, self.inputs)
    }
}

impl Kernel<3> for Linear {
    const NAME: &'static str = "linear";

    fn arguments(&self) -> [Shape; 3] {
        [
            (self.rows, self.inputs).into(),
            (self.outputs, self.inputs).into(),
            self.outputs.into(),
        ]
    }

    fn result(&self) -> Shape {
        (self.rows, self.outputs).into()
    }

    fn describe(&self) -> String {
        format!("linear, {} → {}", self.inputs, self.outputs)
    }

    fn flops(&self) -> f64 {
        2.0 * (self.rows * self.inputs * self.outputs) as f64
    }

    fn forward<T: Real>(&self, [x, weight, bias]: [&[T]; 3]) -> Vec<T> {
        let sizes = (self.rows * self.outputs, PART * self.outputs);
        let (y, _) = computed(sizes, |index, y| {
            let rows = y.len() / self.outputs;
            let rows_of_y = y.chunks_exact_mut(self.outputs);
            rows_of_y.for_each(|row| row.copy_from_slice(bias));
            let x = &x[index * PART * self.inputs..][..rows * self.inputs];
            let x = Matrix::new(x, rows, self.inputs);
            add_product(y, x, self.weight(weight).t());
        });
        y
    }

    fn backward<T: Real>(
        &self,
        [x, weight, _]: [&[T]; 3],
        grad: &[T],
        needed: [bool; 3],
    ) -> [Gradient<T>; 3] {
        let grad_x = needed[0].then(|| {
            let sizes = (x.len(), PART * self.inputs);
            let (grad_x, _) = computed(sizes, |index, grad_x| {
                let rows = grad_x.len() / self.inputs;
                let first = index * PART * self.outputs;
                let grad = &grad[first..][..rows * self.outputs];
                let grad = Matrix::new(grad, rows, self.outputs);
                add_product(grad_x, grad, self.weight(weight));
            });
            grad_x
        });
        let mut grad_weight = vec![T::zero(); weight.len()];
        let x = Matrix::new(x, self.rows, self.inputs);
        let dy = Matrix::new(grad, self.rows, self.outputs);
        add_product(&mut grad_weight, dy.t(), x);
        let mut grad_bias = vec![T::zero(); self.outputs];
        for row in grad.chunks_exact(self.outputs) {
            grad_bias.iter_mut().zip(row).for_each(|(sum, &g)| *sum += g);
        }
        let grad_x = grad_x.map_or(Gradient::None, Gradient::New);
        [grad_x, Gradient::New(grad_weight), Gradient::New(grad_bias)]
    }

    fn composed(&self, [x, weight, bias]: [&Tensor; 3]) -> Result<Tensor> {
        x.matmul(&weight.t()?)?.broadcast_add(bias)
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
            let [rows, inputs, outputs] =
                std::array::from_fn(|_| 1 + draw.below(9));
            let arguments = [
                draw.tensor(&[rows, inputs]),
                draw.tensor(&[outputs, inputs]),
                draw.tensor(&[outputs]),
            ];
            let kernel = || Linear { rows, inputs, outputs };
            assert_same_op(
                &arguments,
                |[x, w, b]| linear(x, w, b),
                |arguments| kernel().composed(arguments),
            );
        });
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let mut draw = Draws::new(0);
        let (x, weight) = (draw.tensor(&[2, 3]), draw.tensor(&[4, 3]));
        assert!(linear(&x, &weight, &draw.tensor(&[3])).is_err());
        assert!(linear(&x, &weight.t().unwrap(), &draw.tensor(&[3])).is_err());
        assert!(linear(&draw.tensor(&[3]), &weight, &x).is_err());
    }
}
