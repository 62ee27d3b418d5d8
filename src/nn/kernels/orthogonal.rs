//! The orthogonal matrix nearest to one, by a few matrix products.
//!
//! With `M = U S Vᵀ` it is `U Vᵀ`, and is found without `U` and `V`: for an odd
//! polynomial `p(s) = a s + b s³ + c s⁵`,
//!
//! ```text
//! U p(S) Vᵀ = a X + b (X Xᵀ) X + c (X Xᵀ)² X    at X = U S Vᵀ,
//! ```
//!
//! and a few turns of a `p` that drives every `s` in (0, 1] to the
//! neighbourhood of 1 bring `X = M / ‖M‖` to that of `U Vᵀ`: not 1 exactly, but
//! between 0.65 and 1.25 unless `s` was tiny, which serves as well and takes
//! five turns.
//!
//! Source: Jordan et al. 2024, with their polynomial; before it, Newton's and
//! Schulz's iteration for the inverse of a matrix.

use super::Real;
use super::gemm::{Matrix, add_product};
use super::op::with_slices;
use super::value::has_kernels;
use candle_core::{DType, Device, Result, Tensor};

/// `a`, `b` and `c`.
const POLYNOMIAL: [f64; 3] = [3.4445, -4.7750, 2.0315];
const TURNS: usize = 5;
/// What a matrix of zeros is divided by.
const TINY: f64 = 1e-30;

/// Near `U Vᵀ` of a matrix; of one that is all zero, itself. On the CPU it is
/// computed on the calling thread: candle asks the system for the number of
/// its processors before every product, which takes longer than the product.
///
/// # Errors
/// If it is no matrix, or the device fails.
pub(crate) fn orthogonal(m: &Tensor) -> Result<Tensor> {
    let (rows, columns) = m.dims2()?;
    if rows > columns {
        return orthogonal(&m.t()?.contiguous()?)?.t()?.contiguous();
    }
    if !has_kernels(m) {
        return composed(m);
    }
    if m.dtype() == DType::F64 {
        of_numbers::<f64>(m, (rows, columns))
    } else {
        of_numbers::<f32>(m, (rows, columns))
    }
}

fn of_numbers<T: Real>(m: &Tensor, shape: (usize, usize)) -> Result<Tensor> {
    let m = m.contiguous()?;
    let x = with_slices([&m], |[m]: [&[T]; 1]| wide(m, shape))?;
    Tensor::from_vec(x, shape, &Device::Cpu)
}

/// The same for numbers of a matrix with no more rows than columns.
fn wide<T: Real>(m: &[T], (rows, columns): (usize, usize)) -> Vec<T> {
    let [a, b, c] = POLYNOMIAL.map(T::from_f64);
    let square_sum = m.iter().fold(T::zero(), |sum, &x| sum + x * x);
    let norm = square_sum.sqrt() + T::from_f64(TINY);
    let mut x: Vec<T> = m.iter().map(|&x| x / norm).collect();
    for _ in 0..TURNS {
        let matrix = Matrix::new(&x, rows, columns);
        let mut square = vec![T::zero(); rows * rows]; // X Xᵀ
        add_product(&mut square, matrix, matrix.t());
        let matrix = Matrix::new(&square, rows, rows);
        let mut factor = vec![T::zero(); rows * rows]; // (X Xᵀ)²
        add_product(&mut factor, matrix, matrix);
        for (factor, &square) in factor.iter_mut().zip(&square) {
            *factor = b * square + c * *factor;
        }
        let mut next: Vec<T> = x.iter().map(|&x| a * x).collect();
        let factor = Matrix::new(&factor, rows, rows);
        add_product(&mut next, factor, Matrix::new(&x, rows, columns));
        x = next;
    }
    x
}

/// The same from candle's operations, on any device.
fn composed(m: &Tensor) -> Result<Tensor> {
    let [a, b, c] = POLYNOMIAL;
    let norm = (m.sqr()?.sum_all()?.sqrt()? + TINY)?;
    let mut x = m.broadcast_div(&norm)?;
    for _ in 0..TURNS {
        let square = x.matmul(&x.t()?)?;
        let factor = ((&square * b)? + (square.matmul(&square)? * c)?)?;
        x = ((&x * a)? + factor.matmul(&x)?)?;
    }
    Ok(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{Draws, assert_close};
    use crate::testing::check;

    /// A matrix with orthonormal rows: Gram and Schmidt, row by row.
    fn orthonormal(draw: &mut Draws, rows: usize, columns: usize) -> Tensor {
        let mut basis: Vec<Tensor> = vec![];
        while basis.len() < rows {
            let mut row = draw.tensor(&[1, columns]);
            for other in &basis {
                let along = row.matmul(&other.t().unwrap()).unwrap();
                row = (&row - along.matmul(other).unwrap()).unwrap();
            }
            let norm = row.sqr().unwrap().sum_all().unwrap().sqrt().unwrap();
            basis.push(row.broadcast_div(&norm).unwrap());
        }
        Tensor::cat(&basis, 0).unwrap()
    }

    /// `U S Vᵀ` becomes `U p(…p(S)…) Vᵀ`: the directions stay, and lengths that
    /// differ by a factor of 20 come near to 1.
    #[test]
    fn every_direction_gets_the_same_length() {
        check(|seed| {
            let mut draw = Draws::new(seed);
            let (rows, columns) = (1 + draw.below(6), 6 + draw.below(6));
            let u = orthonormal(&mut draw, rows, rows);
            let v = orthonormal(&mut draw, rows, columns);
            let lengths: Vec<f64> = (0..rows)
                .map(|_| 1.0 + 19.0 * draw.below(100) as f64 / 100.0)
                .collect();
            let s = Tensor::from_vec(lengths, (rows, 1), &Device::Cpu).unwrap();
            let m = u.matmul(&v.broadcast_mul(&s).unwrap()).unwrap();

            let o = orthogonal(&m).unwrap();
            // Uᵀ O V is diagonal, and its diagonal near 1.
            let turned = u.t().unwrap().matmul(&o).unwrap();
            let turned = turned.matmul(&v.t().unwrap()).unwrap();
            let turned = turned.to_vec2::<f64>().unwrap();
            for (i, row) in turned.iter().enumerate() {
                for (j, &x) in row.iter().enumerate() {
                    let near = if i == j { 0.65..1.25 } else { -1e-9..1e-9 };
                    assert!(near.contains(&x), "{x} at {i}, {j}");
                }
            }
            // A tall matrix is a wide one on its side.
            let tall = orthogonal(&m.t().unwrap()).unwrap();
            assert_close(&tall, &o.t().unwrap(), 1e-12);
            // candle computes the same.
            assert_close(&o, &composed(&m).unwrap(), 1e-10);
        });
    }
}
