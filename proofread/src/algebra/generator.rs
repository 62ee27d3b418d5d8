//! A generator stands for a free quantity, or for the value of a function.

use super::poly::Poly;
use super::ratio::Ratio;
use crate::value::Interval;
use std::collections::BTreeMap;

/// What a generator stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A free real quantity, by its number.
    Variable(u32),
    /// One less a free real quantity.
    Complement(u32),
    /// π.
    Pi,
    /// The root of this degree; of an even degree it is never negative.
    Root(i64, Poly),
    /// The absolute value.
    Absolute(Poly),
    /// `exp` of a term with the coefficient 1.
    Exponential(Ratio),
    /// The logarithm of something positive.
    Logarithm(Ratio),
    /// The sine.
    Sine(Ratio),
    /// The cosine.
    Cosine(Ratio),
    /// The inner product of two vectors, by their numbers.
    Inner(u32, u32),
    /// The value of a function of which nothing is known.
    Call(String, Vec<Argument>),
}

/// What a function is called with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    /// A number.
    Scalar(Ratio),
    /// A combination of vectors.
    Vector(Combination),
}

/// A linear combination of vectors, which are known by their numbers.
pub(crate) type Combination = BTreeMap<u32, Ratio>;

/// A generator of the ring. Its values lie in the interval, and satisfy the
/// relation if there is one.
#[derive(Clone, Debug)]
pub(crate) struct Generator {
    pub(crate) kind: Kind,
    pub(crate) interval: Interval,
    /// `g^n = p`: higher powers are rewritten by lower ones.
    pub(crate) relation: Option<(i64, Poly)>,
}
