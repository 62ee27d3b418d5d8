//! Linear layers.
//!
//! `y = x Wᵀ + b`, for each row of `x`. Backward, with `G` the gradient of `y`:
//!
//! - `∂x = G W`,
//! - `∂W = Gᵀ x`,
//! - `∂b` is the sum of the rows of `G`.
//!
//! candle's own products are slow for small matrices: before each product it
//! asks the operating system for the number of cores, and then splits the
//! product over them.

use super::bias::sum_rows;
use super::matmul::{CHUNK, product};
use crate::apply::Apply;
use crate::gemm::{Matrix, add_product};
use crate::op::{Gradient, Op};
use crate::parallel::fill_chunks;
use crate::simd::Float;
use candle_core::{Result, Shape, Tensor};

/// Returns `x Wᵀ + b` for `x` `(B, I)`, `weight` `(O, I)` and `bias` `(O)`:
/// `(B, O)`.
///
/// # Errors
/// If shapes or types do not match, or a tensor is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use candle_fused::linear;
///
/// let x = Tensor::new(&[[1_f32, 2.0]], &Device::Cpu)?;
/// let weight = Tensor::new(&[[3_f32, 4.0], [5.0, 6.0]], &Device::Cpu)?;
/// let bias = Tensor::new(&[0_f32, 100.0], &Device::Cpu)?;
/// let y = linear(&x, &weight, &bias)?;
/// assert_eq!(y.to_vec2::<f32>()?, [[11.0, 117.0]]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
    let ((rows, _), (outputs, inputs)) = (x.dims2()?, weight.dims2()?);
    Linear { rows, inputs, outputs }.apply([x, weight, bias])
}

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

impl Op<3> for Linear {
    const NAME: &'static str = "linear";
    const INPUTS: [&'static str; 3] = ["x", "weight", "bias"];

    fn input_shapes(&self) -> [Shape; 3] {
        [
            (self.rows, self.inputs).into(),
            (self.outputs, self.inputs).into(),
            self.outputs.into(),
        ]
    }

    fn output_shape(&self) -> Shape {
        (self.rows, self.outputs).into()
    }

    fn describe(&self) -> String {
        format!("linear {} → {}", self.inputs, self.outputs)
    }

    fn flops(&self) -> f64 {
        2.0 * (self.rows * self.inputs * self.outputs) as f64
    }

    fn forward<T: Float>(&self, [x, weight, bias]: [&[T]; 3]) -> Vec<T> {
        let len = self.rows * self.outputs;
        let (y, _) = fill_chunks(len, CHUNK * self.outputs, |index, y| {
            let rows = y.len() / self.outputs;
            let rows_of_y = y.chunks_exact_mut(self.outputs);
            rows_of_y.for_each(|row| row.copy_from_slice(bias));
            let x = &x[index * CHUNK * self.inputs..][..rows * self.inputs];
            let x = Matrix::new(x, rows, self.inputs);
            add_product(y, x, self.weight(weight).t());
        });
        y
    }

    fn backward<T: Float>(
        &self,
        [x, weight, _]: [&[T]; 3],
        grad: &[T],
        needed: [bool; 3],
    ) -> [Gradient<T>; 3] {
        let grad_x = || {
            let weight = self.weight(weight);
            Gradient::New(product(grad, self.outputs, weight, self.inputs))
        };
        let mut grad_weight = vec![T::zero(); weight.len()];
        let dy = Matrix::new(grad, self.rows, self.outputs);
        let inputs = Matrix::new(x, self.rows, self.inputs);
        add_product(&mut grad_weight, dy.t(), inputs);
        let grad_bias = sum_rows(grad, self.outputs);
        let grad_x = if needed[0] { grad_x() } else { Gradient::None };
        [grad_x, Gradient::New(grad_weight), Gradient::New(grad_bias)]
    }

    fn reference(&self, [x, weight, bias]: [&Tensor; 3]) -> Result<Tensor> {
        x.matmul(&weight.t()?)?.broadcast_add(bias)
    }

    fn reference_backward(
        &self,
        [x, weight, _]: [&Tensor; 3],
        grad: &Tensor,
        needed: [bool; 3],
    ) -> Result<[Option<Tensor>; 3]> {
        let grad_x = needed[0].then(|| grad.matmul(weight)).transpose()?;
        Ok([grad_x, Some(grad.t()?.matmul(x)?), Some(grad.sum(0)?)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn linear_matches_its_reference() {
        check(|(rows, inputs, outputs): (Size<9>, Size<9>, Size<9>), seed| {
            let [rows, inputs, outputs] = [rows.0, inputs.0, outputs.0];
            let mut random = Random::new(seed);
            let tensors = [
                random.tensor((rows, inputs)),
                random.tensor((outputs, inputs)),
                random.tensor(outputs),
            ];
            let op = Linear { rows, inputs, outputs };
            assert_matches_reference(&op, &tensors, |[x, w, b]| {
                linear(x, w, b)
            });
        });
    }

    #[test]
    fn linear_refuses_shapes_that_do_not_match() {
        let mut random = Random::new(0);
        let (x, weight) = (random.tensor((2, 3)), random.tensor((4, 3)));
        let error = linear(&x, &weight, &random.tensor(3)).unwrap_err();
        let expected = "linear: bias must have shape [4], got [3]";
        assert!(error.to_string().contains(expected), "{error}");
        assert!(linear(&x, &weight.t().unwrap(), &random.tensor(3)).is_err());
        assert!(linear(&random.tensor(3), &weight, &x).is_err());
    }
}
