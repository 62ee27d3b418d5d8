//! Values: what an expression comes to at one point.
//!
//! The same evaluator runs over two kinds of number: elements of a prime
//! field, where an identity is tested exactly, and real numbers of 256 bits,
//! where everything else is.

mod field;
mod real;

pub(crate) use field::Element;
pub(crate) use real::Real;

use crate::expr::Function;

/// Why an expression has no value at a point.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// An index outside its range: the claim says nothing here.
    OutOfRange(String),
    /// A division by zero.
    Division,
    /// The root or logarithm of a number that has none.
    Undefined(&'static str),
    /// A field element that should be a square is none: draw again.
    Reject,
    /// Not made of field operations and square roots.
    NotAlgebraic,
    /// A definition that comes back to itself.
    Circle(String),
    /// Too much work, or too deep.
    Budget,
    /// Something that this evaluator does not do, with the reason.
    Unsupported(String),
}

/// A number that the evaluator can run on.
pub(crate) trait Number: Clone + std::fmt::Debug {
    fn decimal(digits: i64, decimals: u32) -> Self;
    fn add(&self, other: &Self) -> Self;
    fn sub(&self, other: &Self) -> Self;
    fn mul(&self, other: &Self) -> Self;
    fn div(&self, other: &Self) -> Result<Self, Trouble>;
    fn sqrt(&self) -> Result<Self, Trouble>;
    fn apply(&self, function: Function) -> Result<Self, Trouble>;
    fn power(&self, exponent: &Self) -> Result<Self, Trouble>;
    /// The number π, where there is one.
    fn pi() -> Result<Self, Trouble>;
    fn is_zero(&self) -> bool;
    /// A key for tables: equal numbers have equal keys.
    fn key(&self) -> Vec<u64>;
    /// Whether it is positive, or as good as: in the field, a square.
    fn passes_for_positive(&self) -> bool;

    fn whole(value: i64) -> Self {
        Self::decimal(value, 0)
    }

    /// A whole power, by squaring.
    fn powi(&self, exponent: i64) -> Result<Self, Trouble> {
        if exponent.unsigned_abs() > 10_000 {
            return Err(Trouble::Budget);
        }
        let (mut result, mut square) = (Self::whole(1), self.clone());
        let mut left = exponent.unsigned_abs();
        while left > 0 {
            if left & 1 == 1 {
                result = result.mul(&square);
            }
            square = square.mul(&square);
            left >>= 1;
        }
        if exponent < 0 { Self::whole(1).div(&result) } else { Ok(result) }
    }
}

/// The dimension in which vectors are drawn.
pub(crate) const DIMENSION: usize = 3;

/// A number or a vector.
#[derive(Clone, Debug)]
pub(crate) enum Value<N> {
    Scalar(N),
    Vector([N; DIMENSION]),
}

impl<N: Number> Value<N> {
    pub(crate) fn scalar(self) -> Result<N, Trouble> {
        match self {
            Self::Scalar(x) => Ok(x),
            Self::Vector(_) => Err(mismatch()),
        }
    }

    pub(crate) fn entries(&self) -> &[N] {
        match self {
            Self::Scalar(x) => std::slice::from_ref(x),
            Self::Vector(x) => x,
        }
    }

    fn zip(
        &self,
        other: &Self,
        f: impl Fn(&N, &N) -> N,
    ) -> Result<Self, Trouble> {
        match (self, other) {
            (Self::Scalar(a), Self::Scalar(b)) => Ok(Self::Scalar(f(a, b))),
            (Self::Vector(a), Self::Vector(b)) => {
                Ok(Self::Vector(std::array::from_fn(|i| f(&a[i], &b[i]))))
            }
            // The number 0 is also the vector 0.
            (Self::Scalar(zero), Self::Vector(b)) if zero.is_zero() => {
                Ok(Self::Vector(b.each_ref().map(|b| f(&N::whole(0), b))))
            }
            (Self::Vector(a), Self::Scalar(zero)) if zero.is_zero() => {
                Ok(Self::Vector(a.each_ref().map(|a| f(a, &N::whole(0)))))
            }
            _ => Err(mismatch()),
        }
    }

    pub(crate) fn add(&self, other: &Self) -> Result<Self, Trouble> {
        self.zip(other, N::add)
    }

    pub(crate) fn sub(&self, other: &Self) -> Result<Self, Trouble> {
        self.zip(other, N::sub)
    }

    pub(crate) fn scaled(&self, factor: &N) -> Self {
        match self {
            Self::Scalar(x) => Self::Scalar(x.mul(factor)),
            Self::Vector(x) => {
                Self::Vector(x.each_ref().map(|x| x.mul(factor)))
            }
        }
    }

    pub(crate) fn times(&self, other: &Self) -> Result<Self, Trouble> {
        match (self, other) {
            (Self::Scalar(a), b) | (b, Self::Scalar(a)) => Ok(b.scaled(a)),
            _ => Err(mismatch()),
        }
    }

    /// The sum of the products of the entries.
    pub(crate) fn inner(&self, other: &Self) -> Result<N, Trouble> {
        let (a, b) = (self.entries(), other.entries());
        if a.len() != b.len() {
            return Err(mismatch());
        }
        let products = a.iter().zip(b).map(|(a, b)| a.mul(b));
        Ok(products.reduce(|a, b| a.add(&b)).unwrap_or(N::whole(0)))
    }
}

/// Types are checked before anything is evaluated.
fn mismatch() -> Trouble {
    Trouble::Unsupported("a number where a vector should be".into())
}
