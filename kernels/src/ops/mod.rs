//! The operations, one a file: formula, gradient, kernel, reference, test.

mod attention;
mod bias;
mod concat;
mod conv2d;
mod group_norm;
mod linear;
mod linear_combination;
mod matmul;
mod scale;
mod silu;
mod upsample;

pub use attention::attention;
pub use bias::add_bias;
pub use concat::concat;
pub use conv2d::conv2d;
pub use group_norm::{group_norm, group_norm_silu};
pub use linear::linear;
pub use linear_combination::{add, linear_combination};
pub use matmul::matmul;
pub use scale::scale;
pub use silu::silu;
pub use upsample::upsample_2x;
