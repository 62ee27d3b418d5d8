//! Tests of the chapter on recipes: its tables and its sentences say what
//! `recipes.json` beside it says.

use crate::result::{Experiment, Numbers};
use crate::table::tables;
use crate::{ALL, FEW};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src")
}

fn experiment() -> Experiment {
    Experiment::open(&folder(), 1_900).unwrap()
}

/// Returns the chapter, with one space in place of each line break.
fn chapter() -> String {
    let text = std::fs::read_to_string(folder().join("recipes.md")).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

type Measure = fn(&Numbers) -> f64;
const DIGITS: Measure = |numbers| numbers.recognized;
const FRECHET: Measure = |numbers| numbers.frechet;
const RECALL: Measure = |numbers| numbers.recall;

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

    /// Returns a measure of seed 0 in 30 and in 1000 steps.
    fn few_and_all(&self, recipe: &str, measure: Measure) -> (f64, f64) {
        let mut first = self.measured.iter().filter(|m| {
            m.recipe == recipe && m.seed == 0 && m.sampling_steps == FEW
        });
        let few = measure(&first.next().unwrap().numbers);
        (few, self.all(recipe, ALL, measure)[0])
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
    let chapter = chapter();
    let says = |sentence: String| {
        assert!(chapter.contains(&sentence), "{sentence}");
    };
    let mean = |recipe| experiment.mean(recipe, DIGITS);
    let (x_0, patches) = (mean("predicts x_0"), mean("patches of 2×2 pixels"));
    let (timesteps, muon) = (mean("logit-normal timesteps"), mean("Muon"));
    says(format!("raises it from {patches:.2} to {timesteps:.2}."));
    let gains = [patches - x_0, muon - timesteps].map(|x| format!("{x:.2}"));
    assert_eq!(gains[0], gains[1]);
    says(format!("The gains of patches and of Muon, {} each,", gains[0]));
    let distance = |recipe| experiment.mean(recipe, FRECHET);
    let worse = distance("cosine schedule") / distance("paper");
    assert!((2.7..3.3).contains(&worse), "three times as large: {worse}");
    let cost = experiment.seconds("Muon") / experiment.seconds("paper");
    assert!((1.1..1.15).contains(&cost), "one eighth longer: {cost}");
}

#[test]
fn the_sentences_on_a_thousand_steps_are_true() {
    let experiment = experiment();
    let chapter = chapter();
    let says = |sentence: String| {
        assert!(chapter.contains(&sentence), "{sentence}");
    };
    let gains = crate::LADDER.iter().map(|rung| {
        let (few, all) = experiment.few_and_all(rung.name, DIGITS);
        all - few
    });
    let (lowest, highest) = gains
        .fold((0.0_f64, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
    says(format!(
        "between {:.2} lower and {highest:.2} higher in 1000 steps",
        -lowest
    ));
    let (few, all) = experiment.few_and_all("cosine schedule", FRECHET);
    says(format!("falls from {few:.2} to {all:.2}."));
    let recall = |recipe| experiment.few_and_all(recipe, RECALL);
    let ((a, b), (c, d)) = (recall("logit-normal timesteps"), recall("Muon"));
    says(format!(
        "lose recall: {b:.2} in place of {a:.2}, and {d:.2} in place of {c:.2}."
    ));
    let (few, all) = experiment.few_and_all("Muon, but predicts v", FRECHET);
    says(format!("distance is {all:.3} in place of {few:.3}, which is the"));
    let test = experiment.test_digits.unwrap().frechet;
    assert_eq!(format!("{test:.3}"), format!("{all:.3}"));
}
