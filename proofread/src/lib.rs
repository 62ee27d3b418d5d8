//! Reads the LaTeX of a derivation and decides every relation in it.
//!
//! [`check`] takes a text and its [`Notation`] to a [`Report`]: one
//! [`Outcome`] for each relation, shown to hold by some [`Tier`] of
//! [`Evidence`], or refuted by a [`Counterexample`]. [`mutants`] breaks what
//! holds, to see whether that is noticed; [`Expression::compare`] holds a side
//! of a relation against a Rust function. What the verdicts are worth stands
//! in the README.
//!
//! # Layout
//!
//! From the bottom up; a room uses only those above it here (`tests/layers.rs`).
//!
//! | room | what |
//! | --- | --- |
//! | `span`, `work` | places in a text; the work that a claim may take |
//! | `value` | numbers, intervals, signs; why there is no value |
//! | `expr`, `relation`, `print` | what a formula means, as a tree |
//! | `notation`, `types` | what symbols mean; numbers and vectors |
//! | `read` | from LaTeX to expressions and claims |
//! | `declare`, `define` | the notation file; definitions in a text |
//! | `claim`, `needs` | a claim, and what it depends on |
//! | `text`, `marks` | the formulas of a file; what is said about them |
//! | `term` | expressions at one choice of sizes and indices |
//! | `algebra` | proofs: terms as elements of a ring of functions |
//! | `ball` | terms at a point, with a bound on the error |
//! | `eval` | from expressions to terms, densities and means among them |
//! | `solve` | from a claim to a verdict |
//! | `outcome`, `document` | what is found in a text |
//! | `diagnostics` | words about a place |
//! | `code`, `mutate` | comparisons with functions; mutants |

mod algebra;
mod ball;
mod claim;
mod code;
mod declare;
mod define;
pub mod diagnostics;
mod document;
mod eval;
mod expr;
mod marks;
mod mutate;
mod needs;
mod notation;
mod outcome;
mod print;
mod read;
mod relation;
mod solve;
mod span;
mod term;
mod text;
mod types;
mod value;
mod work;

pub use code::{Agreement, Expression, Output, Sample, Side};
pub use document::{Report, check};
pub use marks::Marks;
pub use mutate::{Fate, Mutant, mutants, table};
pub use notation::Notation;
pub use outcome::{Outcome, Status};
pub use solve::{Counterexample, Evidence, Tier};
pub use span::{Problem, Span, line_column};
pub use text::{Fragment, fragments};

/// The README's code compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
