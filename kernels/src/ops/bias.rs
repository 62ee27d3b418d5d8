//! A bias added to every row.
//!
//! `y_{ij} = x_{ij} + b_j`. Backward, with `G` the gradient of `y`: `∂x = G`, and
//! `∂b` is the sum of the rows of `G`.

use crate::apply::Apply;
use crate::op::{Gradient, Op};
use crate::parallel::fill_chunks;
use crate::simd::Float;
use candle_core::{Result, Shape, Tensor};

/// Returns `x` `(rows, columns)` plus `bias` `(columns)`.
///
/// # Errors
/// If shapes or types do not match, or a tensor is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let x = Tensor::new(&[[1_f32, 2.0], [3.0, 4.0]], &Device::Cpu)?;
/// let bias = Tensor::new(&[10_f32, 20.0], &Device::Cpu)?;
/// let y = candle_fused::add_bias(&x, &bias)?;
/// assert_eq!(y.to_vec2::<f32>()?, [[11.0, 22.0], [13.0, 24.0]]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn add_bias(x: &Tensor, bias: &Tensor) -> Result<Tensor> {
    let (rows, columns) = x.dims2()?;
    AddBias { rows, columns }.apply([x, bias])
}

/// Returns the sum of all rows.
pub(super) fn sum_rows<T: Float>(rows: &[T], columns: usize) -> Vec<T> {
    let mut sums = vec![T::zero(); columns];
    for row in rows.chunks_exact(columns) {
        sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += x);
    }
    sums
}

struct AddBias {
    rows: usize,
    columns: usize,
}

impl Op<2> for AddBias {
    const NAME: &'static str = "add_bias";
    const INPUTS: [&'static str; 2] = ["x", "bias"];

    fn input_shapes(&self) -> [Shape; 2] {
        [self.output_shape(), self.columns.into()]
    }

    fn output_shape(&self) -> Shape {
        (self.rows, self.columns).into()
    }

    fn forward<T: Float>(&self, [x, bias]: [&[T]; 2]) -> Vec<T> {
        let (y, _) = fill_chunks(x.len(), self.columns, |row, y| {
            let x = &x[row * self.columns..];
            for (y, (&x, &b)) in y.iter_mut().zip(x.iter().zip(bias)) {
                *y = x + b;
            }
        });
        y
    }

    fn backward<T: Float>(
        &self,
        _: [&[T]; 2],
        grad: &[T],
        _: [bool; 2],
    ) -> [Gradient<T>; 2] {
        [Gradient::Same, Gradient::New(sum_rows(grad, self.columns))]
    }

    fn reference(&self, [x, bias]: [&Tensor; 2]) -> Result<Tensor> {
        x.broadcast_add(bias)
    }

    fn reference_backward(
        &self,
        _: [&Tensor; 2],
        grad: &Tensor,
        _: [bool; 2],
    ) -> Result<[Option<Tensor>; 2]> {
        Ok([Some(grad.clone()), Some(grad.sum(0)?)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn add_bias_matches_its_reference() {
        check(|(rows, columns): (Size<5>, Size<9>), seed| {
            let (rows, columns) = (rows.0, columns.0);
            let mut random = Random::new(seed);
            let inputs =
                [random.tensor((rows, columns)), random.tensor(columns)];
            let op = AddBias { rows, columns };
            assert_matches_reference(&op, &inputs, |[x, b]| add_bias(x, b));
        });
    }
}
