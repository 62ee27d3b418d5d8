//! Conditions under which terms have values.

use super::{Op, Term, Terms};
use crate::expr::Function;
use crate::value::Signs;

/// A condition on a part of a term, without which the term has no value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Obligation {
    pub(crate) term: Term,
    /// The signs that the part may have.
    pub(crate) signs: Signs,
    /// The exponent, if the part is the base of a power: the base may be 0 if
    /// the exponent is positive.
    pub(crate) exponent: Option<Term>,
}

impl Terms {
    /// Returns the conditions under which terms have values.
    pub(crate) fn obligations(&self, roots: &[Term]) -> Vec<Obligation> {
        let mut all = vec![];
        self.visit(roots, &mut |part| all.extend(self.obligation(part)));
        all
    }

    /// Returns the condition under which a term has a value, if its parts have
    /// values.
    pub(crate) fn obligation(&self, of: Term) -> Option<Obligation> {
        let (term, signs, exponent) = match self.op(of) {
            Op::Quotient(_, b) => (*b, Signs::NOT_ZERO, None),
            Op::Power(a, ..=0) => (*a, Signs::NOT_ZERO, None),
            Op::Root(degree, a) if degree % 2 == 0 => {
                (*a, Signs::NOT_NEGATIVE, None)
            }
            Op::Function(Function::Log, a) => (*a, Signs::POSITIVE, None),
            Op::RealPower(a, b) => (*a, Signs::POSITIVE, Some(*b)),
            _ => return None,
        };
        let number = self.as_number(term);
        if number.is_some_and(|x| Signs::of(x).are(signs)) {
            return None;
        }
        Some(Obligation { term, signs, exponent })
    }
}
