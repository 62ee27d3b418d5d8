//! Constructors of terms. They simplify only obvious cases, such as operations
//! on numbers and sums without terms, and never remove a part that may have no
//! value.

use super::{Op, Term, Terms};
use crate::expr::Function;
use crate::value::{Q, Trouble, rational_root, whole};
use num_traits::{One, Pow, Zero};
use rustc_hash::FxHashSet as HashSet;
use std::collections::BTreeMap;

impl Terms {
    pub(crate) fn number(&mut self, value: Q) -> Term {
        self.store(Op::Number(value))
    }

    pub(crate) fn whole(&mut self, value: i64) -> Term {
        self.number(whole(value))
    }

    pub(crate) fn zero(&mut self) -> Term {
        self.whole(0)
    }

    /// Returns the value of a term that is a number.
    pub(crate) fn as_number(&self, term: Term) -> Option<&Q> {
        match self.op(term) {
            Op::Number(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn is_zero(&self, term: Term) -> bool {
        self.as_number(term).is_some_and(Zero::is_zero)
    }

    pub(crate) fn sum(&mut self, terms: &[Term]) -> Term {
        let mut number = Q::zero();
        let mut rest = vec![];
        for term in terms {
            match self.op(*term) {
                Op::Number(value) => number += value,
                Op::Sum(inner) => rest.extend(inner.iter().copied()),
                _ => rest.push(*term),
            }
        }
        if !number.is_zero() || rest.is_empty() {
            let number = self.number(number);
            rest.push(number);
        }
        match rest.as_slice() {
            [only] => *only,
            _ => self.store(Op::Sum(rest)),
        }
    }

    /// Returns the variables `x` for which `1 - x` is a term.
    pub(crate) fn complements(&self) -> HashSet<u32> {
        let variable = |term: &Term| match self.op(*term) {
            Op::Product(factors) => match factors.as_slice() {
                [minus, x] if self.as_number(*minus) == Some(&whole(-1)) => {
                    match self.op(*x) {
                        Op::Variable(number) => Some(*number),
                        _ => None,
                    }
                }
                _ => None,
            },
            _ => None,
        };
        let one = |op: &Op| match op {
            Op::Sum(parts) => match parts.as_slice() {
                [x, one] if self.as_number(*one) == Some(&whole(1)) => {
                    variable(x)
                }
                _ => None,
            },
            _ => None,
        };
        self.ops().filter_map(one).collect()
    }

    pub(crate) fn add(&mut self, a: Term, b: Term) -> Term {
        self.sum(&[a, b])
    }

    pub(crate) fn neg(&mut self, a: Term) -> Term {
        let minus = self.whole(-1);
        self.mul(minus, a)
    }

    pub(crate) fn sub(&mut self, a: Term, b: Term) -> Term {
        let b = self.neg(b);
        self.add(a, b)
    }

    /// Returns the difference of two terms without the parts that are the same
    /// in both. The difference may have a value where such a part has none.
    pub(crate) fn bare_difference(&mut self, a: Term, b: Term) -> Term {
        let mut parts: Vec<(Term, Q)> = vec![];
        self.collect(a, &Q::one(), &mut parts);
        self.collect(b, &-Q::one(), &mut parts);
        let mut sums: BTreeMap<Term, Q> = BTreeMap::new();
        for (term, factor) in parts {
            *sums.entry(term).or_insert_with(Q::zero) += factor;
        }
        let mut terms = vec![];
        for (term, factor) in sums {
            if !factor.is_zero() {
                let factor = self.number(factor);
                terms.push(self.mul(factor, term));
            }
        }
        self.sum(&terms)
    }

    /// Splits a term into summands with numbers as coefficients.
    fn collect(&mut self, of: Term, by: &Q, into: &mut Vec<(Term, Q)>) {
        match self.op(of).clone() {
            Op::Number(value) => {
                let one = self.whole(1);
                into.push((one, by * value));
            }
            Op::Sum(parts) => {
                for part in parts {
                    self.collect(part, by, into);
                }
            }
            Op::Product(factors) => match self.as_number(factors[0]).cloned() {
                Some(number) => {
                    let rest = self.product(&factors[1..]);
                    self.collect(rest, &(by * number), into);
                }
                None => into.push((of, by.clone())),
            },
            _ => into.push((of, by.clone())),
        }
    }

    /// Returns a product. A factor 0 does not hide a factor without a value.
    pub(crate) fn product(&mut self, factors: &[Term]) -> Term {
        let mut number = Q::one();
        let mut rest = vec![];
        for factor in factors {
            match self.op(*factor) {
                Op::Number(value) => number *= value,
                Op::Product(inner) => {
                    for factor in inner.clone() {
                        match self.op(factor) {
                            Op::Number(value) => number *= value,
                            _ => rest.push(factor),
                        }
                    }
                }
                _ => rest.push(*factor),
            }
        }
        if number.is_zero() && rest.iter().all(|t| self.is_total(*t)) {
            return self.zero();
        }
        if !number.is_one() || rest.is_empty() {
            let number = self.number(number);
            rest.insert(0, number);
        }
        match rest.as_slice() {
            [only] => *only,
            _ => self.store(Op::Product(rest)),
        }
    }

    /// Returns whether a term obviously has a value at every point.
    fn is_total(&self, term: Term) -> bool {
        let mut total = true;
        self.visit(&[term], &mut |part| {
            total &= !matches!(
                self.op(part),
                Op::Quotient(..)
                    | Op::Root(..)
                    | Op::RealPower(..)
                    | Op::Function(Function::Log, _)
                    | Op::Cases(_)
                    | Op::Integral(..)
            ) && !matches!(self.op(part), Op::Power(_, e) if *e <= 0);
        });
        total
    }

    /// Returns 0 times a term, which has no value where the term has none; none
    /// if the term obviously has a value at every point.
    pub(crate) fn hidden(&mut self, of: Term) -> Option<Term> {
        let zero = self.zero();
        let hidden = self.mul(zero, of);
        (!self.is_zero(hidden)).then_some(hidden)
    }

    pub(crate) fn mul(&mut self, a: Term, b: Term) -> Term {
        self.product(&[a, b])
    }

    /// Returns a quotient; an error if the denominator is the number 0.
    pub(crate) fn div(&mut self, a: Term, b: Term) -> Result<Term, Trouble> {
        if let Some(under) = self.as_number(b).cloned() {
            if under.is_zero() {
                return Err(Trouble::Division);
            }
            let factor = self.number(under.recip());
            return Ok(self.mul(a, factor));
        }
        Ok(self.store(Op::Quotient(a, b)))
    }

    /// Returns a whole power. `x^0` is 1, also where x is 0.
    pub(crate) fn power(
        &mut self,
        base: Term,
        exponent: i64,
    ) -> Result<Term, Trouble> {
        if exponent.unsigned_abs() > 10_000 {
            return Err(Trouble::Budget);
        }
        match (self.as_number(base).cloned(), exponent) {
            (_, 0) if self.is_total(base) => Ok(self.whole(1)),
            (_, 1) => Ok(base),
            (Some(zero), ..0) if zero.is_zero() => Err(Trouble::Division),
            (Some(value), _) => {
                let exponent =
                    i32::try_from(exponent).map_err(|_| Trouble::Budget)?;
                let size = value.numer().bits().max(value.denom().bits());
                if size * u64::from(exponent.unsigned_abs()) > 100_000 {
                    return Err(Trouble::Budget);
                }
                Ok(self.number(Pow::pow(&value, exponent)))
            }
            _ => Ok(self.store(Op::Power(base, exponent))),
        }
    }

    /// Returns a root; an error if it is an even root of a negative number.
    pub(crate) fn root(
        &mut self,
        degree: u32,
        of: Term,
    ) -> Result<Term, Trouble> {
        if let Some(value) = self.as_number(of) {
            if value < &Q::zero() && degree.is_multiple_of(2) {
                let what = "the root of a negative number";
                return Err(Trouble::Undefined(what));
            }
            if degree == 2
                && let Some(root) = rational_root(value)
            {
                return Ok(self.number(root));
            }
            if value.is_zero() || value.is_one() {
                return Ok(of);
            }
        }
        Ok(self.store(Op::Root(degree, of)))
    }

    pub(crate) fn sqrt(&mut self, of: Term) -> Result<Term, Trouble> {
        self.root(2, of)
    }

    pub(crate) fn absolute(&mut self, of: Term) -> Term {
        match self.as_number(of).cloned() {
            Some(value) => self.number(num_traits::Signed::abs(&value)),
            None => self.store(Op::Absolute(of)),
        }
    }
}
