//! Muon: steps that are as long in every direction.
//!
//! The gradient `G` of a hidden matrix is nearly of low rank: a few directions
//! drown all others, and Adam, which looks at each number alone, does not see
//! it. With the decomposition `M = U S Vᵀ` of a running mean `M` of `G`, Muon
//! steps along
//!
//! ```text
//! O = U Vᵀ,
//! ```
//!
//! the orthogonal matrix nearest to `M`: each direction that the gradient has
//! at all gets about the same length. A few matrix products find it.
//!
//! The weight of a convolution is a matrix with a row an output and a column
//! an input and tap. What meets the pixels themselves (the first and the last
//! layer), vectors, and the few that tell the time stay with Adam.
//!
//! Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural
//! networks".

use super::kernels::orthogonal;
use candle_core::{Result, Tensor, Var};

/// What `M` keeps of itself.
pub(super) const MOMENTUM: f64 = 0.95;

/// Fewer channels than this are colours, not hidden.
const HIDDEN: usize = 4;

/// Whether Muon moves this parameter: a convolution between hidden layers.
pub(super) fn moves(var: &Var) -> bool {
    matches!(*var.dims(), [out, of, _, _] if out.min(of) >= HIDDEN)
}

/// The direction of a step, given the mean `m` with gradient `g` in it already,
/// of the same shape `(C_out, C_in, k, k)`: `O √max(1, rows/columns)`, so that
/// the step changes outputs as much whatever the shape.
///
/// It looks ahead, as Nesterov's momentum does: `O` is that of the mean as it
/// will be if the next gradient is the same.
pub(super) fn direction(m: &Tensor, g: &Tensor) -> Result<Tensor> {
    let ahead = ((m * MOMENTUM)? + (g * (1.0 - MOMENTUM))?)?;
    let matrix = ahead.flatten_from(1)?; // (rows, columns)
    let (rows, columns) = matrix.dims2()?;
    let scale = (rows as f64 / columns as f64).max(1.0).sqrt();
    (orthogonal(&matrix)? * scale)?.reshape(m.shape())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::assert_close;
    use candle_core::{DType, Device};

    #[test]
    fn no_gradient_is_no_step() {
        let zero = Tensor::zeros((4, 5, 3, 3), DType::F32, &Device::Cpu);
        let zero = zero.unwrap();
        assert_close(&direction(&zero, &zero).unwrap(), &zero, 0.0);
    }

    #[test]
    fn the_first_and_last_layers_are_not_hidden() {
        let moved = |shape: &[usize]| {
            let zero = Tensor::zeros(shape, DType::F32, &Device::Cpu);
            moves(&Var::from_tensor(&zero.unwrap()).unwrap())
        };
        assert!(moved(&[16, 32, 3, 3]) && moved(&[32, 16, 1, 1]));
        assert!(!moved(&[16, 1, 3, 3]) && !moved(&[3, 16, 3, 3]));
        assert!(!moved(&[16]) && !moved(&[16, 64]));
    }
}
