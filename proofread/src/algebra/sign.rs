//! Which signs an element of the ring may have on the domain.

use super::bounds::{plus, power, times};
use super::monomial::{Exponent, Gen, share};
use super::orthant;
use super::poly::{Poly, Q};
use super::ratio::Ratio;
use super::ring::{Algebra, Kind};
use crate::notation::Interval;
use num_traits::{One, Signed, Zero};
use std::collections::BTreeMap;

/// A set of signs: those that a quantity may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Signs(u8);

impl Signs {
    pub(crate) const NEGATIVE: Self = Self(1);
    pub(crate) const ZERO: Self = Self(2);
    pub(crate) const POSITIVE: Self = Self(4);
    pub(crate) const NOT_NEGATIVE: Self = Self(6);
    pub(crate) const NOT_POSITIVE: Self = Self(3);
    pub(crate) const NOT_ZERO: Self = Self(5);
    pub(crate) const ANY: Self = Self(7);
    pub(crate) const NONE: Self = Self(0);

    /// The sign of a number.
    pub(crate) fn of(number: &Q) -> Self {
        if number.is_zero() {
            Self::ZERO
        } else if number.is_positive() {
            Self::POSITIVE
        } else {
            Self::NEGATIVE
        }
    }

    /// The signs of the numbers in an interval.
    pub(crate) fn within(interval: &Interval) -> Self {
        let zero = Q::zero();
        let below = interval.low.as_ref().is_none_or(|low| *low < zero);
        let above = interval.high.as_ref().is_none_or(|high| *high > zero);
        let mut signs = Self::NONE;
        if below {
            signs = signs.or(Self::NEGATIVE);
        }
        if above {
            signs = signs.or(Self::POSITIVE);
        }
        if interval.holds(&zero) {
            signs = signs.or(Self::ZERO);
        }
        signs
    }

    /// What is in one of two sets.
    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both of two sets.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of these signs are among others.
    pub(crate) fn are(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// The signs of what is multiplied by -1.
    pub(crate) fn flipped(self) -> Self {
        Self(self.0 & 2 | (self.0 & 1) << 2 | (self.0 & 4) >> 2)
    }

    /// The signs of a product.
    pub(crate) fn times(self, other: Self) -> Self {
        let mut signs = Self::NONE;
        for (one, flips) in [(1, true), (2, false), (4, false)] {
            if self.0 & one == 0 {
                continue;
            }
            signs = signs.or(match (one, flips) {
                (2, _) if other != Self::NONE => Self::ZERO,
                (2, _) => Self::NONE,
                (_, true) => other.flipped(),
                (_, false) => other,
            });
        }
        signs
    }

    /// The signs of a sum.
    pub(crate) fn plus(self, other: Self) -> Self {
        let mut signs = Self::NONE;
        for a in [Self::NEGATIVE, Self::ZERO, Self::POSITIVE] {
            for b in [Self::NEGATIVE, Self::ZERO, Self::POSITIVE] {
                if self.and(a) == Self::NONE || other.and(b) == Self::NONE {
                    continue;
                }
                signs = signs.or(match (a, b) {
                    (Self::ZERO, sign) | (sign, Self::ZERO) => sign,
                    (a, b) if a == b => a,
                    _ => Self::ANY,
                });
            }
        }
        signs
    }

    /// The signs of a whole power of what has a value.
    pub(crate) fn power(self, exponent: i64) -> Self {
        let mut signs = self;
        if exponent % 2 == 0 && signs.0 & 1 != 0 {
            signs = Self(signs.0 & 2 | 4);
        }
        // A negative power of zero has no value.
        if exponent < 0 { signs.and(Self::NOT_ZERO) } else { signs }
    }

    /// The one sign there is, as -1, 0 or 1.
    pub(crate) fn single(self) -> Option<i32> {
        match self {
            Self::NEGATIVE => Some(-1),
            Self::ZERO => Some(0),
            Self::POSITIVE => Some(1),
            _ => None,
        }
    }
}

impl Algebra {
    /// The signs that an element may have where it has a value.
    pub(crate) fn signs(&mut self, ratio: &Ratio) -> Signs {
        let mut signs = Signs::of(&ratio.number);
        for (of, exponent) in ratio.monomial.iter() {
            signs = signs.times(self.signs_of_power(of, exponent));
        }
        for (factor, exponent) in &ratio.factors {
            // Even powers are plain, and may spare the work.
            let own = self.signs_of_poly(factor);
            signs = signs.times(own.power(*exponent));
        }
        signs
    }

    fn signs_of_power(&self, of: Gen, exponent: Exponent) -> Signs {
        let own = Signs::within(self.interval(of));
        if exponent.is_integer() {
            return own.power(exponent.to_integer());
        }
        // A root of what is never negative.
        let own = own.and(Signs::NOT_NEGATIVE);
        if exponent < Exponent::ZERO { own.and(Signs::POSITIVE) } else { own }
    }

    /// The signs that a polynomial may have.
    pub(crate) fn signs_of_poly(&mut self, poly: &Poly) -> Signs {
        if let Some(number) = poly.as_constant() {
            return Signs::of(&number);
        }
        if let Some(known) = self.signs.get(poly) {
            return *known;
        }
        let mut signs = Signs::within(&self.bounds(poly));
        if signs.single().is_none() && !crate::work::is_spent() {
            let (poly, boxes) = self.with_cosines(poly);
            signs = signs.and(orthant::signs(&poly, &boxes));
        }
        self.signs.insert(poly.clone(), signs);
        signs
    }

    /// Notes the signs that an element was shown to have in another way, for
    /// its only polynomial.
    pub(crate) fn learn(&mut self, ratio: &Ratio, signs: Signs) {
        let mut factors = ratio.factors.iter();
        let (Some((factor, exponent)), None) = (factors.next(), factors.next())
        else {
            return;
        };
        // Of 1/x a sign is known where x is not 0: that is nothing about x.
        let below = ratio.monomial.iter().filter(|(_, e)| *e < Exponent::ZERO);
        let mut zeros = below.filter(|(of, _)| {
            !Signs::within(self.interval(*of)).are(Signs::NOT_ZERO)
        });
        if *exponent < 0 || zeros.next().is_some() {
            return;
        }
        let mut rest = ratio.clone();
        rest.factors.clear();
        let rest = self.signs(&rest);
        if exponent % 2 != 0
            && rest.are(Signs::NOT_ZERO)
            && rest.single().is_some()
        {
            let known = self.signs_of_poly(factor).and(signs.times(rest));
            self.signs.insert(factor.clone(), known);
        }
    }

    /// A polynomial with every inner product of two different vectors written
    /// as a cosine times their lengths, and the intervals of its generators.
    fn with_cosines(&self, poly: &Poly) -> (Poly, BTreeMap<Gen, Interval>) {
        let mut boxes = BTreeMap::new();
        let mut result = Poly::zero();
        let one = || Q::one();
        let cosine = Interval::closed(-one(), one());
        for (monomial, coefficient) in poly.terms() {
            let mut changed = monomial.clone();
            for (of, exponent) in monomial.iter() {
                let Kind::Inner(a, b) = self.generator(of).kind else {
                    boxes.insert(of, self.interval(of).clone());
                    continue;
                };
                if a == b {
                    boxes.insert(of, self.interval(of).clone());
                    continue;
                }
                let squares = [a, b].map(|v| self.known(&Kind::Inner(v, v)));
                let [Some(a), Some(b)] = squares else {
                    boxes.insert(of, Interval::REALS);
                    continue;
                };
                // The generator itself stands for the cosine from here on.
                boxes.insert(of, cosine.clone());
                for square in [a, b] {
                    let half = share(exponent, 2);
                    let length = super::Monomial::power(square, half);
                    changed = changed.times(&length);
                    boxes.insert(square, self.interval(square).clone());
                }
            }
            result.put(changed, coefficient.clone());
        }
        (result, boxes)
    }

    /// An interval that holds every value of a polynomial, by interval
    /// arithmetic.
    pub(crate) fn bounds(&self, poly: &Poly) -> Interval {
        let mut sum = Interval::point(&Q::zero());
        for (monomial, coefficient) in poly.terms() {
            if crate::work::is_spent() {
                return Interval::REALS;
            }
            let mut product = Interval::point(coefficient);
            for (of, exponent) in monomial.iter() {
                let power = power(self.interval(of), exponent);
                product = times(&product, &power);
            }
            sum = plus(&sum, &product);
        }
        sum
    }
}
