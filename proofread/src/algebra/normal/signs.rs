//! Terms show their signs by their form, by what they are in the ring, and by
//! conditions.

use super::Normalizer;
use crate::term::{Guard, Op, Term};
use crate::value::{Signs, Trouble};
use crate::work;

/// Units of work for one search for a certificate.
const CERTIFICATE: u64 = 150_000;

impl Normalizer<'_> {
    /// The signs that a term may have. Its form excludes some signs, and its
    /// element of the ring excludes some.
    pub(crate) fn signs(&mut self, term: Term) -> Result<Signs, Trouble> {
        let ratio = self.ratio(term)?;
        let signs = self.algebra.signs(&ratio);
        if signs.single().is_some() {
            return Ok(signs);
        }
        let signs = signs.and(self.signs_by_form(term)?);
        // What is known of 1/(1/x) is known where 1/x is a number: of x, which
        // is the same in the ring, it may not be true elsewhere.
        if self.has_value(term) {
            self.algebra.learn(&ratio, signs);
        }
        Ok(signs)
    }

    /// Whether a term was shown to have a value on the whole domain.
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

    /// Takes conditions to hold.
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

    /// Whether a term has one of the signs wherever it has a value, by the
    /// conditions that hold.
    pub(crate) fn follows(&mut self, term: Term, signs: Signs) -> bool {
        let ratio = self.ratio(term);
        ratio.is_ok_and(|ratio| {
            work::within(CERTIFICATE, || self.algebra.follows(&ratio, signs))
        })
    }

    /// The signs of sums, products and powers by those of their parts: a sum
    /// of squares shows its sign before it is multiplied out.
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
