//! Values of terms at points, in ball arithmetic.

#[cfg(test)]
mod arb;
mod point;
mod real;

pub(crate) use point::{Numbers, Point, signs};
pub(crate) use real::{Real, with_bits};
