//! Signs that follow from other signs.
//!
//! Some polynomials are known to be nonnegative, some of them positive, and
//! some are known to be zero. Suppose that products of these polynomials, with
//! nonnegative weights, add up to zero, and that one of the products is
//! positive. Then no point has all of these signs (Positivstellensatz). A sign
//! is proved by showing this for the opposite sign. Linear programming in
//! fractions finds the weights.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `system` | the known signs on a part of the domain |
//! | `contradiction` | products of known polynomials that add up to zero |

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

/// The largest number of terms of one product.
const TERMS: usize = 40;

/// A combination of vectors with numbers as coefficients.
pub(super) type Vector = BTreeMap<u32, Q>;

impl Algebra {
    /// Notes a condition that holds wherever the claim is made.
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

    /// Returns whether a condition obviously holds nowhere.
    pub(crate) fn is_contradictory(&self) -> bool {
        self.contradictory
    }

    /// Returns whether it was shown that no point meets the conditions.
    pub(crate) fn is_never_met(&self) -> bool {
        let one = Poly::constant(Q::one());
        self.contradictory
            || self.facts.len() > 1 && self.never(&one, Signs::POSITIVE)
    }

    /// Returns whether the conditions imply that a ratio has one of the signs
    /// wherever it has a value.
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

    /// Returns a polynomial that has the sign of a ratio wherever the ratio has
    /// a value, and true if the sign is the opposite one. Factors of known sign
    /// are left out, and exponents are reduced to 0, 1 or 2.
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
                // A sign of 1/x is known only where x is not 0.
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
            if poly.len() > TERMS || crate::work::is_spent() {
                return None;
            }
        }
        Some((poly, minus))
    }

    /// Returns whether the conditions imply that a polynomial is not zero.
    fn is_not_zero(&self, poly: &Poly) -> bool {
        !self.facts.is_empty() && self.never(poly, Signs::ZERO)
    }

    /// Returns whether no point that meets the conditions gives a polynomial
    /// one of these signs.
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
