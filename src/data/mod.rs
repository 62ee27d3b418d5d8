//! Data to learn from: points in the plane, and handwritten digits.
//!
//! # Contract
//!
//! Each set gives `f32` numbers, example after example, for a tensor `(N, …)`. They
//! are scaled for the forward process: pixels to [-1, 1], points to about
//! variance 1.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `images` | a set of images in memory |
//! | `idx` | IDX, the file format of MNIST |
//! | `embedded` | the digits that come with the crate, and IDX folders |
//! | `plane` | the Swiss roll |
//! | `mixture` | a Gaussian mixture, whose perfect network is known |

mod embedded;
mod idx;
mod images;
mod mixture;
mod plane;

pub use embedded::{digits_8x8, from_folder, mnist_10k};
pub use idx::{read_images, read_labels};
pub use images::Images;
pub use mixture::Mixture;
pub use plane::swiss_roll;
