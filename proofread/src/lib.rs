//! Reads the LaTeX of a derivation and decides every relation in it.
//!
//! [`check`] takes a text and its [`Notation`], and returns a [`Report`] with
//! one [`Outcome`] for each relation. The outcome holds the [`Evidence`] and
//! its [`Tier`] if the relation was shown to hold, or a [`Counterexample`] if
//! it was refuted. [`Draft`] checks one formula of a text with other LaTeX.
//! [`mutants`] makes true relations false, to test whether the check notices.
//! [`Expression::compare`] compares a side of a relation with a Rust function.
//! The README says what each verdict is based on.
//!
//! # Layout
//!
//! The modules from the bottom up. A module uses only the modules above it in
//! this table (`tests/layers.rs`).
//!
//! | module | what |
//! | --- | --- |
//! | `span`, `work` | places in a text; the limit on the work for a claim |
//! | `value` | numbers, intervals, signs; reasons for a missing value |
//! | `expr`, `relation`, `print` | the meaning of a formula, as a tree |
//! | `notation`, `types` | the meaning of symbols; numbers and vectors |
//! | `read` | the parser, from LaTeX to expressions and claims |
//! | `declare`, `define` | the notation file; definitions in a text |
//! | `claim`, `needs` | a claim and its dependencies |
//! | `text`, `marks` | the formulas of a file, and the marks on them |
//! | `term` | expressions at one choice of sizes and indices |
//! | `algebra` | proofs: terms as elements of a ring of functions |
//! | `ball` | terms at a point, in ball arithmetic |
//! | `eval` | from expressions to terms, including densities and expectations |
//! | `solve` | from a claim to a verdict |
//! | `outcome`, `document` | the outcome of each relation of a text |
//! | `diagnostics` | messages about a place in a text |
//! | `code`, `mutate` | comparisons with Rust functions; mutants |

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
pub use document::{Draft, Report, check};
pub use marks::Marks;
pub use mutate::{Fate, Mutant, mutants, table};
pub use notation::Notation;
pub use outcome::{Outcome, Status};
pub use solve::{Counterexample, Evidence, Tier};
pub use span::{Problem, Span, line_column};
pub use text::{Fragment, fragments};

/// The README, whose code is compiled and run as doctests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
