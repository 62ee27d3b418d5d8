//! Muon: updates of the same length in every direction.
//!
//! The gradient of a hidden weight is nearly of low rank: a few directions are
//! much longer than all others. Adam scales each number alone, and does not
//! see directions. Muon orthogonalises the update: with the singular value
//! decomposition `M = U Σ Vᵀ` of a running mean `M` of the gradient, it moves
//! along
//!
//! ```text
//! O = U Vᵀ,
//! ```
//!
//! whose singular values are all 1. The weight of a
//! convolution is a matrix `(C_out, C_in k²)`.
//!
//! Biases and norms, which are no matrices, are left to Adam. The authors leave the
//! first and last layers to Adam, too.

use crate::newton_schulz::newton_schulz;
use crate::{Flat, lerp_inplace, linear_combination, scale};
use candle_core::{Result, Tensor, Var};
use rayon::prelude::*;

/// The options of Muon.
///
/// # Formula
/// - `M ← β M + (1-β) G`, and Nesterov's look-ahead `N = β M + (1-β) G`,
/// - `O = U Vᵀ` of `N = U Σ Vᵀ`,
/// - `θ ← θ - f η (√max(1, rows/columns) O + λ θ)`, with the learning rate `η`.
///
/// Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural
/// networks".
///
/// ```
/// use candle_fused::Muon;
/// let muon = Muon { learning_rate_factor: 20.0, ..Muon::default() };
/// assert_eq!(muon.momentum, 0.95);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Muon {
    /// `β`, the decay of the running mean.
    pub momentum: f64,
    /// `f`: Muon's learning rate over the learning rate of the run.
    pub learning_rate_factor: f64,
    /// `λ`.
    pub weight_decay: f64,
}

impl Default for Muon {
    /// Returns a momentum of 0.95, a factor of 10, and no weight decay.
    fn default() -> Self {
        Self { momentum: 0.95, learning_rate_factor: 10.0, weight_decay: 0.0 }
    }
}

impl Muon {
    /// Updates the parameters `theta` and their running mean `m` `(n)` in place, by
    /// their gradient `grad` `(n)`, for which see [`Flat::join`].
    ///
    /// # Errors
    /// If a parameter is neither a matrix nor the weight of a convolution, or a length
    /// or type differs.
    ///
    /// ```
    /// use candle_core::{Device, Tensor, Var};
    /// use candle_fused::{Flat, Muon};
    ///
    /// let weight = Var::new(&[[0_f64, 0.0], [0.0, 0.0]], &Device::Cpu)?;
    /// let flat = Flat::new(vec![weight.clone()])?;
    /// let m = Var::new(&[0_f64; 4], &Device::Cpu)?;
    /// let grad = Tensor::new(&[1000_f64, 0.0, 0.0, 1.0], &Device::Cpu)?;
    /// let muon = Muon { learning_rate_factor: 1.0, ..Muon::default() };
    /// muon.step(&flat, &m, &grad, 0.1)?;
    /// // The long direction gets a step of about the learning rate, too.
    /// let step = -weight.to_vec2::<f64>()?[0][0];
    /// assert!((step - 0.1).abs() < 0.04);
    /// # Ok::<(), candle_core::Error>(())
    /// ```
    pub fn step(
        &self,
        theta: &Flat,
        m: &Var,
        grad: &Tensor,
        learning_rate: f64,
    ) -> Result<()> {
        lerp_inplace(m, grad, 1.0 - self.momentum)?;
        let rate = self.learning_rate_factor * learning_rate;
        let kept = 1.0 - rate * self.weight_decay;
        let update = |((var, m), grad): ((&Var, Tensor), Tensor)| {
            let direction = self.direction(&m, &grad)?;
            let now = var.as_detached_tensor();
            let next = linear_combination(kept, &now, -rate, &direction)?;
            var.set(&next)
        };
        let m = theta.split(&m.as_detached_tensor())?;
        let members = theta.vars().par_iter().zip(m).zip(theta.split(grad)?);
        // A GPU has one queue.
        let min_len = if grad.device().is_cpu() { 1 } else { members.len() };
        members.with_min_len(min_len).try_for_each(update)
    }

    /// Returns `√max(1, rows/columns) O`, in the shape of the parameter.
    fn direction(&self, m: &Tensor, grad: &Tensor) -> Result<Tensor> {
        let beta = self.momentum;
        let ahead = linear_combination(beta, m, 1.0 - beta, grad)?;
        let matrix = ahead.flatten_from(1)?; // (rows, columns)
        let (rows, columns) = matrix.dims2()?;
        let length = (rows as f64 / columns as f64).max(1.0).sqrt();
        scale(&newton_schulz(&matrix)?, length)?.reshape(m.shape())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device};

    #[test]
    fn a_zero_gradient_is_a_zero_step() {
        let zero = Tensor::zeros((4, 5, 3, 3), DType::F32, &Device::Cpu);
        let zero = zero.unwrap();
        let direction = Muon::default().direction(&zero, &zero).unwrap();
        let largest = direction.abs().unwrap().max_all().unwrap();
        assert_eq!(largest.to_scalar::<f32>().unwrap(), 0.0);
    }
}
