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
//! | room | from | to |
//! | --- | --- | --- |
//! | `text` | a file | its formulas, with their places |
//! | `read` | LaTeX | expressions and claims |
//! | `notation` | a TOML file | what symbols mean |
//! | `types` | an expression | number, vector or distribution |
//! | `eval`, `value`, `world` | an expression and a draw | its value, in the field or real |
//! | `probability` | a density at a point | its value |
//! | `decide` | a claim | a verdict |
//! | `document` | a text | a report |
//! | `diagnostics` | a problem | words about a place |
//! | `code`, `mutate` | a report | comparisons with functions, mutants |

mod algebra;
mod ball;
mod claim;
mod code;
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
mod theory;
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
