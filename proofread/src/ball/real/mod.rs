//! Real numbers that know how far off they are.
//!
//! Each is a value and a bound on its error, carried through every operation
//! (ball arithmetic): `10^70 + 1 - 10^70` is 1, and knows that it may be off
//! by as much as `10^70` lost; `10^-60` is not taken for 0. What a ball does
//! not decide, such as the root of a number that may be negative, is
//! [`Unclear`](crate::value::Trouble::Unclear): more bits may decide it.

mod arithmetic;
#[cfg(test)]
mod tests;

use crate::value::Q;
use astro_float::{BigFloat, Consts, RoundingMode};
use num_bigint::BigInt;
use num_traits::Signed;
use std::cell::{Cell, RefCell};

const NEAREST: RoundingMode = RoundingMode::ToEven;
/// The error of what is exact: no bits at all.
const NONE: f64 = f64::NEG_INFINITY;
/// Values up to `2^RANGE` and from `2^-RANGE` on can be multiplied: beyond
/// twice that the exponents of values end, and a product would be zero.
const RANGE: f64 = 536_870_912.0;

thread_local! {
    /// Digits of π and the like, computed once.
    static CONSTANTS: RefCell<Option<Consts>> = RefCell::new(Consts::new().ok());
    static BITS: Cell<usize> = const { Cell::new(256) };
}

/// The bits of a value.
fn bits() -> usize {
    BITS.get()
}

/// The rounding error of a result, relative to it, as a power of two, with
/// some room for the rounding of the bounds themselves.
fn rounding() -> f64 {
    2.0 - bits() as f64
}

/// Runs `f` with values of so many bits.
pub(crate) fn with_bits<T>(bits: usize, f: impl FnOnce() -> T) -> T {
    let before = BITS.replace(bits);
    let result = f();
    BITS.set(before);
    result
}

/// The work of one operation, on average.
pub(super) fn cost() -> usize {
    let words = bits() / 64;
    4 + words * words
}

/// A real number, and the binary logarithm of a bound on its error.
#[derive(Clone, Debug)]
pub(crate) struct Real {
    value: BigFloat,
    error: f64,
}

/// A bound on `log2(2^a + 2^b)`: with `x = 2^(low - high)`, rounded up to a
/// power of two, `log2(1 + x)` is at most 1 and at most `1.45 x`.
fn sum(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == NONE || high == f64::INFINITY {
        return high;
    }
    #[allow(clippy::cast_possible_truncation)] // whole, and small
    let x = 2_f64.powi((low - high).ceil().max(-1000.0) as i32);
    high + (1.45 * x).min(1.0)
}

/// The binary logarithm of the size of a number, to many digits.
fn size(x: &BigFloat) -> f64 {
    match x.as_raw_parts() {
        Some((words, _, _, exponent, _)) if !x.is_zero() => {
            let highest = words.last().map_or(1.0, |&word| word as f64);
            f64::from(exponent) + highest.log2() - 64.0
        }
        _ => NONE,
    }
}

impl Real {
    /// An exact number.
    fn exact(value: BigFloat) -> Self {
        Self { value, error: NONE }
    }

    /// A result that may have been rounded, and had an error before. Of a
    /// number out of range nothing is known.
    fn rounded(value: BigFloat, error: f64) -> Self {
        let own =
            if value.inexact() { size(&value) + rounding() } else { NONE };
        let fits = value.is_zero() || size(&value).abs() < RANGE;
        let error = if fits { sum(error, own) } else { f64::INFINITY };
        Self { value, error }
    }

    /// A rational number, rounded.
    pub(crate) fn rational(x: &Q) -> Self {
        let over = whole_number(x.numer());
        if x.is_integer() {
            return over;
        }
        let under = whole_number(x.denom());
        // The denominator is not zero, so this has a value.
        over.div(&under).unwrap_or(over)
    }

    /// A whole number.
    pub(crate) fn whole(x: i64) -> Self {
        whole_number(&BigInt::from(x))
    }

    #[cfg(test)]
    pub(crate) fn decimal(digits: i64, decimals: u32) -> Self {
        let ten = num_traits::Pow::pow(BigInt::from(10), decimals);
        Self::rational(&Q::new(digits.into(), ten))
    }

    pub(crate) fn from_f64(x: f64) -> Self {
        Self::rounded(BigFloat::from_f64(x, bits()), NONE)
    }

    /// The nearest `f64`.
    pub(crate) fn to_f64(&self) -> f64 {
        let Some((words, _, sign, exponent, _)) = self.value.as_raw_parts()
        else {
            return match (self.value.is_inf_pos(), self.value.is_inf_neg()) {
                (true, _) => f64::INFINITY,
                (_, true) => f64::NEG_INFINITY,
                _ => f64::NAN,
            };
        };
        // The mantissa is in [1/2, 1), its highest word last.
        let scale = 2_f64.powi(-64);
        let mantissa =
            words.iter().fold(0.0, |low, &word| (low + word as f64) * scale);
        let exponent = exponent.clamp(-1100, 1100);
        let half = exponent / 2;
        let size = mantissa * 2_f64.powi(half) * 2_f64.powi(exponent - half);
        if sign.is_negative() { -size } else { size }
    }

    pub(crate) fn abs(&self) -> Self {
        Self { value: self.value.abs(), error: self.error }
    }

    /// Whether it may be zero, as far as its error tells.
    pub(crate) fn may_be_zero(&self) -> bool {
        self.value.is_zero() || size(&self.value) <= self.error
    }

    /// The binary logarithm of the bound on its error.
    #[cfg(test)]
    pub(crate) fn error(&self) -> f64 {
        self.error
    }

    /// The binary logarithm of its size.
    pub(crate) fn size(&self) -> f64 {
        size(&self.value)
    }

    /// The number times `2^power`.
    pub(crate) fn shifted(&self, power: i32) -> Self {
        let two = BigFloat::from_f64(2.0, bits());
        let size = two.powi(power.unsigned_abs() as usize, bits(), NEAREST);
        let value = if power < 0 {
            self.value.div(&size, bits(), NEAREST)
        } else {
            self.value.mul(&size, bits(), NEAREST)
        };
        Self::rounded(value, self.error + f64::from(power))
    }

    fn is_negative(&self) -> bool {
        self.value.is_negative() && !self.may_be_zero()
    }
}

fn with_constants(f: impl FnOnce(&mut Consts) -> BigFloat) -> BigFloat {
    CONSTANTS.with_borrow_mut(|constants| {
        constants.as_mut().map_or(astro_float::NAN, f)
    })
}

/// A whole number, rounded if it has more bits than a value.
fn whole_number(x: &BigInt) -> Real {
    let shift =
        Real::exact(BigFloat::from_f64(18_446_744_073_709_551_616.0, bits()));
    let word = |word: &u64| Real::exact(BigFloat::from_u64(*word, bits()));
    let words = x.magnitude().to_u64_digits();
    let zero = Real::exact(BigFloat::from_f64(0.0, bits()));
    let size = words
        .iter()
        .rev()
        .fold(zero, |sum, next| sum.mul(&shift).add(&word(next)));
    if x.is_negative() { size.neg() } else { size }
}
