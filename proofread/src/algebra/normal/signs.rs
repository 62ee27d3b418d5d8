//! Signs of terms, by their form, by their elements of the ring, and by
//! conditions.

use super::Normalizer;
use crate::term::{Guard, Op, Term};
use crate::value::{Signs, Trouble};
use crate::work;

/// The units of work for one search for a certificate.
const CERTIFICATE: u64 = 150_000;

impl Normalizer<'_> {
    /// Returns the signs that a term may have. The form of the term and its
    /// element of the ring each exclude some signs.
    pub(crate) fn signs(&mut self, term: Term) -> Result<Signs, Trouble> {
        let ratio = self.ratio(term)?;
        let signs = self.algebra.signs(&ratio);
        if signs.single().is_some() {
            return Ok(signs);
        }
        let signs = signs.and(self.signs_by_form(term)?);
        // A sign of 1/(1/x) is known only where 1/x has a value. In the ring
        // 1/(1/x) is x, which may have another sign elsewhere.
        if self.has_value(term) {
            self.algebra.learn(&ratio, signs);
        }
        Ok(signs)
    }

    /// Returns whether a term was shown to have a value on the whole domain.
    fn has_value(&mut self, term: Term) -> bool {
        if let Some(known) = self.total.get(&term) {
            return *known;
        }
        let parts = self.terms.parts(term);
        let total = parts.into_iter().all(|part| self.has_value(part))
            && self.terms.obligation(term).is_none_or(|need| {
                let signs = self.signs(need.term);
                signs.is_ok_and(|signs| signs.are(need.signs))
            });
        self.total.insert(term, total);
        total
    }

    /// Assumes that conditions hold.
    pub(crate) fn assume(&mut self, guards: &[Guard]) {
        let mut ratios = vec![];
        for guard in guards {
            if let Ok(ratio) = self.ratio(guard.term) {
                self.algebra.assume(&ratio, guard.signs);
                ratios.push((ratio, guard.signs));
            }
        }
        for (ratio, signs) in ratios {
            self.algebra.learn(&ratio, signs);
        }
    }

    /// Returns whether the conditions imply that a term has one of the signs
    /// wherever it has a value.
    pub(crate) fn follows(&mut self, term: Term, signs: Signs) -> bool {
        let ratio = self.ratio(term);
        ratio.is_ok_and(|ratio| {
            work::within(CERTIFICATE, || self.algebra.follows(&ratio, signs))
        })
    }

    /// Returns the signs of a sum, product or power from the signs of its
    /// parts: a sum of squares shows its sign before it is multiplied out.
    fn signs_by_form(&mut self, term: Term) -> Result<Signs, Trouble> {
        if self.terms.is_square(term) {
            return Ok(Signs::NOT_NEGATIVE);
        }
        Ok(match self.terms.op(term) {
            Op::Sum(parts) => {
                let mut sum = Signs::ZERO;
                for part in parts {
                    sum = sum.plus(self.signs(*part)?);
                }
                sum
            }
            Op::Product(parts) => {
                let mut product = Signs::POSITIVE;
                for part in parts {
                    product = product.times(self.signs(*part)?);
                }
                product
            }
            Op::Quotient(a, b) => {
                let b = self.signs(*b)?.and(Signs::NOT_ZERO);
                self.signs(*a)?.times(b)
            }
            Op::Power(a, exponent) => self.signs(*a)?.power(*exponent),
            Op::Absolute(a) => {
                let a = self.signs(*a)?;
                a.or(a.flipped()).and(Signs::NOT_NEGATIVE)
            }
            _ => Signs::ANY,
        })
    }
}
