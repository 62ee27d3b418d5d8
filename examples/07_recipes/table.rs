//! The tables of all recipes, in Markdown, each in a file.

use crate::ladder::{LADDER, Rung};
use crate::markdown;
use crate::result::{Cost, Experiment, Measured, Numbers};
use anyhow::Result;
use ddpm::evaluate::Estimate;
use ddpm::write_atomic;
use std::path::Path;

type Measure = fn(&Numbers) -> f64;

/// A column of the table: its name, the measure, and the decimals to print.
type Column = (&'static str, Measure, usize);

/// A row: the recipe, the measures, and one number more.
type Row = [String; 6];

const COLUMNS: [Column; 4] = [
    ("digits", |numbers| numbers.recognized, 2),
    ("Fréchet", |numbers| numbers.frechet, 3),
    ("precision", |numbers| numbers.precision, 2),
    ("recall", |numbers| numbers.recall, 2),
];

/// Prints the tables, and writes each that has rows to a file in the folder.
pub(crate) fn write(experiment: &Experiment, out: &Path) -> Result<()> {
    for (name, table) in tables(experiment) {
        if let Some(table) = table {
            say!("{name}:\n{table}");
            write_atomic(&out.join(name), table.as_bytes())?;
        }
    }
    Ok(())
}

/// Returns the names of all files, and the tables that have rows.
pub(crate) fn tables(
    experiment: &Experiment,
) -> [(&'static str, Option<String>); 4] {
    let few = measures(experiment);
    let all = few_and_all(experiment);
    let ends = first_and_last(experiment);
    let [digits, frechet, precision, recall] = COLUMNS.map(|(name, ..)| name);
    let head = |first| [first, "seeds", digits, frechet, precision, recall];
    let costs = costs(experiment);
    let cost_head = ["recipe", "parameters", "training step", "sampling step"];
    [
        ("recipes-30.md", some_table(head("recipe"), &few)),
        (
            "recipes-1000.md",
            some_table(
                ["recipe", digits, frechet, "its error", precision, recall],
                &all,
            ),
        ),
        (
            "paper-and-fast.md",
            some_table(head("recipe, sampling steps"), &ends),
        ),
        ("costs.md", some_table(cost_head, &costs)),
    ]
}

fn some_table<const N: usize>(
    headings: [&str; N],
    rows: &[[String; N]],
) -> Option<String> {
    (!rows.is_empty()).then(|| markdown::table(headings, rows))
}

/// Returns the rows of the measures of all recipes, sampled in few steps.
fn measures(experiment: &Experiment) -> Vec<Row> {
    let row = |rung: &Rung| row(experiment, rung.name, rung.name, crate::FEW);
    LADDER.iter().filter_map(row).chain(test_digits(experiment)).collect()
}

/// Returns the rows of the measures of seed 0, sampled in few and in all steps. Beside
/// the Fréchet distance stands the standard error of its change.
fn few_and_all(experiment: &Experiment) -> Vec<Row> {
    let row = |rung: &Rung| {
        let [few, all] = [crate::FEW, crate::ALL]
            .map(|steps| experiment.numbers(rung.name, 0, steps));
        let (few, all) = (few?, all?);
        let [a, b, c, d] = COLUMNS.map(|(_, measure, decimals)| {
            let (few, all) = (measure(few), measure(all));
            format!("{few:.decimals$} → {all:.decimals$}")
        });
        let error = few.frechet_error_beside(all);
        Some([printed(rung.name), a, b, format!("{error:.3}"), c, d])
    };
    LADDER.iter().filter_map(row).collect()
}

/// Returns the rows of the paper's recipe and of the fast one.
fn first_and_last(experiment: &Experiment) -> Vec<Row> {
    let mut rows = vec![];
    for (name, recipe) in [("paper", "paper"), ("fast", "Muon")] {
        for steps in [crate::FEW, crate::ALL] {
            let shown = format!("`{name}`, {steps}");
            rows.extend(row(experiment, &shown, recipe, steps));
        }
    }
    rows.extend(test_digits(experiment));
    rows
}

/// Returns the row of a recipe, if it is measured: means over seeds. If there are
/// several, the standard deviation of the seeds stands beside the mean.
fn row(
    experiment: &Experiment,
    shown: &str,
    recipe: &str,
    steps: usize,
) -> Option<Row> {
    let measured = experiment.measured.iter();
    let measured: Vec<_> = measured
        .filter(|m| m.recipe == recipe && m.sampling_steps == steps)
        .collect();
    if measured.is_empty() {
        return None;
    }
    let [a, b, c, d] = COLUMNS.map(|column| cell(&measured, column));
    Some([printed(shown), measured.len().to_string(), a, b, c, d])
}

fn test_digits(experiment: &Experiment) -> Option<Row> {
    let numbers = experiment.test_digits.as_ref()?;
    let [a, b, c, d] = COLUMNS.map(|(_, measure, decimals)| {
        format!("{:.decimals$}", measure(numbers))
    });
    Some(["1,000 test digits".to_owned(), "–".to_owned(), a, b, c, d])
}

/// Returns the name of a recipe as it is printed.
fn printed(recipe: &str) -> String {
    recipe.replace("x_0", "x₀")
}

fn cell(rows: &[&Measured], (_, measure, decimals): Column) -> String {
    let values: Vec<f64> = rows.iter().map(|m| measure(&m.numbers)).collect();
    let (mean, spread) = mean_and_spread(&values);
    if values.len() == 1 {
        return format!("{mean:.decimals$}");
    }
    format!("{mean:.decimals$} ± {spread:.decimals$}")
}

/// Returns the mean and the standard deviation of the runs of a recipe.
pub(crate) fn mean_and_spread(values: &[f64]) -> (f64, f64) {
    let mean = Estimate::mean(values);
    (mean.value, mean.standard_error * (values.len() as f64).sqrt())
}

/// Returns the rows of the costs.
fn costs(experiment: &Experiment) -> Vec<[String; 4]> {
    let row = |cost: &Cost| {
        [
            printed(&cost.recipe),
            markdown::thousands(cost.parameters),
            format!("{:.3} s", cost.step_seconds),
            format!("{:.3} s", cost.sampling_seconds),
        ]
    };
    experiment.costs.iter().map(row).collect()
}
