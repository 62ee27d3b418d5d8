//! Data to learn from: points in the plane, handwritten digits, and your own
//! pictures.
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
//! | `idx_folder` | folders of IDX files |
//! | `idx_images` | IDX files that are too large for the memory |
//! | `image_source` | images by their numbers, also from files |
//! | `stamp` | noticing that a file has changed |
//! | `picture_file`, `picture_list`, `picture_folder` | PNG and JPEG files, and folders of them |
//! | `embedded` | the digits that come with the crate |
//! | `plane` | the Swiss roll |
//! | `mixture` | a Gaussian mixture, whose perfect network is known |

mod embedded;
mod idx;
mod idx_folder;
mod idx_images;
mod image_source;
mod images;
mod mixture;
#[cfg(feature = "images")]
mod picture_file;
#[cfg(feature = "images")]
mod picture_folder;
#[cfg(feature = "images")]
mod picture_list;
mod plane;
mod stamp;

pub use embedded::{digits_8x8, mnist_10k, mnist_split};
pub use idx::{read_images, read_labels};
pub use idx_folder::{from_folder, idx_file};
pub use idx_images::IdxImages;
pub use image_source::ImageSource;
pub use images::{ImageShape, Images};
pub use mixture::Mixture;
#[cfg(feature = "images")]
pub use picture_folder::PictureFolder;
pub use plane::swiss_roll;
