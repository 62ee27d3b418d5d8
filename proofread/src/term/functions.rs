//! Elementary functions, which make up densities.

use super::{Op, Term, Terms};
use crate::expr::Function;
use crate::value::{Q, Trouble};
use num_traits::{One, Zero};

impl Terms {
    /// Applies an elementary function; an error for the logarithm of a number
    /// that is not positive.
    pub(crate) fn apply(
        &mut self,
        function: Function,
        of: Term,
    ) -> Result<Term, Trouble> {
        let number = self.as_number(of).cloned();
        match (function, number) {
            (Function::Log, Some(x)) if x <= Q::zero() => {
                let what = "the logarithm of a number that is not positive";
                Err(Trouble::Undefined(what))
            }
            (Function::Log, Some(x)) if x.is_one() => Ok(self.zero()),
            (Function::Exp | Function::Cos, Some(x)) if x.is_zero() => {
                Ok(self.whole(1))
            }
            (Function::Sin | Function::Tanh, Some(x)) if x.is_zero() => {
                Ok(self.zero())
            }
            _ => Ok(self.store(Op::Function(function, of))),
        }
    }

    /// Returns the logarithm. For a density, an exponential, it is the
    /// exponent.
    pub(crate) fn log(&mut self, of: Term) -> Result<Term, Trouble> {
        match self.as_exponent(of) {
            Some(exponent) => Ok(exponent),
            None => self.apply(Function::Log, of),
        }
    }

    /// Returns the exponent `a` of `e^a`, or of a product, quotient or power of
    /// exponentials.
    pub(crate) fn as_exponent(&mut self, of: Term) -> Option<Term> {
        match self.op(of).clone() {
            Op::Function(Function::Exp, inner) => Some(inner),
            Op::Product(factors) => {
                let exponents = factors.iter().map(|f| self.as_exponent(*f));
                let exponents = exponents.collect::<Option<Vec<_>>>()?;
                Some(self.sum(&exponents))
            }
            Op::Quotient(a, b) => {
                let (a, b) = (self.as_exponent(a)?, self.as_exponent(b)?);
                Some(self.sub(a, b))
            }
            Op::Power(a, exponent) => {
                let a = self.as_exponent(a)?;
                let exponent = self.whole(exponent);
                Some(self.mul(exponent, a))
            }
            Op::Number(one) if one.is_one() => Some(self.zero()),
            _ => None,
        }
    }

    pub(crate) fn exp(&mut self, of: Term) -> Result<Term, Trouble> {
        self.apply(Function::Exp, of)
    }
}
