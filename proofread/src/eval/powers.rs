//! Powers with integer and other exponents.

use super::Eval;
use crate::expr::{Expr, Kind};
use crate::term::{Op, Term, Value};
use crate::value::Trouble;
use num_traits::ToPrimitive;

impl Eval<'_> {
    /// Returns the value of a power.
    pub(super) fn power(
        &mut self,
        base: &Expr,
        exponent: &Expr,
    ) -> Result<Term, Trouble> {
        self.calculates_with(exponent);
        // The square of a norm needs no square root.
        if let (Kind::Norm(inner), Ok(even)) =
            (&base.kind, self.whole(exponent))
            && even % 2 == 0
        {
            let value = self.value(inner)?;
            let terms = &mut self.store.terms;
            let square = match value {
                Value::Scalar(x) => terms.power(x, 2)?,
                Value::Vector(x) => terms.inner(&x, &x),
            };
            return terms.power(square, even / 2);
        }
        let base = self.scalar(base)?;
        if let Ok(exponent) = self.whole(exponent) {
            return self.store.terms.power(base, exponent);
        }
        let exponent = self.scalar(exponent)?;
        let terms = &mut self.store.terms;
        if let Some(number) = terms.as_number(exponent).cloned() {
            let (over, under) =
                (number.numer().to_i64(), number.denom().to_u32());
            let (Some(over), Some(under)) = (over, under) else {
                return Err(Trouble::Budget);
            };
            if under == 1 {
                return terms.power(base, over);
            }
            // Computes `p^{3/2}` as a power of a square root.
            if under <= 16 && under % 2 == 0 {
                let root = terms.root(under, base)?;
                return terms.power(root, over);
            }
            // Computes `p^{1/3}` from a root of even degree, which has no value
            // for negative `p`: conventions for odd roots of negative numbers
            // differ.
            if under <= 16 {
                let root = terms.root(2 * under, base);
                let root = root.map_err(|_| Trouble::disputed_power())?;
                self.store.not_negative.push(base);
                return self.store.terms.power(root, over.saturating_mul(2));
            }
        }
        Ok(terms.store(Op::RealPower(base, exponent)))
    }
}
