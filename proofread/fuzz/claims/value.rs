//! Values of expressions at rational points: exact where the operations are
//! rational, otherwise an `f64` with a bound on its error.

use super::expr::{Binary, Expr, Function};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;

/// A number, exact or with a bound on its error.
#[derive(Clone, Debug)]
pub(super) enum Number {
    Exact(BigRational),
    /// An approximation, and a bound on its error.
    Near(f64, f64),
}

/// The reason for a missing number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// There is certainly no number.
    Undefined,
    /// The existence or the size of the number is unclear.
    Unclear,
}

type Found = Result<Number, Missing>;

/// The most bits of the numerator or denominator of an exact number.
const BITS: u64 = 4000;

impl Number {
    pub(super) fn whole(x: i64) -> Self {
        Self::Exact(BigRational::from_integer(x.into()))
    }

    /// Returns an approximation and a bound on its error. The error of an exact
    /// number is its rounding error.
    pub(super) fn near(&self) -> (f64, f64) {
        match self {
            Self::Exact(x) => {
                let near = x.to_f64().unwrap_or(f64::NAN);
                (near, near.abs() * 1e-15 + f64::MIN_POSITIVE)
            }
            Self::Near(x, error) => (*x, *error),
        }
    }

    /// Returns the sign, if it is clear.
    pub(super) fn sign(&self) -> Option<Ordering> {
        match self {
            Self::Exact(x) => Some(x.cmp(&BigRational::zero())),
            // The margin keeps a small mistake in this file from becoming a
            // verdict.
            Self::Near(x, error) if x.abs() > 8.0 * error => {
                x.partial_cmp(&0.0)
            }
            Self::Near(..) => None,
        }
    }

    fn negated(&self) -> Self {
        match self {
            Self::Exact(x) => Self::Exact(-x),
            Self::Near(x, error) => Self::Near(-x, *error),
        }
    }

    /// Returns the difference of two numbers.
    pub(super) fn minus(&self, other: &Self) -> Found {
        two(Binary::Sub, self, other)
    }
}

/// Returns a result of `f64` arithmetic, and adds the rounding error to the
/// bound on its error.
fn near(x: f64, error: f64) -> Found {
    let error = error * 1.000_001 + x.abs() * 1e-14 + f64::MIN_POSITIVE;
    if x.is_finite() && error.is_finite() && x.abs() < 1e280 {
        Ok(Number::Near(x, error))
    } else {
        Err(Missing::Unclear)
    }
}

fn exact(x: BigRational) -> Found {
    if x.numer().bits().max(x.denom().bits()) > BITS {
        return Err(Missing::Unclear);
    }
    Ok(Number::Exact(x))
}

/// Returns the value of an expression at a point.
pub(super) fn value(expr: &Expr, at: &[BigRational]) -> Found {
    match expr {
        Expr::Number(over, under) => {
            exact(BigRational::new((*over).into(), (*under).into()))
        }
        Expr::Symbol(number) => exact(at[*number].clone()),
        Expr::Two(binary, a, b) => {
            // An undefined operand makes the result undefined, whatever the
            // other operand is.
            match (value(a, at), value(b, at)) {
                (Ok(a), Ok(b)) => two(*binary, &a, &b),
                (Err(Missing::Undefined), _) | (_, Err(Missing::Undefined)) => {
                    Err(Missing::Undefined)
                }
                _ => Err(Missing::Unclear),
            }
        }
        Expr::Power(a, exponent) => power(&value(a, at)?, *exponent),
        Expr::Root(degree, a) => root(&value(a, at)?, *degree),
        Expr::Of(function, a) => of(*function, &value(a, at)?),
    }
}

fn two(binary: Binary, a: &Number, b: &Number) -> Found {
    if binary == Binary::Div {
        match b.sign() {
            Some(Ordering::Equal) => return Err(Missing::Undefined),
            None => return Err(Missing::Unclear),
            _ => {}
        }
    }
    if let (Number::Exact(a), Number::Exact(b)) = (a, b) {
        return exact(match binary {
            Binary::Add => a + b,
            Binary::Sub => a - b,
            Binary::Mul => a * b,
            Binary::Div => a / b,
            Binary::Max => a.max(b).clone(),
            Binary::Min => a.min(b).clone(),
        });
    }
    let ((x, dx), (y, dy)) = (a.near(), b.near());
    match binary {
        Binary::Add => near(x + y, dx + dy),
        Binary::Sub => near(x - y, dx + dy),
        Binary::Mul => near(x * y, x.abs() * dy + dx * y.abs() + dx * dy),
        Binary::Div => {
            let below = y.abs() - dy;
            near(x / y, (dx + (x / y).abs() * dy) / below)
        }
        Binary::Max => near(x.max(y), dx.max(dy)),
        Binary::Min => near(x.min(y), dx.max(dy)),
    }
}

fn power(a: &Number, exponent: i32) -> Found {
    if exponent < 0 {
        let one = Number::whole(1);
        return two(Binary::Div, &one, &power(a, -exponent)?);
    }
    let mut result = Number::whole(1);
    for _ in 0..exponent {
        result = two(Binary::Mul, &result, a)?;
    }
    Ok(result)
}

fn root(a: &Number, degree: u32) -> Found {
    match a.sign() {
        None => return Err(Missing::Unclear),
        Some(Ordering::Equal) => return Ok(Number::whole(0)),
        Some(Ordering::Less) if degree.is_multiple_of(2) => {
            return Err(Missing::Undefined);
        }
        Some(Ordering::Less) => {
            return Ok(root(&a.negated(), degree)?.negated());
        }
        Some(Ordering::Greater) => {}
    }
    if let Number::Exact(x) = a {
        let whole = |x: &BigInt| {
            let root = x.nth_root(degree);
            (Pow::pow(&root, degree) == *x).then_some(root)
        };
        if let (Some(over), Some(under)) = (whole(x.numer()), whole(x.denom()))
        {
            return exact(BigRational::new(over, under));
        }
    }
    let (x, dx) = a.near();
    let y = x.powf(1.0 / f64::from(degree));
    // If q ≥ 1, the root of a number q times as large is at most q times as
    // large.
    near(y, y * dx / (x - dx))
}

fn of(function: Function, a: &Number) -> Found {
    let (x, dx) = a.near();
    let zero = matches!(a, Number::Exact(x) if x.is_zero());
    match function {
        Function::Abs => match a {
            Number::Exact(x) => exact(x.abs()),
            Number::Near(..) => near(x.abs(), dx),
        },
        Function::Log => match a.sign() {
            None => Err(Missing::Unclear),
            Some(Ordering::Greater) => {
                let one = matches!(a, Number::Exact(x) if x.is_one());
                if one {
                    return Ok(Number::whole(0));
                }
                near(x.ln(), dx / (x - dx) + 1e-15)
            }
            Some(_) => Err(Missing::Undefined),
        },
        Function::Exp | Function::Cos if zero => Ok(Number::whole(1)),
        Function::Sin | Function::Tanh if zero => Ok(Number::whole(0)),
        Function::Exp if dx > 0.5 || x < -600.0 => Err(Missing::Unclear),
        Function::Exp => near(x.exp(), 2.0 * x.exp() * dx),
        Function::Sin => near(x.sin(), dx + 1e-15),
        Function::Cos => near(x.cos(), dx + 1e-15),
        Function::Tanh => near(x.tanh(), dx + 1e-15),
    }
}
