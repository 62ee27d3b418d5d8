//! Generators, which stand for free variables or for values of functions.

use super::poly::Poly;
use super::ratio::Ratio;
use crate::value::Interval;
use std::collections::BTreeMap;

/// The meaning of a generator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A free real variable, by its number.
    Variable(u32),
    /// One minus a free real variable.
    Complement(u32),
    /// π.
    Pi,
    /// The root of this degree; a root of even degree is never negative.
    Root(i64, Poly),
    /// The absolute value.
    Absolute(Poly),
    /// `exp` of a term with the coefficient 1.
    Exponential(Ratio),
    /// The logarithm of a positive ratio.
    Logarithm(Ratio),
    /// The sine.
    Sine(Ratio),
    /// The cosine.
    Cosine(Ratio),
    /// The inner product of two vectors, by their numbers.
    Inner(u32, u32),
    /// The value of an unknown function.
    Call(String, Vec<Argument>),
}

/// An argument of a function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    /// A number.
    Scalar(Ratio),
    /// A combination of vectors.
    Vector(Combination),
}

/// A linear combination of vectors, by their numbers.
pub(crate) type Combination = BTreeMap<u32, Ratio>;

/// A generator of the ring. Its values lie in the interval, and satisfy the
/// relation if there is one.
#[derive(Clone, Debug)]
pub(crate) struct Generator {
    pub(crate) kind: Kind,
    pub(crate) interval: Interval,
    /// The relation `g^n = p`, which rewrites higher powers by lower ones.
    pub(crate) relation: Option<(i64, Poly)>,
}
