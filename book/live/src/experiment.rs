//! Suggested changes of formulas, one in each chapter.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A suggested change of a formula.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// What is changed, in a few words.
    pub what: String,
    /// The part of the LaTeX that is replaced, where it first occurs.
    pub replace: String,
    /// The new LaTeX of this part.
    pub with: String,
}

/// Returns the experiments by the ids of their formulas.
///
/// # Panics
/// If `experiments.toml` cannot be read, which a test would find.
///
/// ```
/// let experiments = live::experiments();
/// assert!(experiments["eq-closed-form-kernel"].what.contains("bar"));
/// ```
pub fn experiments() -> &'static BTreeMap<String, Experiment> {
    static ALL: LazyLock<BTreeMap<String, Experiment>> = LazyLock::new(|| {
        toml::from_str(include_str!("../experiments.toml"))
            .unwrap_or_else(|error| panic!("experiments.toml: {error}"))
    });
    &ALL
}

impl Experiment {
    /// Returns the changed LaTeX, or none if it lacks the part.
    pub fn applied(&self, latex: &str) -> Option<String> {
        let Self { replace, with, .. } = self;
        let found = latex.contains(replace.as_str());
        found.then(|| latex.replacen(replace, with, 1))
    }
}
