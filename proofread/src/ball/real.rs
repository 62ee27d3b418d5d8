//! Real numbers that know how far off they are.
//!
//! Each is a value and a bound on its error, carried through every operation
//! (ball arithmetic): `10^70 + 1 - 10^70` is 1, and knows that it may be off
//! by as much as `10^70` lost; `10^-60` is not taken for 0. What a ball does
//! not decide, such as the root of a number that may be negative, is
//! [`Trouble::Unclear`]: more bits may decide it.

use crate::expr::Function;
use crate::value::{Q, Trouble};
use astro_float::{BigFloat, Consts, RoundingMode};
use num_bigint::BigInt;
use num_traits::Signed;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;

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

impl Real {
    pub(crate) fn neg(&self) -> Self {
        Self { value: self.value.neg(), error: self.error }
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        let value = self.value.add(&other.value, bits(), NEAREST);
        Self::rounded(value, sum(self.error, other.error))
    }

    pub(crate) fn sub(&self, other: &Self) -> Self {
        self.add(&other.neg())
    }

    pub(crate) fn mul(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return Self::whole(0);
        }
        let value = self.value.mul(&other.value, bits(), NEAREST);
        let ours = self.error + sum(other.size(), other.error);
        let theirs = self.size() + other.error;
        // Exact, and of unknown size.
        let known = |x: f64| if x.is_nan() { f64::INFINITY } else { x };
        Self::rounded(value, sum(known(ours), known(theirs)))
    }

    pub(crate) fn div(&self, other: &Self) -> Result<Self, Trouble> {
        if other.is_zero() {
            return Err(Trouble::Division);
        }
        if other.may_be_zero() {
            return Err(Trouble::Unclear);
        }
        let value = self.value.div(&other.value, bits(), NEAREST);
        // A bound below the size of the divisor, its error taken off.
        let below = other.size();
        let below = below + (-(other.error - below).exp2()).ln_1p() * 1.45;
        let error = sum(self.error, size(&value) + other.error) - below;
        Ok(Self::rounded(value, error))
    }

    pub(crate) fn sqrt(&self) -> Result<Self, Trouble> {
        if self.is_zero() {
            return Ok(self.clone());
        }
        if self.is_negative() {
            return Err(Trouble::Undefined("the root of a negative number"));
        }
        if self.may_be_zero() {
            return Err(Trouble::Unclear);
        }
        let value = self.value.sqrt(bits(), NEAREST);
        let error = self.error - size(&value);
        Ok(Self::rounded(value, error))
    }

    /// A whole power, by squaring.
    pub(crate) fn powi(&self, exponent: i64) -> Result<Self, Trouble> {
        let (mut result, mut square) = (Self::whole(1), self.clone());
        let mut left = exponent.unsigned_abs();
        while left > 0 {
            if left & 1 == 1 {
                result = result.mul(&square);
            }
            left >>= 1;
            if left > 0 {
                square = square.mul(&square);
            }
        }
        if exponent < 0 { Self::whole(1).div(&result) } else { Ok(result) }
    }

    pub(crate) fn apply(&self, function: Function) -> Result<Self, Trouble> {
        let x = &self.value;
        match function {
            Function::Log if self.is_zero() || self.is_negative() => {
                let why = "the logarithm of a number that is not positive";
                return Err(Trouble::Undefined(why));
            }
            // The bound on the slope below needs this.
            Function::Log if self.error > self.size() - 2.0 => {
                return Err(Trouble::Unclear);
            }
            // Reducing a huge angle takes as many digits as it has.
            Function::Sin | Function::Cos if self.size() > 200.0 => {
                return Err(Trouble::Unclear);
            }
            Function::Exp if self.error > 0.0 || self.size() > 40.0 => {
                return Err(Trouble::Unclear);
            }
            _ => {}
        }
        let value = with_constants(|c| match function {
            Function::Log => x.ln(bits(), NEAREST, c),
            Function::Exp => x.exp(bits(), NEAREST, c),
            Function::Sin => x.sin(bits(), NEAREST, c),
            Function::Cos => x.cos(bits(), NEAREST, c),
            Function::Tanh => x.tanh(bits(), NEAREST, c),
        });
        if value.is_nan() || value.is_inf() {
            return Err(Trouble::Unclear);
        }
        if function == Function::Exp && size(&value).abs() >= RANGE {
            return Err(Trouble::Unclear);
        }
        // By the slope over the ball. The rounding is counted whether or not
        // the value says that it was rounded.
        let own = size(&value).max(-2.0 * bits() as f64) + rounding();
        let error = match function {
            // At most twice the slope at the centre.
            Function::Log => sum(self.error - self.size() + 1.0, own),
            Function::Exp => sum(self.error + 1.0, rounding()) + size(&value),
            // No two values are more than 2 apart.
            Function::Sin | Function::Cos => sum(self.error.min(1.0), own),
            Function::Tanh => {
                // At least half of the size is beyond the error, and from
                // there on the slope is less than 4 exp(-|x|).
                let far = self.size() > self.error + 1.0;
                let slope = 2.0 - 1.44 * self.size().exp2();
                let slope = if far { slope.min(0.0) } else { 0.0 };
                sum((self.error + slope).min(1.0), own)
            }
        };
        Ok(Self { value, error })
    }

    /// A power of a positive number.
    pub(crate) fn power(&self, exponent: &Self) -> Result<Self, Trouble> {
        self.apply(Function::Log)?.mul(exponent).apply(Function::Exp)
    }

    pub(crate) fn pi() -> Self {
        let value = with_constants(|c| c.pi(bits(), NEAREST));
        let error = size(&value) + rounding();
        Self { value, error }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.value.is_zero() && self.error == NONE
    }

    /// The sign, if the error leaves no doubt.
    pub(crate) fn sign(&self) -> Option<Ordering> {
        if self.is_zero() {
            return Some(Ordering::Equal);
        }
        if self.may_be_zero() || self.value.is_nan() {
            return None;
        }
        let negative = self.value.is_negative();
        Some(if negative { Ordering::Less } else { Ordering::Greater })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quickcheck::quickcheck;

    quickcheck! {
        fn an_f64_comes_back(x: f64) -> bool {
            !x.is_finite() || x.abs() < 1e-290
                || Real::from_f64(x).to_f64() == x
        }

        fn exp_undoes_log(digits: u32) -> bool {
            let x = Real::decimal(i64::from(digits) + 1, 3);
            let back =
                x.apply(Function::Log).unwrap().apply(Function::Exp).unwrap();
            let error = back.sub(&x).abs();
            error.sub(&x.shifted(-240)).sign() == Some(Ordering::Less)
        }

        /// A rational number lies in its ball, also in one of few bits.
        fn a_fraction_lies_in_its_ball(over: i64, under: i64) -> bool {
            under == 0 || {
                let x = Q::new(over.into(), under.into());
                let coarse = with_bits(64, || Real::rational(&x));
                let fine = with_bits(512, || Real::rational(&x));
                with_bits(512, || coarse.sub(&fine).may_be_zero())
            }
        }
    }

    /// The true value lies within the bound, and the bound is not idle.
    #[test]
    fn errors_are_bounded() {
        let big = Real::whole(10).powi(70).unwrap();
        let lost = big.add(&Real::decimal(1, 1)).sub(&big);
        assert!(!lost.may_be_zero() && lost.error() < -20.0);
        let gone = big.mul(&big).add(&Real::decimal(1, 1)).sub(&big.mul(&big));
        assert!(gone.may_be_zero(), "no digit of 0.1 is left");
        let third = Real::whole(1).div(&Real::whole(3)).unwrap();
        let one = third.mul(&Real::whole(3)).sub(&Real::whole(1));
        assert!(one.may_be_zero() && one.error() < -250.0);
        let tiny = Real::whole(10).powi(-60).unwrap();
        assert_eq!(tiny.sign(), Some(Ordering::Greater));
        assert!(Real::whole(1).div(&one).is_err(), "it may be zero");
        // Ten thousand steps cost some digits, not all.
        let mut x = Real::decimal(15, 1);
        for _ in 0..10_000 {
            x = x
                .mul(&Real::decimal(11, 1))
                .div(&Real::decimal(11, 1))
                .unwrap();
        }
        let off = x.sub(&Real::decimal(15, 1));
        assert!(off.may_be_zero() && off.error() < -220.0, "{}", off.error());
    }

    #[test]
    fn what_is_exact_stays_so() {
        let [one, three] = [1, 3].map(Real::whole);
        let zero = three.mul(&three).sub(&Real::whole(9));
        assert!(zero.is_zero() && three.sub(&one).error() == NONE);
        assert!(Real::whole(9).sqrt().unwrap().error() == NONE);
        assert!(one.div(&three).unwrap().error() > -260.0);
        assert!(Real::whole(2).sqrt().unwrap().error() > -260.0);
        assert!(Real::whole(0).mul(&one.div(&three).unwrap()).is_zero());
    }

    /// A number too small or too large for the exponents of values is not
    /// taken for zero, nor for one that is not there.
    #[test]
    fn out_of_range_is_unclear() {
        let tiny = Real::whole(-1_400_000_000).apply(Function::Exp);
        assert_eq!(tiny.unwrap_err(), Trouble::Unclear);
        let tiny = Real::whole(-300_000_000).apply(Function::Exp).unwrap();
        assert_eq!(tiny.sign(), Some(Ordering::Greater));
        for power in [2, 3, 5, 9, 1 << 20] {
            let gone = tiny.powi(power).unwrap();
            assert_eq!(gone.sign(), None, "{power}");
            assert_eq!(gone.mul(&tiny).sign(), None);
            let one = Real::whole(1);
            assert_eq!(one.div(&gone).unwrap_err(), Trouble::Unclear);
            assert_eq!(one.sub(&gone).sign(), None);
            assert!(gone.mul(&Real::whole(0)).is_zero());
            let huge = one.div(&tiny).unwrap().powi(power).unwrap();
            assert_eq!(huge.sign(), None, "{power}");
            assert!(huge.mul(&Real::whole(0)).is_zero());
        }
        assert_eq!(Real::from_f64(f64::INFINITY).sign(), None);
    }

    /// A function is unclear on a ball that holds a point where the function has
    /// no value. This is so with any number of bits.
    #[test]
    fn a_ball_that_touches_zero_has_no_value() {
        let third = Real::whole(1).div(&Real::whole(3)).unwrap();
        for power in [-300, -3, 0, 80, 300] {
            let tiny = Real::whole(3).powi(-500).unwrap();
            let some = third.shifted(power);
            for zero in [some.sub(&some), some.add(&tiny).sub(&some)] {
                let unclear = |found: Result<Real, Trouble>| {
                    assert_eq!(found.unwrap_err(), Trouble::Unclear);
                };
                assert!(!zero.is_zero() && zero.may_be_zero());
                unclear(zero.sqrt());
                unclear(zero.apply(Function::Log));
                unclear(zero.power(&third));
                unclear(zero.powi(-2));
                unclear(third.div(&zero));
                assert_eq!(zero.abs().sign(), None);
            }
        }
    }

    /// What has no value says so; what may have one is unclear.
    #[test]
    fn undefined_and_unclear_are_two() {
        let minus = Real::whole(-1);
        assert!(matches!(minus.sqrt(), Err(Trouble::Undefined(_))));
        let log = minus.apply(Function::Log);
        assert!(matches!(log, Err(Trouble::Undefined(_))));
        let by_zero = Real::whole(1).div(&Real::whole(0));
        assert_eq!(by_zero.unwrap_err(), Trouble::Division);
        let third = Real::whole(1).div(&Real::whole(3)).unwrap();
        let maybe = third.sub(&third);
        assert_eq!(maybe.sqrt().unwrap_err(), Trouble::Unclear);
        assert_eq!(maybe.apply(Function::Log).unwrap_err(), Trouble::Unclear);
        let huge = Real::whole(1 << 60).apply(Function::Exp);
        assert_eq!(huge.unwrap_err(), Trouble::Unclear);
    }
}
