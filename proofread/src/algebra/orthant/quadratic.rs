//! The sign of a polynomial of degree 2, from the pivots of its matrix.

use super::Terms;
use crate::value::{Q, whole};
use num_traits::{Signed, Zero};

/// Returns whether a polynomial of degree 2 is positive everywhere, or, unless
/// `strictly`, never negative. The matrix treats the constant as the square of
/// one more variable.
pub(super) fn quadratic_is_positive(terms: &Terms, strictly: bool) -> bool {
    let degree = |e: &[u32]| e.iter().sum::<u32>();
    let Some(n) = terms.keys().next().map(Vec::len) else { return false };
    if terms.keys().any(|e| degree(e) > 2) {
        return false;
    }
    let mut matrix = vec![vec![Q::zero(); n + 1]; n + 1];
    for (exponents, coefficient) in terms {
        let mut places = vec![];
        for (i, e) in exponents.iter().enumerate() {
            for _ in 0..*e {
                places.push(i);
            }
        }
        places.resize(2, n);
        let (i, j) = (places[0], places[1]);
        if i == j {
            matrix[i][i] += coefficient;
        } else {
            matrix[i][j] += coefficient / whole(2);
            matrix[j][i] += coefficient / whole(2);
        }
    }
    for k in 0..=n {
        let pivot = matrix[k][k].clone();
        if pivot.is_negative() {
            return false;
        }
        if pivot.is_zero() {
            let rest = (k + 1..=n).all(|j| matrix[k][j].is_zero());
            if !rest || strictly && k == n {
                return false;
            }
            continue;
        }
        for i in k + 1..=n {
            for j in k + 1..=n {
                let less = &matrix[i][k] * &matrix[k][j] / &pivot;
                matrix[i][j] -= less;
            }
        }
    }
    true
}
