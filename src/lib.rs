//! Denoising diffusion models, from the derivation up.

mod error;
pub mod math;
pub mod random;
#[cfg(test)]
mod testing;

pub use error::{Error, Result};
