//! The sign of a quadratic form in vectors, such as `‖a + 2 b‖²` multiplied
//! out.

use super::certificate::Vector;
use super::monomial::Exponent;
use super::poly::Poly;
use super::ring::{Algebra, Kind};
use crate::value::{Q, Signs, rational_root, whole};
use num_traits::{Signed, Zero};
use std::collections::BTreeSet;

/// The largest number of vectors.
const VECTORS: usize = 12;

impl Algebra {
    /// Returns the signs of a sum of inner products with numbers as
    /// coefficients, from the pivots of the coefficient matrix.
    pub(super) fn signs_of_squares(&self, poly: &Poly) -> Option<Signs> {
        let (_, matrix) = self.matrix(poly)?;
        let minus = |row: &Vec<Q>| row.iter().map(|x| -x).collect();
        let negated: Vec<Vec<Q>> = matrix.iter().map(minus).collect();
        if has_no_negative_pivot(matrix) {
            Some(Signs::NOT_NEGATIVE)
        } else if has_no_negative_pivot(negated) {
            Some(Signs::NOT_POSITIVE)
        } else {
            None
        }
    }

    /// Returns the combination of vectors whose inner product with itself is
    /// the polynomial.
    pub(super) fn vector_of_square(&self, poly: &Poly) -> Option<Vector> {
        let (vectors, matrix) = self.matrix(poly)?;
        let first = (0..vectors.len()).find(|i| !matrix[*i][*i].is_zero())?;
        let root = rational_root(&matrix[first][first])?;
        let weights: Vec<Q> =
            matrix[first].iter().map(|entry| entry / &root).collect();
        for (i, row) in matrix.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                if *entry != &weights[i] * &weights[j] {
                    return None;
                }
            }
        }
        Some(vectors.into_iter().zip(weights).collect())
    }

    /// Returns the vectors of a sum of inner products, and the matrix of its
    /// coefficients.
    fn matrix(&self, poly: &Poly) -> Option<(Vec<u32>, Vec<Vec<Q>>)> {
        let mut entries = vec![];
        let mut vectors = BTreeSet::new();
        for (monomial, coefficient) in poly.terms() {
            let mut all = monomial.iter();
            let (Some((of, exponent)), None) = (all.next(), all.next()) else {
                return None;
            };
            let Kind::Inner(a, b) = self.generator(of).kind else {
                return None;
            };
            if exponent != Exponent::ONE {
                return None;
            }
            vectors.extend([a, b]);
            entries.push((a, b, coefficient.clone()));
        }
        if vectors.is_empty() || vectors.len() > VECTORS {
            return None;
        }
        let vectors: Vec<u32> = vectors.into_iter().collect();
        let place = |v: u32| vectors.iter().position(|known| *known == v);
        let mut matrix = vec![vec![Q::zero(); vectors.len()]; vectors.len()];
        for (a, b, coefficient) in entries {
            let (i, j) = (place(a)?, place(b)?);
            let half = coefficient / whole(2);
            matrix[i][j] += half.clone();
            matrix[j][i] += half;
        }
        Some((vectors, matrix))
    }
}

/// Returns whether a symmetric matrix is positive semidefinite.
fn has_no_negative_pivot(mut matrix: Vec<Vec<Q>>) -> bool {
    let n = matrix.len();
    crate::work::spend(n * n * n);
    for k in 0..n {
        let pivot = matrix[k][k].clone();
        if pivot.is_negative() {
            return false;
        }
        if pivot.is_zero() {
            if (k + 1..n).any(|j| !matrix[k][j].is_zero()) {
                return false;
            }
            continue;
        }
        for i in k + 1..n {
            for j in k + 1..n {
                let less = &matrix[i][k] * &matrix[k][j] / &pivot;
                matrix[i][j] -= less;
            }
        }
    }
    true
}
