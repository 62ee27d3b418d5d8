//! Orthogonalisation of a matrix by the Newton–Schulz iteration.
//!
//! A matrix `M = U Σ Vᵀ` becomes about `U Vᵀ`, without a singular value
//! decomposition. Let `X = M / ‖M‖ = U S Vᵀ`, so that its singular values `s` lie in
//! [0, 1]. For an odd polynomial `p(s) = a s + b s³ + c s⁵`,
//!
//! ```text
//! U p(S) Vᵀ = a X + (b X Xᵀ + c (X Xᵀ)²) X.
//! ```
//!
//! The iteration replaces `X` by this a few times. The polynomial of the source
//! brings every `s` between 0.65 and 1.25 in five iterations, unless it was tiny.
//! That is as good for Muon as exactly 1.
//!
//! `X` itself is not needed before the end. Let `S = X Xᵀ`, a small square matrix.
//! An iteration multiplies `X` from the left by `F = a I + b S + c S²`, and so
//! replaces `S` by `F S F`. The code collects the product `P` of all `F`, and
//! returns `P X`. For a convolution of 64 to 64 channels this takes a third of the
//! multiplications.
//!
//! Source of the polynomial: Jordan et al. 2024.

use crate::{linear_combination, matmul};
use candle_core::{Result, Tensor};

/// `a`, `b` and `c`.
const POLYNOMIAL: [f64; 3] = [3.4445, -4.7750, 2.0315];
const STEPS: usize = 5;
/// Keeps the division finite if the matrix is zero.
const EPS: f64 = 1e-30;

/// Returns about `U Vᵀ` of the matrix `m` `(rows, columns)`; of a zero matrix,
/// zero.
pub(crate) fn newton_schulz(m: &Tensor) -> Result<Tensor> {
    let (rows, columns) = m.dims2()?;
    if rows > columns {
        return newton_schulz(&m.t()?.contiguous()?)?.t()?.contiguous();
    }
    let [a, b, c] = POLYNOMIAL;
    let norm = (m.sqr()?.sum_all()?.sqrt()? + EPS)?;
    let x = m.broadcast_div(&norm)?; // (rows, columns)
    let identity = Tensor::eye(rows, m.dtype(), m.device())?;
    let factor = |s: &Tensor| {
        let f = linear_combination(b, s, c, &matmul(s, s)?)?;
        linear_combination(a, &identity, 1.0, &f)
    };
    // These are (rows, rows).
    let mut s = matmul(&x, &x.t()?)?;
    let mut f = factor(&s)?;
    let mut p = f.clone();
    for _ in 1..STEPS {
        s = matmul(&f, &matmul(&s, &f)?)?;
        f = factor(&s)?;
        p = matmul(&f, &p)?;
    }
    matmul(&p, &x) // (rows, columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, Size, assert_close, check};
    use candle_core::Device;

    /// A matrix with orthonormal rows: Gram and Schmidt, row by row.
    fn orthonormal(random: &mut Random, rows: usize, columns: usize) -> Tensor {
        let mut basis: Vec<Tensor> = vec![];
        while basis.len() < rows {
            let mut row = random.tensor((1, columns));
            for other in &basis {
                let along = row.matmul(&other.t().unwrap()).unwrap();
                row = (&row - along.matmul(other).unwrap()).unwrap();
            }
            let norm = row.sqr().unwrap().sum_all().unwrap().sqrt().unwrap();
            basis.push(row.broadcast_div(&norm).unwrap());
        }
        Tensor::cat(&basis, 0).unwrap()
    }

    /// The directions stay, and lengths that differ by a factor of 20 come close
    /// to 1.
    #[test]
    fn newton_schulz_gives_every_direction_about_length_1() {
        check(|(rows, more): (Size<6>, Size<6>), seed| {
            let mut random = Random::new(seed);
            let (rows, columns) = (rows.0, 5 + more.0);
            let u = orthonormal(&mut random, rows, rows);
            let v = orthonormal(&mut random, rows, columns);
            let mut lengths = random.values(rows); // in [-2, 2)
            lengths.iter_mut().for_each(|x| *x = 1.0 + 19.0 * (*x + 2.0) / 4.0);
            let s = Tensor::from_vec(lengths, (rows, 1), &Device::Cpu).unwrap();
            let m = u.matmul(&v.broadcast_mul(&s).unwrap()).unwrap();

            let o = newton_schulz(&m).unwrap();
            // Uᵀ O V is diagonal, with a diagonal close to 1.
            let turned = u.t().unwrap().matmul(&o).unwrap();
            let turned = turned.matmul(&v.t().unwrap()).unwrap();
            let turned = turned.to_vec2::<f64>().unwrap();
            for (i, row) in turned.iter().enumerate() {
                for (j, &x) in row.iter().enumerate() {
                    let near = if i == j { 0.65..1.25 } else { -1e-9..1e-9 };
                    assert!(near.contains(&x), "{x} at {i}, {j}");
                }
            }
            // A tall matrix is handled as its transpose.
            let tall = newton_schulz(&m.t().unwrap()).unwrap();
            assert_close(&tall, &o.t().unwrap(), 1e-12);
        });
    }
}
