//! Signs that follow from other signs.
//!
//! What is known are polynomials that are not negative, some of them positive,
//! and polynomials that are zero. If products of these, with weights that are
//! not negative, add up to zero, and a positive one is among them, then no
//! point has all of these signs (Positivstellensatz). So a sign is shown: with
//! the contrary of it there is no point. The weights are found by linear
//! programming, in fractions.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `system` | what is known of the points of a part of the domain |
//! | `contradiction` | products of what is known that add up to zero |

mod contradiction;
mod system;

use super::monomial::Exponent;
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::Algebra;
use crate::value::{Q, Signs};
use num_traits::{One, Signed};
use std::collections::BTreeMap;
use system::System;

/// The most terms of one product.
const TERMS: usize = 40;

/// A combination of vectors with numbers as coefficients.
pub(super) type Vector = BTreeMap<u32, Q>;

impl Algebra {
    /// Notes a condition that holds where the claim is made.
    pub(crate) fn assume(&mut self, ratio: &Ratio, signs: Signs) {
        if let Some(number) = ratio.as_number() {
            self.contradictory |= !Signs::of(number).are(signs);
            return;
        }
        if let Some((poly, flips)) = self.sign_bearer(ratio) {
            let signs = if flips { signs.flipped() } else { signs };
            self.facts.push((poly, signs));
        }
    }

    /// Whether a condition is seen not to hold anywhere.
    pub(crate) fn is_contradictory(&self) -> bool {
        self.contradictory
    }

    /// Whether it was shown that no point meets the conditions.
    pub(crate) fn is_never_met(&self) -> bool {
        let one = Poly::constant(Q::one());
        self.contradictory
            || self.facts.len() > 1 && self.never(&one, Signs::POSITIVE)
    }

    /// Whether a ratio has one of the signs wherever it has a value, by the
    /// conditions that hold.
    pub(crate) fn follows(&mut self, ratio: &Ratio, wanted: Signs) -> bool {
        if self.contradictory {
            return true;
        }
        if let Some(number) = ratio.as_number() {
            return Signs::of(number).are(wanted);
        }
        let Some((poly, flips)) = self.sign_bearer(ratio) else {
            return false;
        };
        let wanted = if flips { wanted.flipped() } else { wanted };
        let before = self.counted();
        let contraries: &[Signs] = match wanted {
            Signs::ZERO => &[Signs::POSITIVE, Signs::NEGATIVE],
            Signs::NOT_ZERO => &[Signs::ZERO],
            Signs::POSITIVE => &[Signs::NOT_POSITIVE],
            Signs::NEGATIVE => &[Signs::NOT_NEGATIVE],
            Signs::NOT_NEGATIVE => &[Signs::NEGATIVE],
            Signs::NOT_POSITIVE => &[Signs::POSITIVE],
            _ => return false,
        };
        let found = contraries.iter().all(|signs| self.never(&poly, *signs));
        self.count_anew(before);
        found
    }

    /// A polynomial that has the sign of a ratio, or the opposite one, wherever
    /// the ratio has a value: factors whose sign is known are left out, and
    /// powers are taken to 1 or 0.
    fn sign_bearer(&mut self, of: &Ratio) -> Option<(Poly, bool)> {
        let mut minus = of.number.is_negative();
        let mut poly = Poly::constant(Q::one());
        let mut times =
            |poly: &mut Poly, by: &Poly, signs: Signs, odd: bool| {
                match (signs.single(), odd) {
                    (Some(sign), true) if sign != 0 => minus ^= sign < 0,
                    (Some(sign), false) if sign != 0 => {}
                    (_, true) => *poly = poly.times(by),
                    // An even power may be zero.
                    (_, false) => {
                        *poly = poly.times(by);
                        *poly = poly.times(by);
                    }
                }
            };
        for (generator, exponent) in of.monomial.iter() {
            let signs = Signs::within(self.interval(generator));
            let odd = !exponent.is_integer() || exponent.to_integer() % 2 != 0;
            if exponent < Exponent::ZERO && !signs.are(Signs::NOT_ZERO) {
                // Of 1/x a sign is known where x is not 0 only.
                if !self.is_not_zero(&Poly::generator(generator)) {
                    return None;
                }
            }
            times(&mut poly, &Poly::generator(generator), signs, odd);
        }
        let factors: Vec<(Poly, i64)> =
            of.factors.iter().map(|(f, e)| (f.clone(), *e)).collect();
        for (factor, exponent) in factors {
            let signs = self.signs_of_poly(&factor);
            if exponent < 0
                && !signs.are(Signs::NOT_ZERO)
                && !self.is_not_zero(&factor)
            {
                return None;
            }
            times(&mut poly, &factor, signs, exponent % 2 != 0);
        }
        (poly.len() <= TERMS).then_some((poly, minus))
    }

    /// Whether the conditions say that a polynomial is not zero.
    fn is_not_zero(&self, poly: &Poly) -> bool {
        !self.facts.is_empty() && self.never(poly, Signs::ZERO)
    }

    /// Whether no point of the part has a polynomial of these signs.
    fn never(&self, poly: &Poly, signs: Signs) -> bool {
        let mut system = System::default();
        system.add(poly, signs);
        for (poly, signs) in &self.facts {
            system.add(poly, *signs);
        }
        let conditions = system.known.len();
        let Some(generators) = self.closed(&system) else { return false };
        let squares = self.add_bounds(&mut system, &generators);
        [false, true].into_iter().any(|more| {
            !crate::work::is_spent()
                && self.contradicts(
                    &system,
                    conditions,
                    &squares,
                    &generators,
                    more,
                )
        })
    }
}
