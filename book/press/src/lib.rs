//! The printer of the book: what mdBook does, with the mathematics checked.
//!
//! The chapters are read as one text, in their order. Every formula of it is
//! decided by [`proofread`] and typeset by `KaTeX` from the same bytes; snippets
//! are taken out of the files that are compiled and tested; figures are drawn.
//! Anything false, undecided, unknown, missing or dangling is an error with its
//! place, and nothing is printed.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `manuscript` | the chapters as one text, and its places |
//! | `equations` | each display: number, verdicts, what uses it |
//! | `tally` | whether each page has the formulas that were checked |
//! | `typeset` | a formula as HTML |
//! | `lines` | where the lines of a formula are |
//! | `display` | a display with its number, marks and evidence |
//! | `directives` | `{{#code …}}`, `{{#figure …}}` and the pages made by machine |
//! | `api` | links to the documentation of the library |
//! | `links` | to equations, chapters and the library |
//! | `code` | functions out of source files |
//! | `figures` | the pictures of the book |
//! | `graph` | what rests on what, drawn |
//! | `notebooks` | the notebooks as pages |
//! | `pages` | tables of notation and equations |
//! | `preprocessor` | from a book of mdBook to one that is ready |

mod api;
mod code;
mod directives;
mod display;
mod equations;
mod figures;
mod graph;
mod lines;
mod links;
mod manuscript;
mod notebooks;
mod pages;
mod preprocessor;
mod tally;
mod typeset;

pub use api::Api;
pub use equations::{Equation, Equations};
pub use manuscript::Manuscript;
pub use notebooks::copy_notebooks;
pub use preprocessor::{Press, check, root};
pub use tally::Tally;
