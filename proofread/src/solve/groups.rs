//! Equality of two terms, summand by summand.
//!
//! A sum is split into products of factors that are no rational functions
//! (inner products, logarithms, values of functions), with rational functions
//! as coefficients. The sum is zero if the coefficients of each such product
//! add up to zero. This is much less work than one fraction for the whole sum.

use crate::algebra::{Gen, Monomial, Normalizer, Ratio};
use crate::expr::Function;
use crate::term::{Op, Term};
use crate::value::Trouble;
use crate::work;
use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Sums of coefficients, by their denominators. Most sums cancel before a
/// common denominator is needed.
type Sums = BTreeMap<Ratio, Ratio>;

/// The largest number of products of one difference.
const PRODUCTS: usize = 20_000;

/// Returns whether two terms are equal, by the coefficients of their summands.
pub(super) fn are_equal(
    normalizer: &mut Normalizer,
    left: Term,
    right: Term,
) -> bool {
    let mut groups = Groups {
        normalizer,
        summands: vec![],
        mixed: HashMap::default(),
        count: 0,
    };
    let walked = groups
        .walk(left, Ratio::one())
        .and_then(|()| groups.walk(right, Ratio::one().negated()));
    walked.is_ok() && groups.vanish().unwrap_or(false)
}

/// A product that is being multiplied out.
#[derive(Clone)]
struct Product {
    /// The factors that are left; the last comes next.
    left: Vec<Term>,
    /// The product of the rational functions among the factors so far.
    coefficient: Ratio,
    /// The product of the other factors so far.
    met: Ratio,
}

struct Groups<'a, 'b> {
    normalizer: &'a mut Normalizer<'b>,
    /// The products of factors that are no rational functions, with their
    /// coefficients.
    summands: Vec<(Ratio, Ratio)>,
    /// True for a term with a part that is no rational function.
    mixed: HashMap<Term, bool>,
    count: usize,
}

impl Groups<'_, '_> {
    /// Adds a term, times a coefficient.
    fn walk(&mut self, term: Term, coefficient: Ratio) -> Result<(), Trouble> {
        let whole =
            Product { left: vec![term], coefficient, met: Ratio::one() };
        let mut open = vec![whole];
        while let Some(product) = open.pop() {
            self.step(product, &mut open)?;
        }
        Ok(())
    }

    /// Multiplies out one factor of a product, and adds what remains to the open
    /// products.
    fn step(
        &mut self,
        mut product: Product,
        open: &mut Vec<Product>,
    ) -> Result<(), Trouble> {
        self.count += 1;
        work::spend(1 + product.left.len() / 64);
        if self.count > PRODUCTS || work::is_spent() {
            return Err(Trouble::Budget);
        }
        let Some(first) = product.left.pop() else {
            self.summands.push((product.met, product.coefficient));
            return Ok(());
        };
        if !self.is_mixed(first) && !self.comes_apart(first) {
            let ratio = self.normalizer.ratio(first)?;
            product.coefficient = product.coefficient.times(&ratio);
            open.push(product);
            return Ok(());
        }
        match self.normalizer.terms.op(first).clone() {
            Op::Sum(parts) => {
                for part in parts {
                    let mut one = product.clone();
                    one.left.push(part);
                    open.push(one);
                }
            }
            Op::Product(parts) => {
                product.left.extend(parts.into_iter().rev());
                open.push(product);
            }
            Op::Quotient(a, b) if !self.is_mixed(b) => {
                let b = self.normalizer.ratio(b)?;
                let inverse = b.inverse().ok_or(Trouble::Division)?;
                product.coefficient = product.coefficient.times(&inverse);
                product.left.push(a);
                open.push(product);
            }
            _ => {
                let ratio = self.normalizer.ratio(first)?;
                for (part, factor) in
                    self.normalizer.algebra.split_terms(&ratio)?
                {
                    open.push(Product {
                        left: product.left.clone(),
                        coefficient: product.coefficient.scaled(&factor),
                        met: product.met.times(&part),
                    });
                }
            }
        }
        Ok(())
    }

    /// Returns whether the coefficients of every product add up to zero.
    ///
    /// A generator that occurs in no polynomial splits the sum further: its
    /// powers with different exponents never cancel.
    fn vanish(&self) -> Result<bool, Trouble> {
        let within = self.within_polynomials();
        let mut sums: BTreeMap<(&Ratio, Monomial), Sums> = BTreeMap::new();
        for (met, coefficient) in &self.summands {
            let mut alone = Monomial::one();
            for (of, exponent) in coefficient.monomial.iter() {
                if !within.contains(&of) {
                    alone = alone.times(&Monomial::power(of, exponent));
                }
            }
            let below = denominator(coefficient);
            let sum = sums.entry((met, alone)).or_default();
            let before = sum.remove(&below).unwrap_or(Ratio::zero());
            let both = self.normalizer.algebra.sum(&before, coefficient)?;
            if !both.is_zero() {
                sum.insert(below, both);
            }
        }
        for sum in sums.values() {
            let mut total = Ratio::zero();
            for part in sum.values() {
                total = self.normalizer.algebra.sum(&total, part)?;
            }
            if !total.is_zero() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the generators of the polynomials in the coefficients, and in
    /// the relations of their roots.
    fn within_polynomials(&self) -> BTreeSet<Gen> {
        let algebra = &self.normalizer.algebra;
        let mut within = BTreeSet::new();
        for (_, coefficient) in &self.summands {
            for factor in coefficient.factors.keys() {
                within.extend(factor.generators());
            }
            for (of, _) in coefficient.monomial.iter() {
                if algebra.generator(of).relation.is_some() {
                    within.insert(of);
                }
            }
        }
        // The relations of these generators may contain more generators.
        loop {
            let relations = within
                .iter()
                .filter_map(|of| algebra.generator(*of).relation.as_ref());
            let more: Vec<Gen> = relations
                .flat_map(|(_, poly)| poly.generators())
                .filter(|of| !within.contains(of))
                .collect();
            if more.is_empty() {
                return within;
            }
            within.extend(more);
        }
    }

    /// Returns whether a term should be split: a sum, or a product with a sum,
    /// that contains a division.
    fn comes_apart(&self, term: Term) -> bool {
        let terms = self.normalizer.terms;
        match terms.op(term) {
            Op::Sum(_) => {}
            Op::Product(factors) => {
                return factors.iter().any(|f| self.comes_apart(*f));
            }
            Op::Quotient(a, _) => return self.comes_apart(*a),
            _ => return false,
        }
        let mut found = false;
        terms.visit(&[term], &mut |part| {
            found |= matches!(terms.op(part), Op::Quotient(..))
                || matches!(terms.op(part), Op::Power(_, e) if *e < 0);
        });
        found
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
            let mixed = own || terms.parts(part).iter().any(|p| self.mixed[p]);
            self.mixed.insert(part, mixed);
        }
        self.mixed[&term]
    }
}

/// Returns the polynomials that a coefficient divides by.
fn denominator(coefficient: &Ratio) -> Ratio {
    let factors = coefficient.factors.iter().filter(|(_, e)| **e < 0);
    let factors = factors.map(|(f, e)| (f.clone(), *e)).collect();
    Ratio { factors, ..Ratio::one() }
}
