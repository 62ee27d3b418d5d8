//! Every picture of the book and the examples: plots as SVG, images as PNG.
//!
//! One quiet look: thin lines in colours that colour-blind eyes can tell
//! apart, on nothing, so that a page's own background shows through; ink and
//! colours follow the reader's light or dark theme. Each figure carries a
//! description for those who cannot see it.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `figure` | an SVG with its description, to show or to save |
//! | `style` | colours, fonts, and one chart that looks like the next |
//! | `schedules` | what is left of the signal, schedule by schedule |
//! | `curves` | curves over one axis |
//! | `cloud` | points in the plane, time by time |
//! | `histogram` | numbers against the standard normal density |
//! | `loss` | the loss over training |
//! | `picture` | grids and strips of images |

mod cloud;
mod curves;
mod figure;
mod histogram;
mod loss;
mod picture;
mod schedules;
mod style;

pub use cloud::cloud;
pub use curves::{along, curves};
pub use figure::Figure;
pub use histogram::histogram;
pub use loss::loss;
pub use picture::{Picture, grid, noised_strip};
pub use schedules::schedules;
