//! Proofs by algebra: terms as elements of a ring of functions.
//!
//! Free variables are generators of the ring. Roots, logarithms, exponentials
//! and values of unknown functions are further generators. Relations, such as
//! `r^2 = 1 - a` for a root, and intervals state what is known about them. Two
//! terms that are the same element of the ring are equal at every point of the
//! domain: the proof involves no rounding and no chance.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `monomial`, `poly`, `ratio` | products, polynomials, rational functions |
//! | `square` | polynomials that are squares |
//! | `generator` | the meaning of a generator |
//! | `ring` | all generators; sums |
//! | `reduce` | products, by the relations of generators |
//! | `depends` | dependence of elements on generators |
//! | `normal` | from terms to the ring |
//! | `roots`, `functions` | roots, absolute values; logarithms and the like |
//! | `integral` | integrals |
//! | `sign`, `bounds` | the possible signs and values of an element |
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
