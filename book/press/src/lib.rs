//! The builder of the book: mdBook with checked mathematics.
//!
//! The chapters are read as one text, in order. [`proofread`] decides every
//! formula, and `KaTeX` typesets the formula from the same bytes. Snippets come
//! from source files that are compiled and tested, and figures are drawn.
//! Anything false, undecided, unknown or missing is an error with its location,
//! and nothing is printed.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `manuscript` | the chapters as one text, and their positions |
//! | `equations` | each display: number, verdicts, dependencies |
//! | `tally` | a check that each page has exactly the checked formulas |
//! | `display` | a display with its number, marks and evidence |
//! | `directives` | `{{#code …}}`, `{{#figure …}}` and generated pages |
//! | `api` | links to the documentation of the library |
//! | `links` | links to equations, chapters and the library |
//! | `references` | references to equations in a text |
//! | `code` | functions extracted from source files |
//! | `graph` | the dependency graph of the equations |
//! | `notebooks` | the notebooks as pages |
//! | `pages` | tables of notation and equations |
//! | `web` | what a page loads when a reader changes something |
//! | `policy` | the content security policy of the pages |
//! | `preprocessor` | the mdBook preprocessor |

mod api;
mod code;
mod directives;
mod display;
mod equations;
mod graph;
mod links;
mod manuscript;
mod notebooks;
mod pages;
mod policy;
mod preprocessor;
mod references;
mod tally;
mod terms;
mod web;

pub use api::Api;
pub use equations::{Equation, Equations};
pub use manuscript::Manuscript;
pub use notebooks::copy_notebooks;
pub use pages::check_notes;
pub use policy::protect;
pub use preprocessor::{Press, check, root};
pub use tally::Tally;
pub use web::{Modules, formulas};
