//! Nonnegative solutions of linear equations, by the first phase of the simplex
//! method, in fractions.

use crate::value::{Q, words};
use num_traits::{One, Signed, Zero};

/// The largest number of steps.
const STEPS: usize = 160;
/// The number of steps after which Bland's rule, which never cycles, chooses
/// the pivots.
const QUICK: usize = 60;

/// Returns whether nonnegative weights make the columns add up to zero, with
/// the weights of the marked columns adding up to one.
///
/// A column is a list of rows with entries. A search that takes too many steps
/// returns false.
pub(super) fn add_up_to_zero(
    columns: &[(Vec<(usize, Q)>, bool)],
    rows: usize,
) -> bool {
    let width = columns.len();
    let mut table = vec![vec![Q::zero(); width + 1]; rows + 1];
    for (j, (entries, marked)) in columns.iter().enumerate() {
        for (row, entry) in entries {
            table[*row][j] += entry;
        }
        if *marked {
            table[rows][j] = Q::one();
        }
    }
    table[rows][width] = Q::one();
    // At first every row has an artificial variable, which has to become zero.
    let mut basis: Vec<Option<usize>> = vec![None; rows + 1];
    for step in 0..STEPS {
        if feasible(&table, &basis, width) {
            return true;
        }
        let Some(enters) = entering(&table, &basis, width, step >= QUICK)
        else {
            return false;
        };
        let Some(leaves) = leaving(&table, &basis, enters, width) else {
            return false;
        };
        if crate::work::is_spent() {
            return false;
        }
        pivot(&mut table, leaves, enters);
        basis[leaves] = Some(enters);
    }
    false
}

/// Returns whether all artificial variables are zero.
fn feasible(table: &[Vec<Q>], basis: &[Option<usize>], width: usize) -> bool {
    let own = table.iter().zip(basis).filter(|(_, b)| b.is_none());
    own.into_iter().all(|(row, _)| row[width].is_zero())
}

/// Returns a column that makes the artificial variables smaller: the best one,
/// or the first one if `first` is true.
fn entering(
    table: &[Vec<Q>],
    basis: &[Option<usize>],
    width: usize,
    first: bool,
) -> Option<usize> {
    let mut best: Option<(usize, Q)> = None;
    for j in 0..width {
        let own = table.iter().zip(basis).filter(|(_, b)| b.is_none());
        let gain: Q = own.map(|(row, _)| row[j].clone()).sum();
        if !gain.is_positive() {
            continue;
        }
        if first {
            return Some(j);
        }
        if best.as_ref().is_none_or(|(_, most)| gain > *most) {
            best = Some((j, gain));
        }
    }
    best.map(|(j, _)| j)
}

/// Returns the row whose basic variable becomes zero first.
fn leaving(
    table: &[Vec<Q>],
    basis: &[Option<usize>],
    enters: usize,
    width: usize,
) -> Option<usize> {
    let mut best: Option<(usize, Q)> = None;
    for (i, row) in table.iter().enumerate() {
        if !row[enters].is_positive() {
            continue;
        }
        let ratio = &row[width] / &row[enters];
        // Of equal ratios, the row of an artificial variable (`None`) comes
        // first, then the row whose basic variable has the smallest column.
        let better = match &best {
            None => true,
            Some((other, least)) => {
                ratio < *least || ratio == *least && basis[i] < basis[*other]
            }
        };
        if better {
            best = Some((i, ratio));
        }
    }
    best.map(|(i, _)| i)
}

/// Turns a column into a unit vector by row operations.
fn pivot(table: &mut [Vec<Q>], row: usize, column: usize) {
    let by = table[row][column].recip();
    for entry in &mut table[row] {
        if !entry.is_zero() {
            *entry *= &by;
        }
    }
    let pivot = table[row].clone();
    let places: Vec<usize> =
        (0..pivot.len()).filter(|j| !pivot[*j].is_zero()).collect();
    let long = places.iter().map(|j| words(&pivot[*j])).max().unwrap_or(1);
    for (i, other) in table.iter_mut().enumerate() {
        if i == row || other[column].is_zero() {
            continue;
        }
        crate::work::spend(places.len() * long);
        let factor = other[column].clone();
        for j in &places {
            let less = &factor * &pivot[*j];
            other[*j] -= less;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::whole;

    fn solved(columns: &[(&[i64], bool)]) -> bool {
        let rows = columns[0].0.len();
        let columns: Vec<_> = columns
            .iter()
            .map(|(entries, marked)| {
                let entries = entries.iter().map(|x| whole(*x)).enumerate();
                (entries.collect(), *marked)
            })
            .collect();
        add_up_to_zero(&columns, rows)
    }

    #[test]
    fn weights_are_found_where_there_are_some() {
        assert!(solved(&[(&[1, 2], true), (&[-2, -4], false)]));
        assert!(!solved(&[(&[1, 2], true), (&[-2, -3], false)]));
        // Weights that are all zero do not count: a marked column must take
        // part.
        assert!(!solved(&[(&[1, 0], true), (&[0, 1], false)]));
        assert!(solved(&[
            (&[1, 0], false),
            (&[0, 1], false),
            (&[-1, -1], true)
        ]));
        assert!(solved(&[(&[1], false), (&[-1], false), (&[2], true)]));
    }
}
