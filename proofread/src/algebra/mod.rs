//! Proofs by algebra: terms as elements of a ring of functions.
//!
//! Every free quantity is a variable. Roots, logarithms, exponentials and
//! values of unknown functions are further generators; what is known of them
//! are relations, such as `r^2 = 1 - a` for a root, and intervals. Two terms
//! that are one element of the ring are equal at every point of the domain:
//! there is no rounding and no chance in it.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `monomial`, `poly`, `ratio` | products, polynomials, rational functions |
//! | `square` | polynomials that are squares |
//! | `generator` | what a generator stands for |
//! | `ring` | all generators, sums |
//! | `reduce` | products, by the relations of generators |
//! | `depends` | which elements depend on a generator |
//! | `normal` | from terms to the ring |
//! | `roots`, `functions` | roots, absolute values; logarithms and the like |
//! | `integral` | integrals |
//! | `sign`, `bounds` | which signs and values an element may have |
//! | `orthant` | the sign of a polynomial in a box |
//! | `gram` | the sign of a square of vectors |
//! | `certificate`, `simplex` | signs that follow from conditions |

mod bounds;
mod certificate;
mod depends;
mod functions;
mod generator;
mod gram;
mod integral;
mod monomial;
mod normal;
mod orthant;
mod poly;
mod ratio;
mod reduce;
mod ring;
mod roots;
mod sign;
mod simplex;
mod square;

pub(crate) use monomial::{Exponent, Gen, Monomial};
pub(crate) use normal::Normalizer;
pub(crate) use poly::Poly;
pub(crate) use ratio::Ratio;
pub(crate) use ring::Kind;
