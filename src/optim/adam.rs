//! Adam and `AdamW`.

use crate::Result;
use candle_core::{Tensor, Var};
use candle_fused::{AdamParams, adam_step};
use serde::{Deserialize, Serialize};

/// The options of Adam, and of `AdamW` where `weight_decay` is above 0. The
/// formula is that of `candle_fused::adam_step`.
///
/// Source: Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019.
///
/// ```
/// use ddpm::optim::Adam;
/// let adam_w = Adam { weight_decay: 0.01, ..Adam::default() };
/// assert_eq!((adam_w.beta_1, adam_w.beta_2), (0.9, 0.999));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adam {
    /// What the running mean of the gradient keeps of itself at each step.
    pub beta_1: f64,
    /// What the running mean of the squared gradient keeps.
    pub beta_2: f64,
    /// Keeps the division finite.
    pub eps: f64,
    /// Each step shrinks a parameter by `learning_rate · weight_decay` of
    /// itself.
    pub weight_decay: f64,
}

impl Default for Adam {
    /// The paper's values, without weight decay.
    fn default() -> Self {
        let AdamParams { beta_1, beta_2, eps, weight_decay, .. } =
            AdamParams::default();
        Self { beta_1, beta_2, eps, weight_decay }
    }
}

impl Adam {
    /// The names of the two moments in a checkpoint.
    pub(super) const STATE: &'static [&'static str] = &["adam_m", "adam_v"];

    pub(super) fn step(
        &self,
        theta: &Var,
        (m, v): (&Var, &Var),
        grad: &Tensor,
        step: u32,
        learning_rate: f64,
    ) -> Result<()> {
        let Self { beta_1, beta_2, eps, weight_decay } = *self;
        let params =
            AdamParams { learning_rate, beta_1, beta_2, eps, weight_decay };
        Ok(adam_step(theta, (m, v), grad, step, &params)?)
    }
}
