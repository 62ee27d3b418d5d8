//! The tables of all recipes, in Markdown, each in a file.

use crate::ladder::LADDER;
use crate::result::{Experiment, Measured, Numbers};
use anyhow::Result;
use ddpm::evaluate::Estimate;
use ddpm::write_atomic;
use std::path::Path;

type Measure = fn(&Numbers) -> f64;

/// A column of the table: its name, the measure, and the decimals to print.
type Column = (&'static str, Measure, usize);

const COLUMNS: [Column; 4] = [
    ("digits", |numbers| numbers.recognized, 2),
    ("Fréchet", |numbers| numbers.frechet, 3),
    ("precision", |numbers| numbers.precision, 2),
    ("recall", |numbers| numbers.recall, 2),
];

/// Prints the tables, and writes each to a file `*.md` in the folder.
pub(crate) fn write(experiment: &Experiment, out: &Path) -> Result<()> {
    let mut tables: Vec<_> = [crate::FEW, crate::ALL]
        .into_iter()
        .map(|steps| {
            (format!("recipes-{steps}.md"), measures(experiment, steps))
        })
        .collect();
    tables.push(("paper-and-fast.md".to_owned(), first_and_last(experiment)));
    tables.push(("costs.md".to_owned(), costs(experiment)));
    for (name, rows) in tables {
        if let [_, _, _, ..] = &rows[..] {
            let table = rows.join("\n") + "\n";
            say!("{name}:\n{table}");
            write_atomic(&out.join(name), table.as_bytes())?;
        }
    }
    Ok(())
}

/// Returns the rows of the measures of all recipes that are sampled in `steps`
/// steps.
fn measures(experiment: &Experiment, steps: usize) -> Vec<String> {
    let mut rows = head("recipe");
    for rung in LADDER {
        rows.extend(row(experiment, rung.name, rung.name, steps));
    }
    rows.extend(test_digits(experiment));
    rows
}

/// Returns the rows of the paper's recipe and of the fast one.
fn first_and_last(experiment: &Experiment) -> Vec<String> {
    let mut rows = head("recipe, sampling steps");
    for (name, recipe) in [("paper", "paper"), ("fast", "Muon")] {
        for steps in [crate::FEW, crate::ALL] {
            let shown = format!("`{name}`, {steps}");
            rows.extend(row(experiment, &shown, recipe, steps));
        }
    }
    rows.extend(test_digits(experiment));
    rows
}

fn head(first: &str) -> Vec<String> {
    let names = COLUMNS.map(|(name, ..)| name).join(" | ");
    vec![
        format!("| {first} | seeds | {names} |"),
        "| --- | --- | --- | --- | --- | --- |".to_owned(),
    ]
}

/// Returns the row of a recipe, if it is measured: means over seeds. If there are
/// several, the standard deviation of the seeds stands beside the mean.
fn row(
    experiment: &Experiment,
    shown: &str,
    recipe: &str,
    steps: usize,
) -> Option<String> {
    let measured = experiment.measured.iter();
    let measured: Vec<_> = measured
        .filter(|m| m.recipe == recipe && m.sampling_steps == steps)
        .collect();
    if measured.is_empty() {
        return None;
    }
    let cells = COLUMNS.map(|column| cell(&measured, column)).join(" | ");
    let shown = shown.replace("x_0", "x₀");
    Some(format!("| {shown} | {} | {cells} |", measured.len()))
}

fn test_digits(experiment: &Experiment) -> Option<String> {
    let numbers = experiment.test_digits.as_ref()?;
    let cells = COLUMNS.map(|(_, measure, decimals)| {
        format!("{:.decimals$}", measure(numbers))
    });
    Some(format!("| 1,000 test digits | – | {} |", cells.join(" | ")))
}

fn cell(rows: &[&Measured], (_, measure, decimals): Column) -> String {
    let values: Vec<f64> = rows.iter().map(|m| measure(&m.numbers)).collect();
    let mean = Estimate::mean(&values);
    if values.len() == 1 {
        return format!("{:.decimals$}", mean.value);
    }
    let spread = mean.standard_error * (values.len() as f64).sqrt();
    format!("{:.decimals$} ± {spread:.decimals$}", mean.value)
}

/// Returns the rows of the costs.
fn costs(experiment: &Experiment) -> Vec<String> {
    let mut rows = vec![
        "| recipe | parameters | training step | sampling step |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    rows.extend(experiment.costs.iter().map(|cost| {
        format!(
            "| {} | {} | {:.3} s | {:.3} s |",
            cost.recipe.replace("x_0", "x₀"),
            cost.parameters,
            cost.step_seconds,
            cost.sampling_seconds
        )
    }));
    rows
}
