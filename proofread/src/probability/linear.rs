//! The little linear algebra that Gaussians need.

use crate::value::{Number, Real, Trouble};

/// The lower triangular root of a positive matrix.
pub(super) fn cholesky(
    matrix: &[Vec<Real>],
) -> Result<Vec<Vec<Real>>, Trouble> {
    let n = matrix.len();
    let mut root = vec![vec![Real::whole(0); n]; n];
    for i in 0..n {
        for j in 0..=i {
            let mut rest = matrix[i][j].clone();
            for (a, b) in root[i].iter().zip(&root[j]).take(j) {
                rest = rest.sub(&a.mul(b));
            }
            root[i][j] = if i == j {
                if !rest.passes_for_positive() {
                    let why = "a variance that is not positive";
                    return Err(Trouble::Undefined(why));
                }
                rest.sqrt()?
            } else {
                rest.div(&root[j][j])?
            };
        }
    }
    Ok(root)
}

/// `root⁻¹ b`, by forward substitution.
pub(super) fn solve_lower(
    root: &[Vec<Real>],
    b: &[Real],
) -> Result<Vec<Real>, Trouble> {
    let mut y: Vec<Real> = vec![];
    for (row, value) in root.iter().zip(b) {
        let known = row.iter().zip(&y).map(|(r, y)| r.mul(y));
        let rest = known.fold(value.clone(), |rest, x| rest.sub(&x));
        y.push(rest.div(&row[y.len()])?);
    }
    Ok(y)
}

/// `root⁻ᵀ b`, by backward substitution.
pub(super) fn solve_upper(
    root: &[Vec<Real>],
    b: &[Real],
) -> Result<Vec<Real>, Trouble> {
    let n = b.len();
    let mut y = vec![Real::whole(0); n];
    for i in (0..n).rev() {
        let mut rest = b[i].clone();
        for k in i + 1..n {
            rest = rest.sub(&root[k][i].mul(&y[k]));
        }
        y[i] = rest.div(&root[i][i])?;
    }
    Ok(y)
}
