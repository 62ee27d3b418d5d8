//! Real numbers with a bound on their error.
//!
//! A number is a value and a bound on its error, which every operation carries
//! along (ball arithmetic): `10^70 + 1 - 10^70` is 1, with a bound that
//! includes the digits that `10^70` lost; `10^-60` is not taken for 0. A
//! question that a ball does not decide, such as the root of a number that may
//! be negative, is [`Unclear`](crate::value::Trouble::Unclear): more bits may
//! decide it.

mod arithmetic;
#[cfg(test)]
mod tests;

use crate::value::Q;
use astro_float::{
    BigFloat, Consts, EXPONENT_MAX, RoundingMode, WORD_BASE, WORD_BIT_SIZE,
    Word,
};
use num_bigint::{BigInt, BigUint};
use num_traits::Signed;
use std::cell::{Cell, RefCell};

const NEAREST: RoundingMode = RoundingMode::ToEven;
/// The binary logarithm of the error of an exact number.
const NONE: f64 = f64::NEG_INFINITY;
/// Values between `2^-RANGE` and `2^RANGE` can be multiplied. The exponents of
/// values end at four times this range, and a product beyond would be zero. The
/// range of exponents depends on the machine.
const RANGE: f64 = (EXPONENT_MAX / 4) as f64;

thread_local! {
    /// Digits of π and of other constants, computed once.
    static CONSTANTS: RefCell<Option<Consts>> = RefCell::new(Consts::new().ok());
    static BITS: Cell<usize> = const { Cell::new(256) };
}

/// Returns the number of bits of a value.
fn bits() -> usize {
    BITS.get()
}

/// Returns the binary logarithm of the relative rounding error of a result,
/// with a margin for the rounding of the error bounds themselves.
fn rounding() -> f64 {
    2.0 - bits() as f64
}

/// Runs `f` with values of this many bits.
pub(crate) fn with_bits<T>(bits: usize, f: impl FnOnce() -> T) -> T {
    let before = BITS.replace(bits);
    let result = f();
    BITS.set(before);
    result
}

/// Returns the average work of one operation.
pub(super) fn cost() -> usize {
    let words = bits() / 64;
    4 + words * words
}

/// A real number with the binary logarithm of a bound on its error.
#[derive(Clone, Debug)]
pub(crate) struct Real {
    value: BigFloat,
    error: f64,
}

/// Returns a bound on `log2(2^a + 2^b)`: with `x = 2^(low - high)`, rounded up
/// to a power of two, `log2(1 + x)` is at most 1 and at most `1.45 x`.
fn sum(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == NONE || high == f64::INFINITY {
        return high;
    }
    #[allow(clippy::cast_possible_truncation)] // whole, and small
    let x = 2_f64.powi((low - high).ceil().max(-1000.0) as i32);
    high + (1.45 * x).min(1.0)
}

/// Returns the binary logarithm of the size of a number, to many digits.
fn size(x: &BigFloat) -> f64 {
    match x.as_raw_parts() {
        Some((words, _, _, exponent, _)) if !x.is_zero() => {
            let highest = words.last().map_or(1.0, |&word| word as f64);
            f64::from(exponent) + highest.log2() - WORD_BIT_SIZE as f64
        }
        _ => NONE,
    }
}

impl Real {
    /// Returns an exact number.
    fn exact(value: BigFloat) -> Self {
        Self { value, error: NONE }
    }

    /// Returns a result with the error of its operands, plus a rounding error
    /// if it was rounded. The error of a number out of range is infinite.
    fn rounded(value: BigFloat, error: f64) -> Self {
        let own =
            if value.inexact() { size(&value) + rounding() } else { NONE };
        let fits = value.is_zero() || size(&value).abs() < RANGE;
        let error = if fits { sum(error, own) } else { f64::INFINITY };
        Self { value, error }
    }

    /// Returns a rational number, rounded.
    pub(crate) fn rational(x: &Q) -> Self {
        let over = whole_number(x.numer());
        if x.is_integer() {
            return over;
        }
        let under = whole_number(x.denom());
        // The denominator is not zero, so the quotient has a value.
        over.div(&under).unwrap_or(over)
    }

    /// Returns a whole number.
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

    /// Returns the nearest `f64`.
    pub(crate) fn to_f64(&self) -> f64 {
        let Some((words, _, sign, exponent, _)) = self.value.as_raw_parts()
        else {
            return match (self.value.is_inf_pos(), self.value.is_inf_neg()) {
                (true, _) => f64::INFINITY,
                (_, true) => f64::NEG_INFINITY,
                _ => f64::NAN,
            };
        };
        // The mantissa is in [1/2, 1), and its highest word comes last.
        let scale = 1.0 / WORD_BASE as f64;
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

    /// Returns whether the number may be zero, given its error.
    pub(crate) fn may_be_zero(&self) -> bool {
        self.value.is_zero() || size(&self.value) <= self.error
    }

    /// Returns the binary logarithm of the bound on the error.
    #[cfg(test)]
    pub(crate) fn error(&self) -> f64 {
        self.error
    }

    /// Returns the binary logarithm of the size of the number.
    pub(crate) fn size(&self) -> f64 {
        size(&self.value)
    }

    /// Returns the number times `2^power`.
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

/// Returns a whole number, rounded if it has more bits than a value.
fn whole_number(x: &BigInt) -> Real {
    let shift = Real::exact(BigFloat::from_f64(WORD_BASE as f64, bits()));
    // `BigFloat::from_u64` is wrong where words have 32 bits.
    let word = |word: &Word| Real::exact(BigFloat::from_word(*word, bits()));
    let zero = Real::exact(BigFloat::from_f64(0.0, bits()));
    let size = words(x.magnitude())
        .iter()
        .rev()
        .fold(zero, |sum, next| sum.mul(&shift).add(&word(next)));
    if x.is_negative() { size.neg() } else { size }
}

/// Returns the words of a whole number, the lowest first.
fn words(x: &BigUint) -> Vec<Word> {
    #[cfg(target_pointer_width = "32")]
    return x.to_u32_digits();
    #[cfg(not(target_pointer_width = "32"))]
    x.to_u64_digits()
}
