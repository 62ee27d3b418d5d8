//! Whether a difference is zero, summand by summand.
//!
//! A sum is split into products of what is no rational function (inner
//! products, logarithms, values of functions) with rational coefficients. It is
//! zero if the coefficients of each such product add up to zero. That is much
//! less work than one fraction for all of it.

use crate::algebra::{Normalizer, Ratio};
use crate::expr::Function;
use crate::term::{Op, Term};
use crate::value::Trouble;
use std::collections::{BTreeMap, HashMap};

/// The most products of one difference.
const PRODUCTS: usize = 20_000;

/// Whether two terms are equal, by the coefficients of their summands.
pub(super) fn are_equal(
    normalizer: &mut Normalizer,
    left: Term,
    right: Term,
) -> bool {
    let mut groups = Groups {
        normalizer,
        sums: BTreeMap::new(),
        mixed: HashMap::new(),
        count: 0,
    };
    let (one, minus) = (Ratio::one(), Ratio::one().negated());
    let walked = groups
        .walk(&[left], &one, &Ratio::one())
        .and_then(|()| groups.walk(&[right], &minus, &Ratio::one()));
    walked.is_ok() && groups.sums.values().all(Ratio::is_zero)
}

struct Groups<'a, 'b> {
    normalizer: &'a mut Normalizer<'b>,
    sums: BTreeMap<Ratio, Ratio>,
    /// Whether terms hold what is no rational function.
    mixed: HashMap<Term, bool>,
    count: usize,
}

impl Groups<'_, '_> {
    /// Adds a product of terms, times a coefficient and what was met.
    fn walk(
        &mut self,
        factors: &[Term],
        coefficient: &Ratio,
        met: &Ratio,
    ) -> Result<(), Trouble> {
        self.count += 1;
        if self.count > PRODUCTS {
            return Err(Trouble::Budget);
        }
        let Some((first, rest)) = factors.split_first() else {
            return self.add(met, coefficient);
        };
        if !self.is_mixed(*first) {
            let ratio = self.normalizer.ratio(*first)?;
            return self.walk(rest, &coefficient.times(&ratio), met);
        }
        match self.normalizer.terms.op(*first).clone() {
            Op::Sum(parts) => {
                for part in parts {
                    let all = [&[part], rest].concat();
                    self.walk(&all, coefficient, met)?;
                }
                Ok(())
            }
            Op::Product(parts) => {
                let all = [parts.as_slice(), rest].concat();
                self.walk(&all, coefficient, met)
            }
            Op::Quotient(a, b) if !self.is_mixed(b) => {
                let b = self.normalizer.ratio(b)?;
                let inverse = b.inverse().ok_or(Trouble::Division)?;
                let all = [&[a], rest].concat();
                self.walk(&all, &coefficient.times(&inverse), met)
            }
            _ => {
                let ratio = self.normalizer.ratio(*first)?;
                let parts = self.normalizer.algebra.split_terms(&ratio)?;
                for (part, factor) in parts {
                    let met = met.times(&part);
                    self.walk(rest, &coefficient.scaled(&factor), &met)?;
                }
                Ok(())
            }
        }
    }

    fn add(&mut self, met: &Ratio, coefficient: &Ratio) -> Result<(), Trouble> {
        // What is left of a product without such factors is one group.
        let before = self.sums.remove(met).unwrap_or(Ratio::zero());
        let sum = self.normalizer.algebra.sum(&before, coefficient)?;
        if !sum.is_zero() {
            self.sums.insert(met.clone(), sum);
        }
        Ok(())
    }

    fn is_mixed(&mut self, term: Term) -> bool {
        if let Some(known) = self.mixed.get(&term) {
            return *known;
        }
        let terms = self.normalizer.terms;
        let mut order = vec![];
        terms.visit(&[term], &mut |part| order.push(part));
        for part in order {
            let own = matches!(
                terms.op(part),
                Op::Inner(..)
                    | Op::Call(_)
                    | Op::Function(Function::Log | Function::Exp, _)
            );
            let mixed = own
                || terms.parts(part).iter().any(|p| self.mixed[p]);
            self.mixed.insert(part, mixed);
        }
        self.mixed[&term]
    }
}
