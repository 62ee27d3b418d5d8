//! Sets of signs.

use super::interval::Interval;
use super::number::Q;
use num_traits::{Signed, Zero};

/// A set of signs that a quantity may have.
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

    /// Returns the sign of a number.
    pub(crate) fn of(number: &Q) -> Self {
        if number.is_zero() {
            Self::ZERO
        } else if number.is_positive() {
            Self::POSITIVE
        } else {
            Self::NEGATIVE
        }
    }

    /// Returns the signs of the numbers in an interval.
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

    /// Returns the union of two sets.
    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the intersection of two sets.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns whether all of these signs are among others.
    pub(crate) fn are(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Returns the signs after a multiplication by -1.
    pub(crate) fn flipped(self) -> Self {
        Self(self.0 & 2 | (self.0 & 1) << 2 | (self.0 & 4) >> 2)
    }

    /// Returns the signs of a product.
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

    /// Returns the signs of a sum.
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

    /// Returns the signs of a whole power, where the power has a value.
    pub(crate) fn power(self, exponent: i64) -> Self {
        let mut signs = self;
        if exponent % 2 == 0 && signs.0 & 1 != 0 {
            signs = Self(signs.0 & 2 | 4);
        }
        // A negative power of zero has no value.
        if exponent < 0 { signs.and(Self::NOT_ZERO) } else { signs }
    }

    /// Returns the sign as -1, 0 or 1, if there is only one.
    pub(crate) fn single(self) -> Option<i32> {
        match self {
            Self::NEGATIVE => Some(-1),
            Self::ZERO => Some(0),
            Self::POSITIVE => Some(1),
            _ => None,
        }
    }
}
