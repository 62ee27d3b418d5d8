//! Rational numbers of any size.

use num_rational::BigRational;
use num_traits::Signed;

/// A rational number of any size.
pub(crate) type Q = BigRational;

/// Returns a whole number as a rational number.
pub(crate) fn whole(value: i64) -> Q {
    Q::from_integer(value.into())
}

/// Returns the square root of a number, if the root is rational.
pub(crate) fn rational_root(square: &Q) -> Option<Q> {
    if square.is_negative() {
        return None;
    }
    let (over, under) = (square.numer().sqrt(), square.denom().sqrt());
    let root = Q::new(over, under);
    (&root * &root == *square).then_some(root)
}

/// Returns the length of a fraction, in words of 64 bits.
pub(crate) fn words(x: &Q) -> usize {
    let bits = x.numer().bits() + x.denom().bits();
    usize::try_from(bits / 64).unwrap_or(usize::MAX / 2)
}
