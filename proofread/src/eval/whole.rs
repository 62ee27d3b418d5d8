//! Integer expressions: indices, ranges, exponents.

use super::Eval;
use crate::expr::{Expr, Kind};
use crate::notation::Bound;
use crate::value::Trouble;

impl Eval<'_> {
    /// Returns the value of an integer expression.
    pub(crate) fn whole(&self, expr: &Expr) -> Result<i64, Trouble> {
        let not = || {
            let why = format!("{expr} stands where a whole number must stand");
            Trouble::Unsupported(why)
        };
        match &expr.kind {
            Kind::Number { digits, decimals: 0 } => Ok(*digits),
            Kind::Symbol(symbol)
                if symbol.indices.is_empty() && symbol.arguments.is_empty() =>
            {
                self.named_whole(&symbol.name).ok_or_else(not)
            }
            Kind::Sum(terms) => {
                let mut total = 0_i64;
                for (minus, term) in terms {
                    let term = self.whole(term)?;
                    let signed =
                        if *minus { term.checked_neg() } else { Some(term) };
                    total = signed
                        .and_then(|term| total.checked_add(term))
                        .ok_or(Trouble::Budget)?;
                }
                Ok(total)
            }
            Kind::Product(factors) => {
                let mut total = 1_i64;
                for factor in factors {
                    total = total
                        .checked_mul(self.whole(factor)?)
                        .ok_or(Trouble::Budget)?;
                }
                Ok(total)
            }
            Kind::Power(base, exponent) => {
                let exponent = u32::try_from(self.whole(exponent)?);
                self.whole(base)?
                    .checked_pow(exponent.map_err(|_| not())?)
                    .ok_or(Trouble::Budget)
            }
            _ => Err(not()),
        }
    }

    /// Returns the value of a running index or a size.
    pub(crate) fn named_whole(&self, name: &str) -> Option<i64> {
        let bound = self.indices.iter().rev().find(|(known, _)| known == name);
        bound
            .map(|(_, value)| *value)
            .or_else(|| self.store.sizes.get(name).copied())
    }

    /// Returns the value of one end of a range.
    pub(crate) fn bound(&self, bound: &Bound) -> i64 {
        let size = bound
            .size
            .as_ref()
            .map_or(0, |size| self.named_whole(size).unwrap_or(0));
        size + bound.offset
    }
}
