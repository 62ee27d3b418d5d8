//! The figures of the book and the examples: plots as SVG, images as PNG.
//!
//! All figures have one style: thin lines in colours that are safe for colour
//! blindness, on a transparent background. The colours follow a light or dark
//! theme. Each figure has a description for screen readers.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `figure` | an SVG with its description, to show or to save |
//! | `backend` | SVG whose layout is the same on all machines |
//! | `style` | colours, fonts and axes |
//! | `schedules` | noise schedules side by side |
//! | `curves` | curves over one axis |
//! | `cloud` | points in the plane at several timesteps |
//! | `paths` | paths in the plane |
//! | `histogram` | a histogram beside the standard normal density |
//! | `loss` | the loss over training |
//! | `picture` | grids and strips of images |

mod backend;
mod cloud;
mod curves;
mod figure;
mod histogram;
mod loss;
mod paths;
mod picture;
mod schedules;
mod style;

pub use cloud::cloud;
pub use curves::{along, curves};
pub use figure::Figure;
pub use histogram::histogram;
pub use loss::loss;
pub use paths::paths;
pub use picture::{Picture, grid, noisy_strip};
pub use schedules::schedules;
