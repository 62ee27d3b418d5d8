//! Tests of the chapter on recipes: its tables and its sentences say what
//! `recipes.json` beside it says.

use crate::result::{Experiment, Numbers};
use crate::table::{mean_and_spread, tables};
use crate::{ALL, FEW};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src")
}

fn experiment() -> Experiment {
    Experiment::open(&folder(), 1_900).unwrap()
}

/// Asserts that the chapter has a sentence, on one line or on several.
fn says(sentence: &str) {
    let text = std::fs::read_to_string(folder().join("recipes.md")).unwrap();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(sentence), "{sentence}");
}

type Measure = fn(&Numbers) -> f64;
const DIGITS: Measure = |numbers| numbers.recognized;
const FRECHET: Measure = |numbers| numbers.frechet;

impl Experiment {
    /// Returns a measure of each run of a recipe.
    fn all(&self, recipe: &str, steps: usize, measure: Measure) -> Vec<f64> {
        let runs = self.measured.iter();
        let runs = runs
            .filter(|m| m.recipe == recipe && m.sampling_steps == steps)
            .map(|m| measure(&m.numbers));
        runs.collect()
    }

    fn mean(&self, recipe: &str, measure: Measure) -> f64 {
        let all = self.all(recipe, FEW, measure);
        assert_eq!(all.len(), 3, "{recipe}");
        all.iter().sum::<f64>() / 3.0
    }

    /// Returns the measures of seed 0 in 30 and in 1000 steps.
    fn few_and_all(&self, recipe: &str) -> [&Numbers; 2] {
        [FEW, ALL].map(|steps| self.numbers(recipe, 0, steps).unwrap())
    }

    fn seconds(&self, recipe: &str) -> f64 {
        let cost = self.costs.iter().find(|cost| cost.recipe == recipe);
        cost.unwrap().step_seconds
    }
}

#[test]
fn the_tables_of_the_book_are_those_of_the_file() {
    for (name, table) in tables(&experiment()) {
        let printed = std::fs::read_to_string(folder().join(name)).unwrap();
        assert_eq!(Some(printed), table, "{name}");
    }
}

/// Every recipe has three seeds in 30 steps, and one in 1000.
#[test]
fn every_recipe_is_measured() {
    let experiment = experiment();
    for rung in &crate::LADDER {
        let count = |steps| experiment.all(rung.name, steps, DIGITS).len();
        assert_eq!((count(FEW), count(ALL)), (3, 1), "{}", rung.name);
    }
}

#[test]
fn the_sentences_of_the_chapter_are_true() {
    let experiment = experiment();
    let mean = |recipe| experiment.mean(recipe, DIGITS);
    let (paper, cosine) = (mean("paper"), mean("cosine schedule"));
    let (v, x_0) = (mean("predicts v"), mean("predicts x_0"));
    let patches = mean("patches of 2×2 pixels");
    let (timesteps, muon) = (mean("logit-normal timesteps"), mean("Muon"));
    says(&format!("raises it from {patches:.2} to {timesteps:.2},"));
    says(&format!("raises it from {cosine:.2} to {v:.2} or {x_0:.2}, about"));
    says(&format!("digits falls from {paper:.2} to {cosine:.2}."));
    says(&format!("digits rises from {patches:.2} to {muon:.2}."));
    let gains = [patches - x_0, muon - timesteps].map(|x| format!("{x:.2}"));
    assert_eq!(gains[0], gains[1]);
    // Each gain, divided by the larger spread of the two recipes.
    let gain = |from, to| {
        let spread =
            |recipe| mean_and_spread(&experiment.all(recipe, FEW, DIGITS)).1;
        (mean(to) - mean(from)) / spread(from).max(spread(to))
    };
    let patches_recipe = "patches of 2×2 pixels";
    let timesteps_recipe = "logit-normal timesteps";
    assert!(gain(patches_recipe, timesteps_recipe) > 5.0);
    for recipe in ["predicts v", "predicts x_0"] {
        assert!((gain("cosine schedule", recipe) - 3.0).abs() < 0.3);
    }
    let gains_of =
        [("predicts x_0", patches_recipe), (timesteps_recipe, "Muon")];
    for (from, to) in gains_of {
        assert!((1.0..3.0).contains(&gain(from, to)), "{to}");
    }
    says(&format!("The gains of patches and of Muon, {} each,", gains[0]));
    let distance = |recipe| experiment.mean(recipe, FRECHET);
    let distances = ["patches of 2×2 pixels", "logit-normal timesteps", "Muon"];
    let [a, b, c] = distances.map(distance);
    says(&format!("hardly changes ({a:.3}, {b:.3}, {c:.3}),"));
    let worse = distance("cosine schedule") / distance("paper");
    assert!((2.7..3.3).contains(&worse), "three times as large: {worse}");
    let cost = experiment.seconds("Muon") / experiment.seconds("paper");
    assert!((1.1..1.15).contains(&cost), "one eighth longer: {cost}");
}

#[test]
fn the_sentences_on_a_thousand_steps_are_true() {
    let experiment = experiment();
    let mut gains = vec![];
    for rung in &crate::LADDER {
        let [few, all] = experiment.few_and_all(rung.name);
        let gain = all.recognized - few.recognized;
        let error =
            |share: f64, samples: f64| (share * (1.0 - share) / samples).sqrt();
        let error =
            error(few.recognized, 3e3).hypot(error(all.recognized, 1e3));
        assert!((0.0145..0.0185).contains(&error), "{}", rung.name);
        let changes = rung.name == "Muon";
        assert_eq!(gain.abs() > 2.0 * error, changes, "{}", rung.name);
        gains.push(gain);
        let change = (all.frechet - few.frechet).abs();
        let error = few.frechet_error_beside(all);
        assert!(change < 2.0 * error, "{}", rung.name);
        // Recall is a share of 1,000 test digits.
        let change = few.recall - all.recall;
        let error = (2.0 * few.recall * (1.0 - few.recall) / 1e3).sqrt();
        let loses = matches!(rung.name, "logit-normal timesteps" | "Muon");
        assert_eq!(change > 3.0 * error, loses, "{}", rung.name);
    }
    let lowest = gains.iter().fold(0.0_f64, |low, x| low.min(*x));
    let highest = gains.iter().fold(0.0_f64, |high, x| high.max(*x));
    says(&format!("between {:.2} lower and {highest:.2} higher.", -lowest));
}
