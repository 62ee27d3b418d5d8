//! Square roots, in the field and of fractions.

use super::Eval;
use crate::expr::{Expr, Kind};
use crate::value::{Number, Trouble};
use crate::world::Source;

impl<S: Source> Eval<'_, S> {
    /// In the field, where a sum that is positive need not be a square,
    /// `√(w²) = w` holds only for those that are: the others are drawn anew.
    pub(super) fn require_squares(
        &mut self,
        radicand: &Expr,
    ) -> Result<(), Trouble> {
        if !S::IN_FIELD {
            return Ok(());
        }
        let mut sums = vec![];
        squared_sums(radicand, false, &mut sums);
        for sum in sums {
            if crate::sign::is_positive(sum, self.notation)
                && !self.scalar(sum)?.passes_for_positive()
            {
                return Err(Trouble::Reject);
            }
        }
        Ok(())
    }
}

/// An exponent such as 3/2 or 0.25 as a whole number over a power of two.
pub(super) fn halves(exponent: &Expr) -> Option<(i64, u32)> {
    let whole = |e: &Expr| match e.kind {
        Kind::Number { digits, decimals: 0 } => Some(digits),
        _ => None,
    };
    let (over, under) = match &exponent.kind {
        Kind::Quotient(a, b) => (whole(a)?, whole(b)?),
        Kind::Number { digits, decimals } => {
            (*digits, 10_i64.checked_pow(*decimals)?)
        }
        Kind::Sum(terms) => match terms.as_slice() {
            [(true, term)] => {
                let (over, roots) = halves(term)?;
                return Some((-over, roots));
            }
            _ => return None,
        },
        _ => return None,
    };
    // 25/100 is 1/4.
    let factor = (1..=over.abs().min(under))
        .rev()
        .take(2000)
        .find(|f| over % f == 0 && under % f == 0)?;
    let (over, under) = (over / factor, under / factor);
    let roots = under.trailing_zeros();
    (under == 1 << roots && (1..=3).contains(&roots)).then_some((over, roots))
}

/// The root of a number that is the square of a fraction, such as 9/4.
pub(super) fn rational_root(expr: &Expr) -> Option<(i64, i64)> {
    let root = |n: i64| {
        let root = n.unsigned_abs().isqrt().cast_signed();
        (n >= 0 && root.checked_mul(root) == Some(n)).then_some(root)
    };
    let ten = |decimals: u32| 10_i64.checked_pow(decimals);
    let number = |e: &Expr| match e.kind {
        Kind::Number { digits, decimals } => Some((digits, ten(decimals)?)),
        _ => None,
    };
    let (over, under) = match &expr.kind {
        Kind::Quotient(a, b) => {
            let ((a, p), (b, q)) = (number(a)?, number(b)?);
            (a.checked_mul(q)?, b.checked_mul(p)?)
        }
        _ => number(expr)?,
    };
    Some((root(over)?, root(under).filter(|&root| root > 0)?))
}

/// The sums that stand squared under a root.
fn squared_sums<'a>(expr: &'a Expr, squared: bool, out: &mut Vec<&'a Expr>) {
    match &expr.kind {
        Kind::Product(factors) => {
            factors.iter().for_each(|f| squared_sums(f, squared, out));
        }
        Kind::Quotient(a, b) => {
            squared_sums(a, squared, out);
            squared_sums(b, squared, out);
        }
        Kind::Power(base, _) => squared_sums(base, true, out),
        Kind::Sum(_) if squared => out.push(expr),
        _ => {}
    }
}
