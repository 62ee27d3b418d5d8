//! Denoising diffusion models, from the derivation up.

#[cfg(feature = "data")]
pub mod data;
mod error;
#[cfg(feature = "data")]
mod files;
pub mod math;
#[cfg(feature = "nn")]
pub mod nn;
pub mod random;
#[cfg(test)]
mod testing;

pub use error::{Error, Result};
#[cfg(feature = "data")]
pub use files::{create_folder, write_atomic};
