//! A checker of the mathematics in a text.

mod code;
mod decide;
mod define;
mod document;
mod eval;
mod expr;
mod marks;
mod mutate;
mod needs;
mod notation;
mod outcome;
mod print;
mod probability;
#[cfg(test)]
mod properties;
mod read;
mod sign;
mod source;
mod span;
mod text;
mod types;
mod value;
mod world;

pub use code::{Agreement, Expression, Output, Sample, Side};
pub use decide::{Counterexample, Evidence, Tier};
pub use document::{Report, check};
pub use marks::Marks;
pub use mutate::{Fate, Mutant, mutants};
pub use notation::Notation;
pub use outcome::{Outcome, Status};
pub use span::{Problem, Span};
pub use text::{Fragment, fragments};

/// The README's code compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
