//! Networks that readers train, and draw with, on a page of the book.
//!
//! The crate `ddpm` trains and samples the networks. It is compiled to WebAssembly.
//! The options are those of lessons 4 and 5, from the same files.
//! So a checkpoint of a page can be continued by the lesson, and the other way
//! round.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `recipe`, `spiral` | the options of the lessons, shared with them |
//! | `theme` | drawings in the colours of a page's theme, shared with `live` |
//! | `training` | a training run: steps, samples, checkpoints |
//! | `drawing` | samples of a trained network, step by step |
//! | `web` | the functions that a page calls |

mod drawing;
mod training;
#[cfg(target_family = "wasm")]
mod web;

#[path = "../../../../examples/shared/recipe.rs"]
mod recipe;
#[path = "../../../../examples/shared/spiral.rs"]
mod spiral;
#[path = "../../src/theme.rs"]
mod theme;

pub use drawing::{Painter, Picture};
pub use training::{Lesson, Training};
