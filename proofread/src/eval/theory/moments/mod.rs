//! Expectations of products of inner products.
//!
//! For independent standard normal vectors, the expectation of a product of
//! inner products is a sum over all pairings of the vectors (Isserlis'
//! theorem): a pair `(ε·a)(ε·b)` becomes `a·b`, and `ε·ε` becomes the
//! dimension. A factor may be an unknown function of the noise. The noise is
//! then split into the direction that the function depends on and an
//! independent remainder. The remaining expectation becomes an opaque term with
//! bound data and noise.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `expand` | a number as a polynomial in random factors |
//! | `paired` | pairings of noise, and functions that depend on noise |
//! | `split` | noise as the direction that functions use and a remainder |
//! | `seen` | the noise that functions depend on, the tower property |
//! | `bound` | opaque expectations with bound data and noise |

mod bound;
mod expand;
mod paired;
mod seen;
mod split;

pub(super) use bound::{bound_data, bound_noise};

use super::integral;
use super::process::mentions;
use super::random::{Data, Randomness};
use crate::algebra::Normalizer;
use crate::expr::Function;
use crate::term::{Atom, Op, Term, Terms};
use crate::value::Trouble;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

/// Computes expectations over data and noise.
pub(super) struct Means<'a> {
    pub(super) terms: &'a mut Terms,
    pub(super) noises: HashSet<Atom>,
    pub(super) data: Option<Data>,
    dimension: Term,
    pub(super) depends: HashMap<Term, bool>,
    /// True if an expectation without a closed form becomes an opaque term.
    is_open: bool,
}

/// The largest number of factors of one product.
const FACTORS: usize = 10;
/// The largest number of products in one expectation.
const PRODUCTS: usize = 4000;

impl<'a> Means<'a> {
    pub(super) fn new(
        terms: &'a mut Terms,
        part: &Randomness,
        dimension: Term,
        is_open: bool,
    ) -> Self {
        let noises = part.noises.iter().copied().collect();
        let data = part.data.clone();
        let depends = HashMap::default();
        Self { terms, noises, data, dimension, depends, is_open }
    }

    /// Returns the expectation of a number.
    pub(super) fn of(&mut self, term: Term) -> Result<Term, Trouble> {
        let mut sum = vec![];
        for (mut factors, coefficient) in self.of_terms(term)? {
            factors.push(coefficient);
            sum.push(self.terms.product(&factors));
        }
        Ok(self.terms.sum(&sum))
    }

    /// Returns the expectation as products of deterministic factors.
    pub(super) fn of_terms(
        &mut self,
        term: Term,
    ) -> Result<Vec<(Vec<Term>, Term)>, Trouble> {
        let mut all = vec![];
        for (factors, coefficient) in self.expand(term)? {
            let means = self.mean_of(&factors)?;
            // An expectation of 0 must keep an undefined coefficient undefined.
            if means.is_empty()
                && let Some(hidden) = self.terms.hidden(coefficient)
            {
                all.push((vec![], hidden));
            }
            for (left, factor) in means {
                let coefficient = self.terms.mul(coefficient, factor);
                all.push((left, coefficient));
            }
        }
        Ok(all)
    }

    /// Returns the vector whose inner product with `any` is a factor, and the
    /// other factors, or `None` unless exactly one factor contains `any`.
    pub(super) fn direction(
        &self,
        factors: &[Term],
        any: Atom,
    ) -> Option<(Atom, Vec<Term>)> {
        let mut found = None;
        let mut rest = vec![];
        for factor in factors {
            match self.terms.op(*factor) {
                Op::Inner(a, b) if *a == any && found.is_none() => {
                    found = Some(*b);
                }
                Op::Inner(a, b) if *b == any && found.is_none() => {
                    found = Some(*a);
                }
                _ => rest.push(*factor),
            }
        }
        let clean = !mentions(self.terms, &rest, any);
        found.filter(|_| clean).map(|atom| (atom, rest))
    }

    /// Returns the expectation of a product of random factors.
    fn mean_of(
        &mut self,
        factors: &[Term],
    ) -> Result<Vec<(Vec<Term>, Term)>, Trouble> {
        if factors.len() > FACTORS {
            return Err(Trouble::Budget);
        }
        if let Some(all) = self.unfolded(factors)? {
            return self.of_terms(all);
        }
        let groups = self.independent(factors);
        let one = self.terms.whole(1);
        let mut all = vec![(vec![], one)];
        for group in groups {
            let mut next = vec![];
            for (left, factor) in self.mean_of_group(&group)? {
                for (before, c) in &all {
                    let left = [before.as_slice(), &left].concat();
                    next.push((left, self.terms.mul(*c, factor)));
                }
            }
            all = next;
            if all.len() > PRODUCTS {
                return Err(Trouble::Budget);
            }
        }
        Ok(all)
    }

    /// Returns the expectation of a product of dependent factors.
    fn mean_of_group(
        &mut self,
        factors: &[Term],
    ) -> Result<Vec<(Vec<Term>, Term)>, Trouble> {
        let exponents: Vec<Term> = factors
            .iter()
            .filter_map(|factor| match self.terms.op(*factor) {
                Op::Function(Function::Exp, inner) => Some(*inner),
                _ => None,
            })
            .collect();
        if !exponents.is_empty() && exponents.len() == factors.len() {
            let sum = self.terms.sum(&exponents);
            let noises: Vec<Atom> = {
                let mut all: Vec<Atom> = self.noises.iter().copied().collect();
                all.sort_unstable();
                all
            };
            let left = integral::mean_of_exp(
                self.terms,
                sum,
                &noises,
                self.dimension,
            )?;
            let Some(left) = left else {
                let why = "the mean of the exponential of a function that is not \
                           quadratic";
                return self
                    .open(factors, Trouble::Unsupported(why.into()))
                    .map(|mean| vec![mean]);
            };
            if !self.is_random(left) {
                let one = self.terms.whole(1);
                return Ok(vec![(vec![left], one)]);
            }
            return self.bound(&[left]).map(|mean| vec![mean]);
        }
        // Inner products become pairs; other factors are kept.
        let (mut pairs, mut kept) = (vec![], vec![]);
        for factor in factors {
            match self.terms.op(*factor) {
                Op::Inner(a, b) => pairs.push((*a, *b)),
                _ => kept.push(*factor),
            }
        }
        if self.sees_noise(&pairs, &kept) {
            return match self.split(&pairs, &kept) {
                Err(trouble @ Trouble::Unsupported(_)) => {
                    self.open(factors, trouble).map(|mean| vec![mean])
                }
                result => result,
            };
        }
        let one = self.terms.whole(1);
        let covariance = HashMap::default();
        let mut all = vec![];
        for (pairs, factor) in self.paired(pairs, one, &covariance)? {
            all.push(self.over_data(&pairs, &kept, factor)?);
        }
        Ok(all)
    }
}

/// Checks whether two terms are equal in the ring.
pub(super) fn equal(terms: &Terms, a: Term, b: Term) -> bool {
    a == b
        || Normalizer::new(terms)
            .difference(a, b)
            .is_ok_and(|difference| difference.is_zero())
}
