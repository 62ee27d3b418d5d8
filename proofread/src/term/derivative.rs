//! Derivatives of terms.

use super::{Op, Term, Terms};
use crate::expr::Function;
use crate::value::{Trouble, whole};
use rustc_hash::FxHashMap as HashMap;

impl Terms {
    /// Returns the derivative by a variable.
    pub(crate) fn derivative(
        &mut self,
        of: Term,
        by: u32,
    ) -> Result<Term, Trouble> {
        let mut known: HashMap<Term, Term> = HashMap::default();
        for term in self.order(of, |_| false) {
            if self.is_full() {
                return Err(Trouble::Budget);
            }
            let slope = self.slope(term, by, &known)?;
            known.insert(term, slope);
        }
        Ok(known[&of])
    }

    /// Returns the derivative of a term from the derivatives of its parts.
    fn slope(
        &mut self,
        term: Term,
        by: u32,
        known: &HashMap<Term, Term>,
    ) -> Result<Term, Trouble> {
        let parts = self.parts(term);
        if parts.iter().all(|part| self.is_zero(known[part]))
            && !matches!(self.op(term), Op::Variable(_))
        {
            return Ok(self.zero());
        }
        match self.op(term).clone() {
            Op::Number(_) | Op::Pi => Ok(self.zero()),
            Op::Variable(number) => Ok(self.whole(i64::from(number == by))),
            Op::Sum(terms) => {
                let slopes: Vec<Term> =
                    terms.iter().map(|t| known[t]).collect();
                Ok(self.sum(&slopes))
            }
            Op::Product(factors) => {
                let mut terms = vec![];
                for i in 0..factors.len() {
                    let mut changed = factors.clone();
                    changed[i] = known[&factors[i]];
                    if !self.is_zero(changed[i]) {
                        terms.push(self.product(&changed));
                    }
                }
                Ok(self.sum(&terms))
            }
            Op::Quotient(a, b) => {
                let first = self.mul(known[&a], b);
                let second = self.mul(a, known[&b]);
                let over = self.sub(first, second);
                let under = self.power(b, 2)?;
                self.div(over, under)
            }
            Op::Power(a, exponent) => {
                let lower = self.power(a, exponent - 1)?;
                let factor = self.whole(exponent);
                Ok(self.product(&[factor, lower, known[&a]]))
            }
            Op::Root(degree, a) => {
                // r' = a' / (n r^(n-1))
                let lower = self.power(term, i64::from(degree) - 1)?;
                let factor = self.whole(i64::from(degree));
                let under = self.mul(factor, lower);
                self.div(known[&a], under)
            }
            Op::Function(function, a) => {
                let outer = self.outer_slope(function, a, term)?;
                Ok(self.mul(outer, known[&a]))
            }
            Op::RealPower(a, b) => {
                // (a^b)' = a^b (b' ln a + b a' / a)
                let log = self.log(a)?;
                let first = self.mul(known[&b], log);
                let second = self.mul(b, known[&a]);
                let second = self.div(second, a)?;
                let inner = self.add(first, second);
                Ok(self.mul(term, inner))
            }
            _ => {
                let why = "a derivative without a closed form";
                Err(Trouble::Unsupported(why.into()))
            }
        }
    }

    /// Returns the derivative of an elementary function at its argument.
    pub(crate) fn outer_slope(
        &mut self,
        function: Function,
        of: Term,
        value: Term,
    ) -> Result<Term, Trouble> {
        match function {
            Function::Exp => Ok(value),
            Function::Log => {
                let one = self.whole(1);
                self.div(one, of)
            }
            Function::Sin => self.apply(Function::Cos, of),
            Function::Cos => {
                let sine = self.apply(Function::Sin, of)?;
                Ok(self.neg(sine))
            }
            Function::Tanh => {
                let square = self.power(value, 2)?;
                let one = self.number(whole(1));
                Ok(self.sub(one, square))
            }
        }
    }

    /// Returns a term with a variable replaced by another term.
    pub(crate) fn substituted(
        &mut self,
        of: Term,
        variable: u32,
        value: Term,
    ) -> Result<Term, Trouble> {
        let mut order = vec![];
        self.visit(&[of], &mut |term| order.push(term));
        let mut known: HashMap<Term, Term> = HashMap::default();
        for term in order {
            let result = match self.op(term) {
                Op::Variable(number) if *number == variable => value,
                _ => match self.rebuilt(term, &known)? {
                    Some(result) => result,
                    None if self.parts(term).iter().all(|t| known[t] == *t) => {
                        term
                    }
                    None => {
                        let why = "a value where a function is not known";
                        return Err(Trouble::Unsupported(why.into()));
                    }
                },
            };
            self.keep_square(term, result);
            known.insert(term, result);
        }
        Ok(known[&of])
    }
}
