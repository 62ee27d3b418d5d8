//! The options of training: the command line comes first, then the checkpoint,
//! then the recipe.

use crate::args::{Args, RecipeKind};
use crate::resume::Earlier;
use ddpm::train::TrainConfig;

/// Returns the recipe of the run.
pub(crate) fn recipe(args: &Args, earlier: Option<&Earlier>) -> RecipeKind {
    match earlier {
        Some(earlier) => earlier.recipe(),
        None => args.recipe.unwrap_or(RecipeKind::Fast),
    }
}

/// Returns the options of training.
pub(crate) fn config(
    args: &Args,
    recipe: RecipeKind,
    earlier: Option<&Earlier>,
) -> TrainConfig {
    let before = earlier.map(|earlier| earlier.info.config);
    let usual = before.unwrap_or_else(|| recipe.recipe().config());
    TrainConfig {
        // A checkpoint keeps its seed; another seed is for other samples.
        seed: match before {
            Some(before) => before.seed,
            None => args.seed.unwrap_or(usual.seed),
        },
        batch_size: args.batch.map_or(usual.batch_size, |b| b as usize),
        learning_rate: args.learning_rate.unwrap_or(usual.learning_rate),
        ..usual
    }
}
