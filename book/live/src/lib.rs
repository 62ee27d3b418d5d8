//! The parts of a page that its readers can change.
//!
//! The builder of the book calls these functions to print a page. The page calls
//! them, compiled to WebAssembly, when a reader changes something. So a changed
//! formula is typeset, checked and described as a printed one.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `typeset` | formulas as HTML |
//! | `lines` | the positions of a formula's lines |
//! | `verdict` | the verdicts on a formula as HTML |
//! | `editor` | a formula of the book with other LaTeX: typeset, checked, described |
//! | `experiment` | suggested changes of formulas |
//! | `figures` | the figures of the book; readers move some |
//! | `theme` | drawings in the colours of a page's theme |
//! | `web` | the functions that a page calls |

mod editor;
mod experiment;
mod figures;
mod lines;
mod theme;
mod typeset;
mod verdict;
#[cfg(target_family = "wasm")]
mod web;

pub use editor::{Answer, Editor, Place, check_alone};
pub use experiment::{Experiment, experiments};
pub use figures::{Knob, Moving, moved, moving};
#[cfg(not(target_family = "wasm"))]
pub use figures::{element, figure, picture_element};
pub use lines::line_of;
pub use typeset::{counted, typeset};
pub use verdict::{in_words, marks, readable_relation, relations};
