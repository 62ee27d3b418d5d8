//! The product of two matrices.
//!
//! `y = a b`. Backward, with `G` the gradient of `y`: `∂a = G bᵀ` and
//! `∂b = aᵀ G`.
//!
//! candle's own product asks the operating system for the number of cores each
//! time, and splits even small products over them. This one runs on the calling
//! thread, unless it is large.

use crate::apply::Apply;
use crate::gemm::{Matrix, add_product};
use crate::op::{Gradient, Op};
use crate::parallel::fill_chunks;
use crate::simd::Float;
use candle_core::{Result, Shape, Tensor};

/// Returns the product of `a` `(N, K)` and `b` `(K, M)`: `(N, M)`. If `b` is a
/// transposed view, it is used as it is, without a copy.
///
/// # Errors
/// If shapes or types do not match, or a tensor is empty.
///
/// ```
/// use candle_core::{Device, Tensor};
/// let a = Tensor::new(&[[1_f32, 2.0], [3.0, 4.0]], &Device::Cpu)?;
/// let b = Tensor::new(&[[1_f32], [10.0]], &Device::Cpu)?;
/// let y = candle_fused::matmul(&a, &b)?;
/// assert_eq!(y.to_vec2::<f32>()?, [[21.0], [43.0]]);
/// # Ok::<(), candle_core::Error>(())
/// ```
pub fn matmul(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let ((rows, inner), (_, columns)) = (a.dims2()?, b.dims2()?);
    let transposed = !b.is_contiguous() && b.t()?.is_contiguous();
    let op = MatMul { rows, inner, columns, transposed };
    if transposed { op.apply([a, &b.t()?]) } else { op.apply([a, b]) }
}

/// Rows that one thread computes at a time.
pub(super) const CHUNK: usize = 256;

struct MatMul {
    rows: usize,
    inner: usize,
    columns: usize,
    /// True if the second input is `bᵀ`.
    transposed: bool,
}

impl MatMul {
    fn b<'a, T>(&self, b: &'a [T]) -> Matrix<'a, T> {
        if self.transposed {
            Matrix::new(b, self.columns, self.inner).t()
        } else {
            Matrix::new(b, self.inner, self.columns)
        }
    }
}

/// Returns `a b`, with the rows of `a` `(rows, inner)` split over threads;
/// `columns` is the number of columns of `b`.
pub(super) fn product<T: Float>(
    a: &[T],
    inner: usize,
    b: Matrix<T>,
    columns: usize,
) -> Vec<T> {
    let len = a.len() / inner * columns;
    let (y, _) = fill_chunks(len, CHUNK * columns, |index, y| {
        let rows = y.len() / columns;
        let a = &a[index * CHUNK * inner..][..rows * inner];
        add_product(y, Matrix::new(a, rows, inner), b);
    });
    y
}

impl Op<2> for MatMul {
    const NAME: &'static str = "matmul";
    const INPUTS: [&'static str; 2] = ["a", "b"];

    fn input_shapes(&self) -> [Shape; 2] {
        let b = if self.transposed {
            (self.columns, self.inner)
        } else {
            (self.inner, self.columns)
        };
        [(self.rows, self.inner).into(), b.into()]
    }

    fn output_shape(&self) -> Shape {
        (self.rows, self.columns).into()
    }

    fn flops(&self) -> f64 {
        2.0 * (self.rows * self.inner * self.columns) as f64
    }

    fn forward<T: Float>(&self, [a, b]: [&[T]; 2]) -> Vec<T> {
        product(a, self.inner, self.b(b), self.columns)
    }

    fn backward<T: Float>(
        &self,
        [a, b]: [&[T]; 2],
        grad: &[T],
        needed: [bool; 2],
    ) -> [Gradient<T>; 2] {
        let grad_a = || {
            let b = self.b(b).t();
            Gradient::New(product(grad, self.columns, b, self.inner))
        };
        let grad_b = || {
            let mut grad_b = vec![T::zero(); b.len()];
            let a = Matrix::new(a, self.rows, self.inner);
            let grad = Matrix::new(grad, self.rows, self.columns);
            if self.transposed {
                add_product(&mut grad_b, grad.t(), a);
            } else {
                add_product(&mut grad_b, a.t(), grad);
            }
            Gradient::New(grad_b)
        };
        [
            if needed[0] { grad_a() } else { Gradient::None },
            if needed[1] { grad_b() } else { Gradient::None },
        ]
    }

    fn reference(&self, [a, b]: [&Tensor; 2]) -> Result<Tensor> {
        if self.transposed { a.matmul(&b.t()?) } else { a.matmul(b) }
    }

    fn reference_backward(
        &self,
        [a, b]: [&Tensor; 2],
        grad: &Tensor,
        _: [bool; 2],
    ) -> Result<[Option<Tensor>; 2]> {
        let (grad_a, grad_b) = if self.transposed {
            (grad.matmul(b)?, grad.t()?.matmul(a)?)
        } else {
            (grad.matmul(&b.t()?)?, a.t()?.matmul(grad)?)
        };
        Ok([Some(grad_a), Some(grad_b)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_matches_reference, check};

    #[test]
    fn matmul_matches_its_reference() {
        check(|(rows, inner, columns): (Size<9>, Size<9>, Size<9>), seed| {
            let [rows, inner, columns] = [rows.0, inner.0, columns.0];
            let mut random = Random::new(seed);
            let inputs =
                [random.tensor((rows, inner)), random.tensor((inner, columns))];
            let mut op = MatMul { rows, inner, columns, transposed: false };
            assert_matches_reference(&op, &inputs, |[a, b]| matmul(a, b));

            let inputs =
                [random.tensor((rows, inner)), random.tensor((columns, inner))];
            op.transposed = true;
            assert_matches_reference(&op, &inputs, |[a, b]| matmul(a, &b.t()?));
        });
    }

    #[test]
    fn matmul_refuses_shapes_that_do_not_match() {
        let mut random = Random::new(0);
        let (a, b) = (random.tensor((2, 3)), random.tensor((4, 5)));
        let error = matmul(&a, &b).unwrap_err().to_string();
        assert!(error.contains("b must have shape [3, 5]"), "{error}");
    }
}
