//! Parameter groups by role.

use super::{Adam, Muon};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The role of a parameter in its network.
///
/// ```
/// use ddpm::optim::Role;
/// assert_eq!(Role::of("conv_in.weight"), Role::FirstOrLast);
/// assert_eq!(Role::of("mid_block.attentions.0.to_q.weight"), Role::Hidden);
/// assert_eq!(Role::of("mid_block.attentions.0.to_q.bias"), Role::BiasOrNorm);
/// assert_eq!(Role::of("conv_norm_out.weight"), Role::BiasOrNorm);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The weight of a layer between hidden activations.
    Hidden,
    /// The weight of a layer that reads the input or writes the output.
    FirstOrLast,
    /// A bias, or a parameter of a norm.
    BiasOrNorm,
}

impl Role {
    /// Returns the role of the parameter `name`, a path such as
    /// `down_blocks.0.resnets.0.conv1.weight`. A last part other than `weight`,
    /// or a layer with `norm` in its name, means [`Role::BiasOrNorm`]; a first
    /// part that ends in `_in` or `_out` means [`Role::FirstOrLast`].
    pub fn of(name: &str) -> Self {
        let mut parts = name.rsplit('.');
        let (last, layer) = (parts.next(), parts.next());
        if last != Some("weight") || layer.is_some_and(|l| l.contains("norm")) {
            return Self::BiasOrNorm;
        }
        let first = name.split('.').next().unwrap_or(name);
        if first.ends_with("_in") || first.ends_with("_out") {
            return Self::FirstOrLast;
        }
        Self::Hidden
    }
}

/// The rule by which an optimiser updates a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UpdateRule {
    /// Adam, or `AdamW`.
    Adam(Adam),
    /// Muon; for weights, which are matrices.
    Muon(Muon),
}

impl Default for UpdateRule {
    /// Returns Adam.
    fn default() -> Self {
        Self::Adam(Adam::default())
    }
}

impl UpdateRule {
    fn check(&self) -> Result<()> {
        let any = f64::INFINITY;
        let options = match self {
            Self::Adam(adam) => vec![
                ("beta_1", adam.beta_1, 1.0),
                ("beta_2", adam.beta_2, 1.0),
                ("weight_decay", adam.weight_decay, any),
            ],
            Self::Muon(muon) => vec![
                ("momentum", muon.momentum, 1.0),
                ("learning_rate_factor", muon.learning_rate_factor, any),
                ("weight_decay", muon.weight_decay, any),
            ],
        };
        if let Self::Adam(Adam { eps, .. }) = *self {
            // The first gradient of a layer behind one of zeros is exactly 0, and
            // 0 / (√0 + 0) is no number.
            let ok = eps > 0.0 && eps < any;
            Error::require(ok, "eps", "above 0, and finite", eps)?;
        }
        options.into_iter().try_for_each(|(name, value, end)| {
            let expected = format_args!("in [0, {end})");
            Error::require((0.0..end).contains(&value), name, expected, value)
        })
    }
}

/// The update rule of each role; Adam for all by default.
///
/// ```
/// use ddpm::optim::{ParamGroups, Role, UpdateRule};
/// let groups = ParamGroups::default();
/// assert_eq!(groups.rule(Role::Hidden), UpdateRule::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParamGroups {
    /// The rule for weights of hidden layers.
    pub hidden: UpdateRule,
    /// The rule for weights of the first and the last layers.
    pub first_and_last: UpdateRule,
    /// The rule for biases and norms.
    pub biases_and_norms: UpdateRule,
}

impl ParamGroups {
    /// Returns the same rule for every role.
    ///
    /// ```
    /// use ddpm::optim::{Adam, ParamGroups, UpdateRule};
    /// let adam_w = Adam { weight_decay: 0.01, ..Adam::default() };
    /// let groups = ParamGroups::all(UpdateRule::Adam(adam_w));
    /// assert_eq!(groups.hidden, groups.first_and_last);
    /// ```
    pub fn all(rule: UpdateRule) -> Self {
        Self { hidden: rule, first_and_last: rule, biases_and_norms: rule }
    }

    /// Returns the rule of a role.
    pub fn rule(&self, role: Role) -> UpdateRule {
        match role {
            Role::Hidden => self.hidden,
            Role::FirstOrLast => self.first_and_last,
            Role::BiasOrNorm => self.biases_and_norms,
        }
    }

    pub(crate) fn check(&self) -> Result<()> {
        let rules = [self.hidden, self.first_and_last, self.biases_and_norms];
        rules.iter().try_for_each(UpdateRule::check)
    }
}
