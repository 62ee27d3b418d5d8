//! Arithmetic and functions of balls.

use super::{
    NEAREST, NONE, RANGE, Real, bits, rounding, size, sum, with_constants,
};
use crate::expr::Function;
use crate::value::Trouble;
use std::cmp::Ordering;

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
        // An exact value times a value of unknown size gives NaN.
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
        // A lower bound on the divisor: its size minus its error.
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

    /// Returns a whole power, by repeated squaring.
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
            // The bound on the slope below holds if the error is at most a
            // quarter of the size.
            Function::Log if self.error > self.size() - 2.0 => {
                return Err(Trouble::Unclear);
            }
            // Reducing a huge angle takes as many digits as the angle has.
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
        // The bound is the error times the slope over the ball. The rounding
        // error is added whether or not the value says that it was rounded.
        let own = size(&value).max(-2.0 * bits() as f64) + rounding();
        let error = match function {
            // The slope is at most twice the slope at the centre.
            Function::Log => sum(self.error - self.size() + 1.0, own),
            Function::Exp => sum(self.error + 1.0, rounding()) + size(&value),
            // No two values are more than 2 apart.
            Function::Sin | Function::Cos => sum(self.error.min(1.0), own),
            Function::Tanh => {
                // Each point of the ball is at least |x|/2 from zero, so the
                // slope there is less than 4 exp(-|x|).
                let far = self.size() > self.error + 1.0;
                let slope = 2.0 - 1.44 * self.size().exp2();
                let slope = if far { slope.min(0.0) } else { 0.0 };
                sum((self.error + slope).min(1.0), own)
            }
        };
        Ok(Self { value, error })
    }

    /// Returns a power of a positive number.
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

    /// Returns the sign, if the error leaves no doubt.
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
