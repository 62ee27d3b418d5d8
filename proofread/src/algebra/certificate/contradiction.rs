//! Contradictions: products of known polynomials that add up to zero with
//! nonnegative weights, although one of the products is positive.

use super::TERMS;
use super::system::System;
use crate::algebra::monomial::{Gen, Monomial};
use crate::algebra::poly::Poly;
use crate::algebra::ring::Algebra;
use crate::algebra::simplex::add_up_to_zero;
use crate::value::Q;
use num_traits::{One, Signed};
use std::collections::{BTreeMap, BTreeSet};

/// The largest number of products, and of monomials in them.
const COLUMNS: usize = 170;
const ROWS: usize = 140;

impl Algebra {
    /// Returns whether products of known polynomials give a contradiction.
    pub(super) fn contradicts(
        &self,
        system: &System,
        conditions: usize,
        squares: &[Poly],
        generators: &BTreeSet<Gen>,
        more: bool,
    ) -> bool {
        let mut columns: Vec<(Poly, bool, bool)> = vec![];
        let one = Poly::constant(Q::one());
        let mut put = |a: &Poly, b: &Poly, strict: bool, equal: bool| {
            if columns.len() >= COLUMNS || crate::work::is_spent() {
                return;
            }
            let Ok(product) = self.product(a, b) else { return };
            if product.len() > TERMS {
                return;
            }
            let column = (product, strict, equal);
            if !columns.contains(&column) {
                columns.push(column);
            }
        };
        let known = &system.known;
        put(&one, &one, true, false);
        for zero in &system.zeros {
            put(zero, &one, false, true);
            for of in generators {
                put(zero, &Poly::generator(*of), false, true);
            }
            for unit in squares {
                put(zero, unit, false, true);
            }
            if more {
                for of in generators {
                    let square = Poly::generator(*of);
                    put(zero, &square.times(&square), false, true);
                }
                for (poly, _) in &known[..conditions] {
                    put(zero, poly, false, true);
                }
                for other in &system.zeros {
                    put(zero, other, false, true);
                }
            }
        }
        for (i, (a, strict)) in known.iter().enumerate() {
            put(a, &one, *strict, false);
            for (b, also) in known[..=i].iter().take(conditions) {
                put(a, b, *strict && *also, false);
            }
        }
        for square in squares {
            put(square, square, false, false);
        }
        if more {
            for (i, (a, strict)) in known.iter().enumerate().skip(conditions) {
                for (b, also) in &known[conditions..=i] {
                    put(a, b, *strict && *also, false);
                }
            }
            for (a, strict) in &known[..conditions] {
                if let Ok(square) = self.product(a, a) {
                    put(a, &square, *strict, false);
                }
                for square in squares {
                    if let Ok(square) = self.product(square, square) {
                        put(a, &square, false, false);
                    }
                }
            }
        }
        solved(columns)
    }
}

/// Returns whether columns add up to zero with nonnegative weights, with a
/// strict column among them.
fn solved(mut columns: Vec<(Poly, bool, bool)>) -> bool {
    // A strict column that is zero is a contradiction; another zero adds
    // nothing.
    if columns.iter().any(|(poly, strict, _)| *strict && poly.is_zero()) {
        return true;
    }
    columns.retain(|(poly, ..)| !poly.is_zero());
    // A monomial with only one sign cannot cancel, so its columns are dropped.
    loop {
        let mut signs: BTreeMap<&Monomial, (bool, bool)> = BTreeMap::new();
        for (poly, _, equal) in &columns {
            for (monomial, coefficient) in poly.terms() {
                let (plus, minus) = signs.entry(monomial).or_default();
                *plus |= *equal || coefficient.is_positive();
                *minus |= *equal || coefficient.is_negative();
            }
        }
        let single: BTreeSet<Monomial> = signs
            .into_iter()
            .filter(|(_, (plus, minus))| plus != minus)
            .map(|(monomial, _)| monomial.clone())
            .collect();
        if single.is_empty() {
            break;
        }
        columns.retain(|(poly, ..)| {
            poly.terms().all(|(monomial, _)| !single.contains(monomial))
        });
    }
    if !columns.iter().any(|(_, strict, _)| *strict) {
        return false;
    }
    let mut rows: BTreeMap<Monomial, usize> = BTreeMap::new();
    let mut table = vec![];
    for (poly, strict, equal) in &columns {
        let mut entries = vec![];
        for (monomial, coefficient) in poly.terms() {
            let next = rows.len();
            let row = *rows.entry(monomial.clone()).or_insert(next);
            entries.push((row, coefficient.clone()));
        }
        if *equal {
            let minus =
                entries.iter().map(|(row, c)| (*row, -c.clone())).collect();
            table.push((minus, false));
        }
        table.push((entries, *strict));
    }
    rows.len() <= ROWS && add_up_to_zero(&table, rows.len())
}
