//! Expansion of a number as a polynomial in random factors.

use super::super::process::mentions_in_atom;
use super::{Means, PRODUCTS};
use crate::expr::Function;
use crate::term::{Atom, Combination, Op, Term};
use crate::value::Trouble;
use std::collections::BTreeMap;

/// Products of random factors, with their coefficients.
type Sums = BTreeMap<Vec<Term>, Term>;

impl Means<'_> {
    /// Checks whether a vector depends on data or noise.
    pub(in crate::eval::theory) fn is_random_atom(&self, atom: Atom) -> bool {
        let own = self.data.iter().map(|data| data.atom);
        let mut all = self.noises.iter().copied().chain(own);
        all.any(|random| mentions_in_atom(self.terms, atom, random))
    }

    /// Checks whether a term depends on data or noise.
    pub(super) fn is_random(&mut self, term: Term) -> bool {
        if let Some(known) = self.depends.get(&term) {
            return *known;
        }
        let mut order = vec![];
        self.terms.visit(&[term], &mut |part| order.push(part));
        for part in order {
            if self.depends.contains_key(&part) {
                continue;
            }
            let parts = self.terms.parts(part);
            let mut random = parts.iter().any(|p| self.depends[p]);
            random |= match self.terms.op(part) {
                Op::Inner(a, b) => {
                    self.is_random_atom(*a) || self.is_random_atom(*b)
                }
                Op::Call(call) => {
                    let atoms = call.vectors().flat_map(Combination::iter);
                    let atoms: Vec<Atom> = atoms.map(|(a, _)| a).collect();
                    atoms.into_iter().any(|a| self.is_random_atom(a))
                }
                _ => false,
            };
            self.depends.insert(part, random);
        }
        self.depends[&term]
    }

    /// Expands a term as a polynomial in random factors.
    pub(super) fn expand(&mut self, term: Term) -> Result<Sums, Trouble> {
        if !self.is_random(term) {
            return Ok(Sums::from([(vec![], term)]));
        }
        match self.terms.op(term).clone() {
            Op::Sum(parts) => {
                let mut sum = Sums::new();
                for part in parts {
                    for (factors, c) in self.expand(part)? {
                        self.put(&mut sum, factors, c);
                    }
                }
                Ok(sum)
            }
            Op::Product(parts) => {
                let one = self.terms.whole(1);
                let mut product = Sums::from([(vec![], one)]);
                for part in parts {
                    let part = self.expand(part)?;
                    product = self.product(&product, &part)?;
                }
                Ok(product)
            }
            Op::Power(base, exponent @ 1..=8) => {
                let base = self.expand(base)?;
                let mut product = base.clone();
                for _ in 1..exponent {
                    product = self.product(&product, &base)?;
                }
                Ok(product)
            }
            Op::Quotient(a, b) if !self.is_random(b) => {
                let one = self.terms.whole(1);
                let inverse = self.terms.div(one, b)?;
                let mut result = Sums::new();
                for (factors, c) in self.expand(a)? {
                    let c = self.terms.mul(c, inverse);
                    self.put(&mut result, factors, c);
                }
                Ok(result)
            }
            // Division by an exponential is multiplication by an exponential.
            Op::Quotient(a, b) => {
                if let Op::Function(Function::Exp, inner) =
                    self.terms.op(b).clone()
                {
                    let minus = self.terms.neg(inner);
                    let inverse = self.terms.exp(minus)?;
                    let product = self.terms.mul(a, inverse);
                    self.expand(product)
                } else {
                    let one = self.terms.whole(1);
                    Ok(Sums::from([(vec![term], one)]))
                }
            }
            _ => {
                let one = self.terms.whole(1);
                Ok(Sums::from([(vec![term], one)]))
            }
        }
    }

    fn put(&mut self, sums: &mut Sums, factors: Vec<Term>, c: Term) {
        let sum = match sums.get(&factors) {
            Some(before) => self.terms.add(*before, c),
            None => c,
        };
        sums.insert(factors, sum);
    }

    fn product(&mut self, a: &Sums, b: &Sums) -> Result<Sums, Trouble> {
        if a.len() * b.len() > PRODUCTS {
            return Err(Trouble::Budget);
        }
        let mut product = Sums::new();
        for (f, c) in a {
            for (g, e) in b {
                let mut factors = [f.as_slice(), g].concat();
                factors.sort_unstable();
                let c = self.terms.mul(*c, *e);
                self.put(&mut product, factors, c);
            }
        }
        Ok(product)
    }
}
