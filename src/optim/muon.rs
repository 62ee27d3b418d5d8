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
//! Biases and norms are left to Adam. The authors leave the first and last layers to
//! Adam, too; the lesson `digits` does not.

use super::flat::{Flat, split};
use super::newton_schulz::newton_schulz;
use crate::Result;
use candle_core::{Tensor, Var};
use candle_fused::{lerp_inplace, linear_combination, scale};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

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
/// use ddpm::optim::{Muon, ParamGroups, UpdateRule};
/// let muon = Muon { learning_rate_factor: 10.0, ..Muon::default() };
/// let groups = ParamGroups {
///     hidden: UpdateRule::Muon(muon),
///     ..ParamGroups::default()
/// };
/// assert_eq!(groups.biases_and_norms, UpdateRule::default()); // Adam
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Muon {
    /// `β`, the decay of the running mean.
    pub momentum: f64,
    /// `f`: Muon's learning rate over the learning rate of the run.
    pub learning_rate_factor: f64,
    /// `λ`.
    pub weight_decay: f64,
}

impl Default for Muon {
    fn default() -> Self {
        Self { momentum: 0.95, learning_rate_factor: 10.0, weight_decay: 0.0 }
    }
}

impl Muon {
    /// `m` and `grad` `(n)` hold the parameters one after the other.
    pub(super) fn step(
        &self,
        vars: &[Var],
        m: &Flat,
        grad: &Tensor,
        learning_rate: f64,
    ) -> Result<()> {
        lerp_inplace(&m.values, grad, 1.0 - self.momentum)?;
        let rate = self.learning_rate_factor * learning_rate;
        let kept = 1.0 - rate * self.weight_decay;
        let update = |((theta, m), grad): ((&Var, &Tensor), &Tensor)| {
            let direction = self.direction(m, grad)?;
            let now = theta.as_detached_tensor();
            let next = linear_combination(kept, &now, -rate, &direction)?;
            Ok(theta.set(&next)?)
        };
        // A GPU has one queue.
        let one_thread = if grad.device().is_cpu() { 1 } else { vars.len() };
        let grads = split(grad, vars)?;
        let members = vars.par_iter().zip(&m.parts).zip(&grads);
        members.with_min_len(one_thread).try_for_each(update)
    }

    /// Returns `√max(1, rows/columns) O`, in the shape of the parameter.
    fn direction(
        &self,
        m: &Tensor,
        grad: &Tensor,
    ) -> candle_core::Result<Tensor> {
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
