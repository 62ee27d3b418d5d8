//! Limits of quotients, from the limits of both parts or of their derivatives,
//! and of products as quotients.

use super::{Approach, Limit};
use crate::expr::Function;
use crate::solve::limit::{depends, fraction};
use crate::term::{Op, Term};
use crate::value::Signs;

impl Approach<'_> {
    pub(super) fn quotient(
        &mut self,
        a: Term,
        b: Term,
        depth: u32,
    ) -> Option<Limit> {
        let (above, below) = (self.limit(a, depth)?, self.limit(b, depth)?);
        match (above, below) {
            (Limit::Finite(_), Limit::Infinite(_)) => {
                Some(Limit::Finite(self.terms.zero()))
            }
            (Limit::Infinite(minus), Limit::Finite(at)) => {
                let signs = self.signs(at)?;
                let flips = if signs.are(Signs::POSITIVE) {
                    false
                } else if signs.are(Signs::NEGATIVE) {
                    true
                } else if signs == Signs::ZERO {
                    self.sign_near(b)?
                } else {
                    return None;
                };
                Some(Limit::Infinite(minus ^ flips))
            }
            (Limit::Infinite(_), Limit::Infinite(_)) => {
                self.by_derivatives(a, b, depth)
            }
            (Limit::Finite(over), Limit::Finite(under)) => {
                let (over_signs, signs) =
                    (self.signs(over)?, self.signs(under)?);
                if signs.are(Signs::NOT_ZERO) {
                    let value = self.terms.div(over, under).ok()?;
                    return self.finite(value);
                }
                if signs != Signs::ZERO {
                    return None;
                }
                if over_signs == Signs::ZERO {
                    return self.by_derivatives(a, b, depth);
                }
                let minus = if over_signs.are(Signs::POSITIVE) {
                    false
                } else if over_signs.are(Signs::NEGATIVE) {
                    true
                } else {
                    return None;
                };
                Some(Limit::Infinite(minus ^ self.sign_near(b)?))
            }
        }
    }

    /// Returns the limit by L'Hôpital's rule. No function here oscillates near
    /// the place: for a sine or a cosine of an argument that goes to infinity,
    /// no limit is found.
    fn by_derivatives(
        &mut self,
        a: Term,
        b: Term,
        depth: u32,
    ) -> Option<Limit> {
        let depth = depth.checked_sub(1)?;
        let a = self.terms.derivative(a, self.variable).ok()?;
        let b = self.terms.derivative(b, self.variable).ok()?;
        let quotient = self.terms.div(a, b).ok()?;
        let (a, b) = fraction(self.terms, quotient).ok()?;
        self.quotient(a, b, depth)
    }

    /// Returns the limit of a term as one fraction.
    pub(super) fn as_fraction(
        &mut self,
        term: Term,
        depth: u32,
    ) -> Option<Limit> {
        let (a, b) = fraction(self.terms, term).ok()?;
        if self.terms.as_number(b).is_some() {
            return None;
        }
        let depth = depth.checked_sub(1)?;
        self.quotient(a, b, depth)
    }

    /// Returns the limit of a product of a factor that goes to 0 and one that
    /// goes to infinity, as a quotient: each factor in turn is moved to the
    /// denominator.
    pub(super) fn quotients(
        &mut self,
        parts: &[Term],
        depth: u32,
    ) -> Option<Limit> {
        let depth = depth.checked_sub(1)?;
        for i in 0..parts.len() {
            let Some(below) = self.inverse(parts[i]) else { continue };
            let rest = [&parts[..i], &parts[i + 1..]].concat();
            let above = self.terms.product(&rest);
            if let Some(found) = self.quotient(above, below, depth) {
                return Some(found);
            }
        }
        None
    }

    /// Returns the inverse of a term that varies and is not zero near the
    /// place.
    fn inverse(&mut self, of: Term) -> Option<Term> {
        if !depends(self.terms, &[of], self.variable) {
            return None;
        }
        match self.terms.op(of).clone() {
            Op::Function(Function::Exp, inner) => {
                let minus = self.terms.neg(inner);
                self.terms.exp(minus).ok()
            }
            Op::Power(a, n) => {
                self.sign_near(a)?;
                self.terms.power(a, n.checked_neg()?).ok()
            }
            Op::Quotient(a, b) => {
                self.sign_near(a)?;
                self.terms.div(b, a).ok()
            }
            _ => {
                self.sign_near(of)?;
                let one = self.terms.whole(1);
                self.terms.div(one, of).ok()
            }
        }
    }
}
