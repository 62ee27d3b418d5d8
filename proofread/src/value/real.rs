//! Real numbers of 256 bits that know how far off they are.
//!
//! Each is a value and a bound on its error, carried through every operation
//! (ball arithmetic): `10^70 + 1 - 10^70` is 1, and knows that it may be off
//! by as much as `10^70` lost; `10^-60` is not taken for 0.

use super::{Number, Trouble};
use crate::expr::Function;
use astro_float::{BigFloat, Consts, RoundingMode};
use std::cell::RefCell;
use std::cmp::Ordering;

const BITS: usize = 256;
/// The rounding error of a result, relative to it, as a power of two.
const ROUNDING: f64 = -256.0;
const NEAREST: RoundingMode = RoundingMode::ToEven;
/// The error of what is exact: no bits at all.
const NONE: f64 = f64::NEG_INFINITY;

thread_local! {
    /// Digits of π and the like, computed once.
    static CONSTANTS: RefCell<Option<Consts>> = RefCell::new(Consts::new().ok());
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

    /// A result that may have been rounded, and had an error before.
    fn rounded(value: BigFloat, error: f64) -> Self {
        if !value.inexact() {
            return Self { value, error };
        }
        let error = sum(error, size(&value) + ROUNDING);
        Self { value, error }
    }

    pub(crate) fn from_f64(x: f64) -> Self {
        Self::exact(BigFloat::from_f64(x, BITS))
    }

    /// A number that is known to within an error only.
    pub(crate) fn uncertain(value: f64, error: f64) -> Self {
        let value = BigFloat::from_f64(value, BITS);
        Self { value, error: error.log2() }
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

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match self.value.cmp(&other.value) {
            Some(0) | None => Ordering::Equal,
            Some(x) if x < 0 => Ordering::Less,
            Some(_) => Ordering::Greater,
        }
    }

    pub(crate) fn is_nan(&self) -> bool {
        self.value.is_nan() || self.value.is_inf()
    }

    /// Whether it may be zero, as far as its error tells.
    pub(crate) fn may_be_zero(&self) -> bool {
        self.value.is_zero() || size(&self.value) <= self.error
    }

    /// The binary logarithm of the bound on its error.
    pub(crate) fn error(&self) -> f64 {
        self.error
    }

    /// The binary logarithm of its size.
    pub(crate) fn size(&self) -> f64 {
        size(&self.value)
    }

    /// The number times `2^power`.
    pub(crate) fn shifted(&self, power: i32) -> Self {
        let two = BigFloat::from_f64(2.0, BITS);
        let size = two.powi(power.unsigned_abs() as usize, BITS, NEAREST);
        let value = if power < 0 {
            self.value.div(&size, BITS, NEAREST)
        } else {
            self.value.mul(&size, BITS, NEAREST)
        };
        Self { value, error: self.error + f64::from(power) }
    }

    fn checked(self, why: &'static str) -> Result<Self, Trouble> {
        if self.is_nan() || self.error == f64::INFINITY {
            Err(Trouble::Undefined(why))
        } else {
            Ok(self)
        }
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

impl Number for Real {
    fn decimal(digits: i64, decimals: u32) -> Self {
        let digits = BigFloat::from_i64(digits, BITS);
        if decimals == 0 {
            return Self::exact(digits);
        }
        let ten = BigFloat::from_i64(10, BITS);
        let shift = ten.powi(decimals as usize, BITS, NEAREST);
        Self::rounded(digits.div(&shift, BITS, NEAREST), NONE)
    }

    fn add(&self, other: &Self) -> Self {
        let value = self.value.add(&other.value, BITS, NEAREST);
        Self::rounded(value, sum(self.error, other.error))
    }

    fn sub(&self, other: &Self) -> Self {
        let value = self.value.sub(&other.value, BITS, NEAREST);
        Self::rounded(value, sum(self.error, other.error))
    }

    fn mul(&self, other: &Self) -> Self {
        let value = self.value.mul(&other.value, BITS, NEAREST);
        let ours = self.error + sum(other.size(), other.error);
        Self::rounded(value, sum(ours, self.size() + other.error))
    }

    fn div(&self, other: &Self) -> Result<Self, Trouble> {
        if other.may_be_zero() {
            return Err(Trouble::Division);
        }
        let value = self.value.div(&other.value, BITS, NEAREST);
        // A bound below the size of the divisor, its error taken off.
        let below = other.size();
        let below = below + (-(other.error - below).exp2()).ln_1p() * 1.45;
        let error = sum(self.error, size(&value) + other.error) - below;
        Ok(Self::rounded(value, error))
    }

    fn sqrt(&self) -> Result<Self, Trouble> {
        if self.is_negative() {
            return Err(Trouble::Undefined("the root of a negative number"));
        }
        if self.may_be_zero() {
            // √(x + e) and √x differ by √e at most.
            let value = BigFloat::from_f64(0.0, BITS);
            let size = sum(self.size(), self.error);
            return Ok(Self { value, error: size / 2.0 });
        }
        let value = self.value.sqrt(BITS, NEAREST);
        let error = self.error - size(&value);
        Ok(Self::rounded(value, error))
    }

    fn apply(&self, function: Function) -> Result<Self, Trouble> {
        let x = &self.value;
        match function {
            Function::Log if !self.passes_for_positive() => {
                let why = "the logarithm of a number that is not positive";
                return Err(Trouble::Undefined(why));
            }
            // Reducing a huge angle takes as many digits as it has.
            Function::Sin | Function::Cos if self.size() > 1000.0 => {
                return Err(Trouble::Undefined("an angle beyond all measure"));
            }
            _ => {}
        }
        let value = with_constants(|c| match function {
            Function::Log => x.ln(BITS, NEAREST, c),
            Function::Exp => x.exp(BITS, NEAREST, c),
            Function::Sin => x.sin(BITS, NEAREST, c),
            Function::Cos => x.cos(BITS, NEAREST, c),
            Function::Tanh => x.tanh(BITS, NEAREST, c),
        });
        if function == Function::Exp && value.is_zero() {
            return Err(Trouble::Undefined("a value next to nothing"));
        }
        // By the slope over the ball, at most twice that at its centre.
        let error = match function {
            // Near zero the others round relative to their arguments.
            Function::Log => sum(self.error - self.size() + 1.0, ROUNDING),
            Function::Exp if self.error > 0.0 => f64::INFINITY,
            Function::Exp => self.error + size(&value) + 1.0,
            Function::Sin | Function::Cos | Function::Tanh => {
                sum(self.error, ROUNDING)
            }
        };
        Self::rounded(value, error).checked("a value beyond all numbers")
    }

    fn power(&self, exponent: &Self) -> Result<Self, Trouble> {
        if !self.passes_for_positive() {
            let why = "a power of a number that is not positive";
            return Err(Trouble::Undefined(why));
        }
        self.apply(Function::Log)?.mul(exponent).apply(Function::Exp)
    }

    fn pi() -> Result<Self, Trouble> {
        Ok(Self::rounded(with_constants(|c| c.pi(BITS, NEAREST)), NONE))
    }

    fn is_zero(&self) -> bool {
        self.value.is_zero() && self.error == NONE
    }

    fn key(&self) -> Vec<u64> {
        // Half of the digits: enough to tell values apart, few enough to
        // forgive rounding.
        let mut value = self.value.clone();
        if self.may_be_zero() || value.set_precision(128, NEAREST).is_err() {
            return vec![0];
        }
        let Some((words, _, sign, exponent, _)) = value.as_raw_parts() else {
            return vec![0];
        };
        let mut key = words.to_vec();
        key.push(u64::from(sign.is_negative()));
        key.push(i64::from(exponent).cast_unsigned());
        key
    }

    fn passes_for_positive(&self) -> bool {
        self.value.is_positive() && !self.may_be_zero()
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
            error.compare(&x.shifted(-240)) == Ordering::Less
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
        assert!(!tiny.may_be_zero() && tiny.passes_for_positive());
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
        assert!(off.may_be_zero() && off.error() < -230.0, "{}", off.error());
    }

    #[test]
    fn what_is_exact_stays_so() {
        let [one, three] = [1, 3].map(Real::whole);
        let zero = three.mul(&three).sub(&Real::whole(9));
        assert!(zero.is_zero() && three.sub(&one).error() == NONE);
        assert!(Real::whole(9).sqrt().unwrap().error() == NONE);
        assert!(one.div(&three).unwrap().error() > -260.0);
        assert!(Real::whole(2).sqrt().unwrap().error() > -260.0);
    }

    #[test]
    fn what_has_no_value_says_so() {
        let minus = Real::whole(-1);
        assert!(minus.sqrt().is_err());
        assert!(minus.apply(Function::Log).is_err());
        assert!(Real::whole(0).apply(Function::Log).is_err());
        assert!(Real::whole(1).div(&Real::whole(0)).is_err());
        assert!(Real::whole(1 << 60).apply(Function::Exp).is_err());
    }
}
