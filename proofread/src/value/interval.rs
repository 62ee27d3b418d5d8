//! Intervals of numbers.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Pow, Zero};
use std::cmp::Ordering;

/// An interval. Each end may belong to it or not; a missing end is infinite.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Interval {
    pub(crate) low: Option<BigRational>,
    pub(crate) high: Option<BigRational>,
    pub(crate) with_low: bool,
    pub(crate) with_high: bool,
}

impl Interval {
    /// All real numbers.
    pub(crate) const REALS: Self =
        Self { low: None, high: None, with_low: false, with_high: false };

    /// Returns the interval from `low` to infinity.
    pub(crate) fn from(low: BigRational, with_low: bool) -> Self {
        Self { low: Some(low), with_low, ..Self::REALS }
    }

    /// Returns the interval from `low` to `high`, both included.
    pub(crate) fn closed(low: BigRational, high: BigRational) -> Self {
        let (low, high) = (Some(low), Some(high));
        Self { low, high, with_low: true, with_high: true }
    }

    /// Returns the interval that contains one number.
    pub(crate) fn point(at: &BigRational) -> Self {
        Self::closed(at.clone(), at.clone())
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "real" {
            return Some(Self::REALS);
        }
        let with_low = match text.chars().next()? {
            '[' => true,
            '(' => false,
            _ => return None,
        };
        let with_high = match text.chars().last()? {
            ']' => true,
            ')' => false,
            _ => return None,
        };
        let inner = text.get(1..text.len() - 1)?;
        let (low, high) = inner.split_once(',')?;
        let (low, high) = (low.trim(), high.trim());
        let infinite = |text| matches!(text, "oo" | "\\infty" | "∞");
        let low_end = low.strip_prefix('-').is_some_and(infinite);
        let low = if low_end { None } else { Some(number(low)?) };
        let high = if infinite(high) { None } else { Some(number(high)?) };
        // Infinity belongs to no interval.
        if with_low && low.is_none() || with_high && high.is_none() {
            return None;
        }
        let interval = Self { low, high, with_low, with_high };
        (!interval.is_empty()).then_some(interval)
    }

    /// Returns whether the interval contains no number.
    pub(crate) fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => match low.cmp(high) {
                Ordering::Less => false,
                Ordering::Equal => !(self.with_low && self.with_high),
                Ordering::Greater => true,
            },
            _ => false,
        }
    }

    /// Returns the only number in the interval, if there is just one.
    pub(crate) fn single(&self) -> Option<&BigRational> {
        let low = self.low.as_ref()?;
        (Some(low) == self.high.as_ref()).then_some(low)
    }

    /// Returns whether the interval contains a number.
    pub(crate) fn holds(&self, x: &BigRational) -> bool {
        let above = self
            .low
            .as_ref()
            .is_none_or(|low| x > low || self.with_low && x == low);
        above
            && self
                .high
                .as_ref()
                .is_none_or(|high| x < high || self.with_high && x == high)
    }

    /// Returns whether the interval contains all of another.
    pub(crate) fn contains(&self, other: &Self) -> bool {
        let low = match (&self.low, &other.low) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => {
                a < b || a == b && (self.with_low || !other.with_low)
            }
        };
        low && match (&self.high, &other.high) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => {
                a > b || a == b && (self.with_high || !other.with_high)
            }
        }
    }

    /// Returns the intersection of two intervals.
    pub(crate) fn meet(&self, other: &Self) -> Self {
        let (low, with_low) = match (&self.low, &other.low) {
            (Some(a), Some(b)) if a == b => {
                (Some(a), self.with_low && other.with_low)
            }
            (Some(a), Some(b)) if a > b => (Some(a), self.with_low),
            (Some(a), None) => (Some(a), self.with_low),
            (_, b) => (b.as_ref(), other.with_low),
        };
        let (high, with_high) = match (&self.high, &other.high) {
            (Some(a), Some(b)) if a == b => {
                (Some(a), self.with_high && other.with_high)
            }
            (Some(a), Some(b)) if a < b => (Some(a), self.with_high),
            (Some(a), None) => (Some(a), self.with_high),
            (_, b) => (b.as_ref(), other.with_high),
        };
        let (low, high) = (low.cloned(), high.cloned());
        Self { low, high, with_low, with_high }
    }

    /// Returns a bounded part of the interval, from which values are drawn.
    pub(crate) fn to_draw(&self) -> Self {
        let three = BigRational::from_integer(3.into());
        let mut part = self.clone();
        match (&self.low, &self.high) {
            (Some(_), Some(_)) => {}
            (Some(low), None) => part.high = Some(low + three),
            (None, Some(high)) => part.low = Some(high - three),
            (None, None) => {
                (part.low, part.high) = (Some(-three.clone()), Some(three));
            }
        }
        part
    }
}

/// Writes the interval as a notation file does.
impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let open = if self.with_low { '[' } else { '(' };
        let close = if self.with_high { ']' } else { ')' };
        match &self.low {
            Some(low) => write!(f, "{open}{low}, ")?,
            None => write!(f, "(-oo, ")?,
        }
        match &self.high {
            Some(high) => write!(f, "{high}{close}"),
            None => write!(f, "oo)"),
        }
    }
}

/// Parses a decimal number such as `0.25` or `1e-7`, exactly.
pub(crate) fn number(text: &str) -> Option<BigRational> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
        None => (text, 0_i32),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, mantissa),
    };
    let (before, after) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{before}{after}");
    let is_number = !all.is_empty()
        && all.len() < 400
        && all.bytes().all(|b| b.is_ascii_digit());
    if !is_number || exponent.unsigned_abs() > 400 {
        return None;
    }
    let value: BigInt = all.parse().ok()?;
    let shift = exponent - i32::try_from(after.len()).ok()?;
    let ten = BigRational::from_integer(10.into());
    let value = BigRational::from_integer(value * sign);
    let scale =
        if shift == 0 { BigRational::one() } else { Pow::pow(&ten, shift) };
    Some(if value.is_zero() { value } else { value * scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(over: i64, under: i64) -> BigRational {
        BigRational::new(over.into(), under.into())
    }

    /// Checks that ends are exact, however small or large they are.
    #[test]
    fn ends_are_exact() {
        let small = Interval::read("[0, 1e-7]").unwrap();
        assert!(small.holds(&q(1, 10_000_000)) && !small.holds(&q(1, 1000)));
        let large = Interval::read("(1e13, 1e14)").unwrap();
        assert!(large.holds(&q(20_000_000_000_000, 1)));
        assert!(!large.holds(&q(10_000_000_000_000, 1)));
        assert_eq!(Interval::read("[0.1, 0.6]").unwrap().low, Some(q(1, 10)));
        assert!(Interval::read("(1, 1)").is_none());
        assert!(Interval::read("[2, 1]").is_none());
        assert!(Interval::read("[1, x]").is_none());
    }

    #[test]
    fn an_interval_holds_what_lies_in_it() {
        let unit = Interval::read("(0, 1]").unwrap();
        assert!(unit.holds(&q(1, 1)) && !unit.holds(&q(0, 1)));
        let half = Interval::read("[0.5, oo)").unwrap();
        let both = unit.meet(&half);
        assert_eq!(both, Interval::read("[0.5, 1]").unwrap());
        assert!(unit.contains(&both) && !half.contains(&unit));
        assert!(Interval::REALS.contains(&half));
    }
}
