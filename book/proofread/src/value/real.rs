//! Real numbers of 256 bits.

use super::{Number, Trouble};
use crate::expr::Function;
use astro_float::{BigFloat, Consts, RoundingMode};
use std::cell::RefCell;
use std::cmp::Ordering;

const BITS: usize = 256;
const NEAREST: RoundingMode = RoundingMode::ToEven;

thread_local! {
    /// Digits of π and the like, computed once.
    static CONSTANTS: RefCell<Option<Consts>> = RefCell::new(Consts::new().ok());
}

/// A real number.
#[derive(Clone, Debug)]
pub(crate) struct Real(BigFloat);

impl Real {
    pub(crate) fn from_f64(x: f64) -> Self {
        Self(BigFloat::from_f64(x, BITS))
    }

    /// The nearest `f64`.
    pub(crate) fn to_f64(&self) -> f64 {
        let Some((words, _, sign, exponent, _)) = self.0.as_raw_parts() else {
            return match (self.0.is_inf_pos(), self.0.is_inf_neg()) {
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
        Self(self.0.abs())
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match self.0.cmp(&other.0) {
            Some(0) | None => Ordering::Equal,
            Some(x) if x < 0 => Ordering::Less,
            Some(_) => Ordering::Greater,
        }
    }

    pub(crate) fn is_nan(&self) -> bool {
        self.0.is_nan() || self.0.is_inf()
    }

    /// The number times `2^power`.
    pub(crate) fn shifted(&self, power: i32) -> Self {
        let factor = if power < 0 {
            let two = BigFloat::from_f64(2.0, BITS);
            let divisor =
                two.powi(power.unsigned_abs() as usize, BITS, NEAREST);
            divisor.reciprocal(BITS, NEAREST)
        } else {
            let two = BigFloat::from_f64(2.0, BITS);
            two.powi(power.unsigned_abs() as usize, BITS, NEAREST)
        };
        Self(self.0.mul(&factor, BITS, NEAREST))
    }

    pub(crate) fn pi() -> Self {
        with_constants(|c| c.pi(BITS, NEAREST))
    }

    fn checked(self, why: &'static str) -> Result<Self, Trouble> {
        if self.is_nan() { Err(Trouble::Undefined(why)) } else { Ok(self) }
    }
}

fn with_constants(f: impl FnOnce(&mut Consts) -> BigFloat) -> Real {
    CONSTANTS.with_borrow_mut(|constants| {
        Real(constants.as_mut().map_or(astro_float::NAN, f))
    })
}

impl Number for Real {
    fn decimal(digits: i64, decimals: u32) -> Self {
        let digits = BigFloat::from_i64(digits, BITS);
        let ten = BigFloat::from_i64(10, BITS);
        let shift = ten.powi(decimals as usize, BITS, NEAREST);
        Self(digits.div(&shift, BITS, NEAREST))
    }

    fn add(&self, other: &Self) -> Self {
        Self(self.0.add(&other.0, BITS, NEAREST))
    }

    fn sub(&self, other: &Self) -> Self {
        Self(self.0.sub(&other.0, BITS, NEAREST))
    }

    fn mul(&self, other: &Self) -> Self {
        Self(self.0.mul(&other.0, BITS, NEAREST))
    }

    fn div(&self, other: &Self) -> Result<Self, Trouble> {
        if other.is_zero() {
            return Err(Trouble::Division);
        }
        Ok(Self(self.0.div(&other.0, BITS, NEAREST)))
    }

    fn sqrt(&self) -> Result<Self, Trouble> {
        if self.0.is_negative() && !self.0.is_zero() {
            return Err(Trouble::Undefined("the root of a negative number"));
        }
        Ok(Self(self.0.sqrt(BITS, NEAREST)))
    }

    fn apply(&self, function: Function) -> Result<Self, Trouble> {
        let x = &self.0;
        if function == Function::Log && (x.is_negative() || x.is_zero()) {
            let why = "the logarithm of a number that is not positive";
            return Err(Trouble::Undefined(why));
        }
        let result = with_constants(|c| match function {
            Function::Log => x.ln(BITS, NEAREST, c),
            Function::Exp => x.exp(BITS, NEAREST, c),
            Function::Sin => x.sin(BITS, NEAREST, c),
            Function::Cos => x.cos(BITS, NEAREST, c),
            Function::Tanh => x.tanh(BITS, NEAREST, c),
        });
        result.checked("a value beyond all numbers")
    }

    fn power(&self, exponent: &Self) -> Result<Self, Trouble> {
        if self.0.is_negative() || self.is_zero() {
            let why = "a power of a number that is not positive";
            return Err(Trouble::Undefined(why));
        }
        self.apply(Function::Log)?.mul(exponent).apply(Function::Exp)
    }

    fn pi() -> Result<Self, Trouble> {
        Ok(Self::pi())
    }

    fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    fn key(&self) -> Vec<u64> {
        // Enough digits to tell values apart, few enough to forgive rounding.
        vec![self.to_f64().to_bits() >> 12]
    }

    fn passes_for_positive(&self) -> bool {
        self.0.is_positive() && !self.0.is_zero()
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
