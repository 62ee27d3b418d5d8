//! Sums over the entries of vectors: `\sum_{j=1}^{d} x_j y_j` is the inner
//! product, in any dimension.

use super::Eval;
use crate::expr::{Big, Expr, Kind};
use crate::needs::{has_family, is_dimension};
use crate::term::{Combination, Term};
use crate::value::Trouble;

impl Eval<'_> {
    /// Returns a sum over all entries, or `None` for any other sum.
    pub(super) fn over_entries(
        &mut self,
        big: &Big,
    ) -> Result<Option<Term>, Trouble> {
        let is_dimension =
            is_dimension(&big.to) && self.notation.sizes.contains_key("d");
        let from_one =
            matches!(big.from.kind, Kind::Number { digits: 1, decimals: 0 });
        let has_family = has_family(&big.body, &big.index);
        if big.product || !is_dimension || !from_one || has_family {
            return Ok(None);
        }
        self.entries(&big.body, &big.index).map(Some)
    }

    fn entries(&mut self, body: &Expr, index: &str) -> Result<Term, Trouble> {
        if !mentions(body, index) {
            let value = self.scalar(body)?;
            let dimension = self.store.dimension();
            return Ok(self.store.terms.mul(dimension, value));
        }
        match &body.kind {
            Kind::Sum(parts) => {
                let mut sum = vec![];
                for (minus, part) in parts {
                    let part = self.entries(part, index)?;
                    let terms = &mut self.store.terms;
                    sum.push(if *minus { terms.neg(part) } else { part });
                }
                Ok(self.store.terms.sum(&sum))
            }
            Kind::Quotient(over, under) if !mentions(under, index) => {
                let over = self.entries(over, index)?;
                let under = self.scalar(under)?;
                self.store.terms.div(over, under)
            }
            Kind::Power(base, exponent)
                if matches!(
                    exponent.kind,
                    Kind::Number { digits: 2, decimals: 0 }
                ) =>
            {
                let base = self.combination(base, index)?;
                Ok(self.store.terms.inner(&base, &base))
            }
            Kind::Product(factors) => {
                let (with, without): (Vec<&Expr>, Vec<&Expr>) =
                    factors.iter().partition(|f| mentions(f, index));
                let product = match with.as_slice() {
                    [only] => self.entries(only, index)?,
                    [a, b] => {
                        let a = self.combination(a, index)?;
                        let b = self.combination(b, index)?;
                        self.store.terms.inner(&a, &b)
                    }
                    _ => return Err(unsupported()),
                };
                let mut all = vec![product];
                for factor in without {
                    all.push(self.scalar(factor)?);
                }
                Ok(self.store.terms.product(&all))
            }
            _ => Err(unsupported()),
        }
    }

    /// Converts an expression that is linear in vector entries to a vector:
    /// `x_j + 2 y_j` becomes `x + 2 y`.
    fn combination(
        &mut self,
        of: &Expr,
        index: &str,
    ) -> Result<Combination, Trouble> {
        match &of.kind {
            Kind::Entry(vector, at) if is_index(at, index) => {
                let vector = self.value(vector)?;
                vector.vector(&self.store.terms)
            }
            Kind::Sum(parts) => {
                let mut sum = Combination::zero();
                for (minus, part) in parts {
                    let part = self.combination(part, index)?;
                    let terms = &mut self.store.terms;
                    sum = if *minus {
                        terms.sub_vectors(&sum, &part)
                    } else {
                        terms.add_vectors(&sum, &part)
                    };
                }
                Ok(sum)
            }
            Kind::Product(factors) => {
                let (with, without): (Vec<&Expr>, Vec<&Expr>) =
                    factors.iter().partition(|f| mentions(f, index));
                let [only] = with.as_slice() else {
                    return Err(unsupported());
                };
                let mut vector = self.combination(only, index)?;
                for factor in without {
                    let factor = self.scalar(factor)?;
                    vector = self.store.terms.scale_vector(factor, &vector);
                }
                Ok(vector)
            }
            _ => Err(unsupported()),
        }
    }
}

fn unsupported() -> Trouble {
    let why = "a sum over entries that is not made of products of two";
    Trouble::Unsupported(why.into())
}

fn is_index(expr: &Expr, index: &str) -> bool {
    matches!(&expr.kind, Kind::Symbol(s) if s.name == index)
}

/// Checks whether an expression contains an index.
fn mentions(expr: &Expr, index: &str) -> bool {
    let mut found = false;
    expr.visit(&mut |e| found |= is_index(e, index));
    found
}
