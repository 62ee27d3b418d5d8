//! Muon: steps that are as long in every direction.
//!
//! The gradient `G` of a hidden matrix is nearly of low rank: a few directions
//! drown all others, and Adam, which looks at each number alone, does not see
//! it. With the decomposition `M = U S Vᵀ` of a running mean `M` of `G`, Muon
//! steps along
//!
//! ```text
//! O = U Vᵀ,
//! ```
//!
//! the orthogonal matrix nearest to `M`: each direction that the gradient has
//! at all gets the same length. `O` is found without `U` and `V`. For an odd
//! polynomial `p(s) = a s + b s³ + c s⁵`,
//!
//! ```text
//! U p(S) Vᵀ = a X + b (X Xᵀ) X + c (X Xᵀ)² X    at X = U S Vᵀ,
//! ```
//!
//! and a few turns of a `p` that drives every `s` in (0, 1] to the
//! neighbourhood of 1 bring `X = M / ‖M‖` to that of `O`: not 1 exactly, but
//! between 0.65 and 1.25, which serves as well and takes five turns.
//!
//! The weight of a convolution is a matrix with a row an output and a column
//! an input and tap. What meets the pixels themselves (the first and the last
//! layer), vectors, and the few that tell the time stay with Adam.
//!
//! Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural
//! networks", with its polynomial.

use candle_core::{Result, Tensor, Var};

/// What `M` keeps of itself.
pub(super) const MOMENTUM: f64 = 0.95;

/// `a`, `b` and `c`.
const POLYNOMIAL: [f64; 3] = [3.4445, -4.7750, 2.0315];
const TURNS: usize = 5;
/// What a matrix of zeros is divided by.
const TINY: f64 = 1e-30;

/// Fewer channels than this are colours, not hidden.
const HIDDEN: usize = 4;

/// Whether Muon moves this parameter: a convolution between hidden layers.
pub(super) fn moves(var: &Var) -> bool {
    matches!(*var.dims(), [out, of, _, _] if out.min(of) >= HIDDEN)
}

/// The direction of a step, given the mean `m` with gradient `g` in it already,
/// of the same shape `(C_out, C_in, k, k)`: `O √max(1, rows/columns)`, so that
/// the step changes outputs as much whatever the shape.
///
/// It looks ahead, as Nesterov's momentum does: `O` is that of the mean as it
/// will be if the next gradient is the same.
pub(super) fn direction(m: &Tensor, g: &Tensor) -> Result<Tensor> {
    let ahead = ((m * MOMENTUM)? + (g * (1.0 - MOMENTUM))?)?;
    let matrix = ahead.flatten_from(1)?; // (rows, columns)
    let (rows, columns) = matrix.dims2()?;
    let scale = (rows as f64 / columns as f64).max(1.0).sqrt();
    (orthogonal(&matrix)? * scale)?.reshape(m.shape())
}

/// Near the orthogonal matrix nearest to `m`; a matrix of zeros stays one.
fn orthogonal(m: &Tensor) -> Result<Tensor> {
    let (rows, columns) = m.dims2()?;
    if rows > columns {
        return orthogonal(&m.t()?.contiguous()?)?.t()?.contiguous();
    }
    let [a, b, c] = POLYNOMIAL;
    let norm = (m.sqr()?.sum_all()?.sqrt()? + TINY)?;
    let mut x = m.broadcast_div(&norm)?;
    for _ in 0..TURNS {
        let square = x.matmul(&x.t()?)?; // X Xᵀ
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
    use candle_core::{DType, Device};

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
        });
    }

    #[test]
    fn no_gradient_is_no_step() {
        let zero = Tensor::zeros((4, 5, 3, 3), DType::F32, &Device::Cpu);
        let zero = zero.unwrap();
        assert_close(&direction(&zero, &zero).unwrap(), &zero, 0.0);
    }

    #[test]
    fn the_first_and_last_layers_are_not_hidden() {
        let moved = |shape: &[usize]| {
            let zero = Tensor::zeros(shape, DType::F32, &Device::Cpu);
            moves(&Var::from_tensor(&zero.unwrap()).unwrap())
        };
        assert!(moved(&[16, 32, 3, 3]) && moved(&[32, 16, 1, 1]));
        assert!(!moved(&[16, 1, 3, 3]) && !moved(&[3, 16, 3, 3]));
        assert!(!moved(&[16]) && !moved(&[16, 64]));
    }
}
