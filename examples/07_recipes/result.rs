//! The measures of all recipes, in one file.

use crate::ladder::Part;
use crate::measures::Measures;
use anyhow::{Context, Result, bail, ensure};
use ddpm::write_atomic;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The measures of a set of images.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Numbers {
    /// The share of images that are recognised as digits.
    pub(crate) recognized: f64,
    pub(crate) frechet: f64,
    pub(crate) frechet_error: f64,
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    /// The median distance to the nearest training digit, in pixels.
    pub(crate) nearest: f64,
    /// The share of images that are nearer to a training digit than 99 % of test
    /// digits are.
    pub(crate) copies: f64,
}

impl Numbers {
    pub(crate) fn new(measures: &Measures) -> Result<Self> {
        let sets = measures.sets.context("a hundred images are measured")?;
        let verdicts = &measures.verdicts;
        let recognized = verdicts.iter().filter(|v| v.is_recognized()).count();
        Ok(Self {
            recognized: recognized as f64 / verdicts.len() as f64,
            frechet: sets.frechet.value,
            frechet_error: sets.frechet.standard_error,
            precision: sets.precision_recall.precision.value,
            recall: sets.precision_recall.recall.value,
            nearest: sets.nearest,
            copies: sets.copies.value,
        })
    }

    /// Returns the standard error of the difference of two Fréchet distances.
    pub(crate) fn frechet_error_beside(&self, other: &Self) -> f64 {
        self.frechet_error.hypot(other.frechet_error)
    }
}

/// The measures of the samples of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) recipe: String,
    pub(crate) seed: u64,
    pub(crate) sampling_steps: usize,
    pub(crate) samples: u32,
    #[serde(flatten)]
    pub(crate) numbers: Numbers,
}

/// The cost of a recipe.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Cost {
    pub(crate) recipe: String,
    pub(crate) parameters: usize,
    /// The median time of a training step.
    pub(crate) step_seconds: f64,
    /// The median time of a sampling step of 64 images.
    pub(crate) sampling_seconds: f64,
}

/// The file of all measures.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Experiment {
    #[serde(skip)]
    path: PathBuf,
    training_steps: u32,
    /// The accuracy of the classifier on test digits.
    pub(crate) accuracy: Option<f64>,
    /// The measures of the test digits.
    pub(crate) test_digits: Option<Numbers>,
    pub(crate) costs: Vec<Cost>,
    pub(crate) measured: Vec<Measured>,
}

impl Experiment {
    /// Opens the file in a folder, or begins a new one.
    pub(crate) fn open(folder: &Path, training_steps: u32) -> Result<Self> {
        fs_err::create_dir_all(folder)?;
        let path = folder.join("recipes.json");
        if !path.exists() {
            let new = Self {
                path,
                training_steps,
                accuracy: None,
                test_digits: None,
                costs: vec![],
                measured: vec![],
            };
            // From now on, the folder has runs of this many steps alone.
            new.save()?;
            return Ok(new);
        }
        let text = fs_err::read_to_string(&path)?;
        let read: Self = serde_json::from_str(&text).with_context(|| {
            format!("{} is damaged; remove it", path.display())
        })?;
        ensure!(
            read.training_steps == training_steps,
            "the runs in {} have {} training steps, not {training_steps}; name \
             another folder with --out",
            folder.display(),
            read.training_steps
        );
        Ok(Self { path, ..read })
    }

    /// Refuses a part that is measured with another number of samples: a table
    /// would mix the two.
    pub(crate) fn check(&self, part: Part) -> Result<()> {
        let mut others = self.measured.iter();
        let other = others.find(|m| {
            m.sampling_steps == part.sampling_steps && m.samples != part.samples
        });
        let Some(Measured { samples, sampling_steps, .. }) = other else {
            return Ok(());
        };
        bail!(
            "the runs in {} have {samples} samples in {sampling_steps} steps, not \
             {}; name another folder with --out",
            self.path.display(),
            part.samples
        )
    }

    /// Returns whether this part is measured.
    pub(crate) fn has(&self, part: Part) -> bool {
        let Part { rung, seed, sampling_steps, .. } = part;
        self.numbers(rung.name, seed, sampling_steps).is_some()
    }

    /// Returns the measures of a run, if there are some.
    pub(crate) fn numbers(
        &self,
        recipe: &str,
        seed: u64,
        sampling_steps: usize,
    ) -> Option<&Numbers> {
        let mut runs = self.measured.iter().filter(|m| {
            m.recipe == recipe
                && m.seed == seed
                && m.sampling_steps == sampling_steps
        });
        Some(&runs.next()?.numbers)
    }

    /// Adds a part and writes the file.
    pub(crate) fn add(&mut self, part: Part, numbers: Numbers) -> Result<()> {
        let Part { rung, seed, sampling_steps, samples } = part;
        let recipe = rung.name.to_owned();
        self.measured.push(Measured {
            recipe,
            seed,
            sampling_steps,
            samples,
            numbers,
        });
        self.save()
    }

    /// Writes the file.
    pub(crate) fn save(&self) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        Ok(write_atomic(&self.path, text.as_bytes())?)
    }
}
