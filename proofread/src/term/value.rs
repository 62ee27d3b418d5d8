//! Values of expressions at one choice of sizes and indices.

use super::{Combination, Term, Terms};
use crate::value::Trouble;

/// A number or a vector.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Scalar(Term),
    Vector(Combination),
}

impl Value {
    /// Returns the number; an error for a vector.
    pub(crate) fn scalar(self) -> Result<Term, Trouble> {
        match self {
            Self::Scalar(x) => Ok(x),
            Self::Vector(_) => Err(mismatch()),
        }
    }

    /// Returns the vector; the number 0 is also the vector 0.
    pub(crate) fn vector(self, terms: &Terms) -> Result<Combination, Trouble> {
        match self {
            Self::Vector(x) => Ok(x),
            Self::Scalar(zero) if terms.is_zero(zero) => {
                Ok(Combination::zero())
            }
            Self::Scalar(_) => Err(mismatch()),
        }
    }

    /// Returns the number, or the coefficients of the vector.
    pub(crate) fn numbers(&self) -> Vec<Term> {
        match self {
            Self::Scalar(number) => vec![*number],
            Self::Vector(vector) => vector.coefficients().collect(),
        }
    }

    /// Returns both values as vectors, if one is a vector.
    fn pair(
        a: &Self,
        b: &Self,
        terms: &Terms,
    ) -> Result<Option<(Combination, Combination)>, Trouble> {
        if let (Self::Scalar(_), Self::Scalar(_)) = (a, b) {
            Ok(None)
        } else {
            let a = a.clone().vector(terms)?;
            Ok(Some((a, b.clone().vector(terms)?)))
        }
    }

    pub(crate) fn add(
        &self,
        other: &Self,
        terms: &mut Terms,
    ) -> Result<Self, Trouble> {
        match (self, other, Self::pair(self, other, terms)?) {
            (.., Some((a, b))) => Ok(Self::Vector(terms.add_vectors(&a, &b))),
            (Self::Scalar(a), Self::Scalar(b), None) => {
                Ok(Self::Scalar(terms.add(*a, *b)))
            }
            _ => Err(mismatch()),
        }
    }

    pub(crate) fn sub(
        &self,
        other: &Self,
        terms: &mut Terms,
    ) -> Result<Self, Trouble> {
        let minus = terms.whole(-1);
        self.add(&other.scaled(minus, terms), terms)
    }

    pub(crate) fn scaled(&self, by: Term, terms: &mut Terms) -> Self {
        match self {
            Self::Scalar(x) => Self::Scalar(terms.mul(by, *x)),
            Self::Vector(x) => Self::Vector(terms.scale_vector(by, x)),
        }
    }

    pub(crate) fn times(
        &self,
        other: &Self,
        terms: &mut Terms,
    ) -> Result<Self, Trouble> {
        match (self, other) {
            (Self::Scalar(a), b) | (b, Self::Scalar(a)) => {
                Ok(b.scaled(*a, terms))
            }
            _ => Err(mismatch()),
        }
    }
}

/// Returns the error for a number in the place of a vector. Types are checked
/// before evaluation, so the error should not occur.
fn mismatch() -> Trouble {
    Trouble::Unsupported("a number stands where a vector must stand".into())
}
