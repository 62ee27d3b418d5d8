//! The recipes, each with one change from the one before it.

use crate::recipe::{OptimizerKind, Recipe, ScheduleKind};
use ddpm::math::PredictionType;

/// A recipe of the ladder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rung {
    /// The name of the training run; rungs of one name share it.
    pub(crate) run: &'static str,
    /// The name of the recipe.
    pub(crate) name: &'static str,
    pub(crate) recipe: Recipe,
    /// True to sample with the averaged parameters.
    pub(crate) ema: bool,
}

/// A part of the experiment: samples of a training run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) rung: &'static Rung,
    pub(crate) seed: u64,
    pub(crate) sampling_steps: usize,
    /// The number of samples.
    pub(crate) samples: u32,
}

const COSINE: Recipe =
    Recipe { schedule: ScheduleKind::Cosine, ..Recipe::PAPER };
const V: Recipe = Recipe { prediction_type: PredictionType::V, ..COSINE };
const X_0: Recipe = Recipe { prediction_type: PredictionType::X0, ..COSINE };
const PATCHES: Recipe = Recipe { patch_size: 2, ..X_0 };
const TIMESTEPS: Recipe =
    Recipe { timestep_sampler: Recipe::FAST.timestep_sampler, ..PATCHES };
const MUON: Recipe = Recipe { optimizer: OptimizerKind::Muon, ..TIMESTEPS };

/// The fast recipe with the other prediction: which is better may depend on the rest.
const FAST_V: Recipe = Recipe { prediction_type: PredictionType::V, ..MUON };

/// All recipes, from the paper's to the fast one, and a variant of the fast one.
pub(crate) const LADDER: [Rung; 9] = [
    Rung { ema: false, ..rung("paper", "paper, without EMA", Recipe::PAPER) },
    rung("paper", "paper", Recipe::PAPER),
    rung("cosine", "cosine schedule", COSINE),
    rung("v", "predicts v", V),
    rung("x_0", "predicts x_0", X_0),
    rung("patches", "patches of 2×2 pixels", PATCHES),
    rung("timesteps", "logit-normal timesteps", TIMESTEPS),
    rung("fast", "Muon", MUON),
    rung("fast-v", "Muon, but predicts v", FAST_V),
];

const fn rung(run: &'static str, name: &'static str, recipe: Recipe) -> Rung {
    Rung { run, name, recipe, ema: true }
}
