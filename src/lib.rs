//! Denoising diffusion models, from the derivation up.

#[cfg(feature = "data")]
pub mod data;
mod error;
#[cfg(feature = "data")]
mod files;
pub mod math;
#[cfg(feature = "nn")]
pub mod nn;
#[cfg(feature = "plot")]
pub mod plot;
pub mod random;
#[cfg(feature = "nn")]
pub mod sample;
#[cfg(test)]
mod testing;
#[cfg(feature = "nn")]
pub mod train;

pub use error::{Error, Result};
#[cfg(feature = "data")]
pub use files::{create_folder, write_atomic};
