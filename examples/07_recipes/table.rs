//! The tables of all recipes, in Markdown, each in a file.

use crate::ladder::LADDER;
use crate::result::{Experiment, Measured, Numbers};
use anyhow::Result;
use ddpm::evaluate::Estimate;
use ddpm::write_atomic;
use std::path::Path;

type Measure = fn(&Numbers) -> f64;

/// The measures of the table, with their names.
const COLUMNS: [(&str, Measure); 4] = [
    ("digits", |numbers| numbers.recognized),
    ("Fréchet distance", |numbers| numbers.frechet),
    ("precision", |numbers| numbers.precision),
    ("recall", |numbers| numbers.recall),
];

/// Prints the tables, and writes each to a file `*.md` in the folder.
pub(crate) fn write(experiment: &Experiment, out: &Path) -> Result<()> {
    let mut tables: Vec<_> = [crate::FEW, crate::ALL]
        .into_iter()
        .map(|steps| {
            (format!("recipes-{steps}.md"), measures(experiment, steps))
        })
        .collect();
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
/// steps: means over seeds, with the standard deviation of the seeds if there are
/// several.
fn measures(experiment: &Experiment, steps: usize) -> Vec<String> {
    let names = COLUMNS.map(|(name, _)| name).join(" | ");
    let mut rows = vec![
        format!("| recipe | seeds | {names} |"),
        "| --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    for rung in LADDER {
        let measured = experiment
            .measured
            .iter()
            .filter(|m| m.recipe == rung.name && m.sampling_steps == steps);
        let measured: Vec<_> = measured.collect();
        if !measured.is_empty() {
            let (name, seeds) = (rung.name, measured.len());
            let cells = COLUMNS.map(|(_, measure)| cell(&measured, measure));
            rows.push(format!("| {name} | {seeds} | {} |", cells.join(" | ")));
        }
    }
    if let Some(numbers) = &experiment.test_digits
        && rows.len() > 2
    {
        let cells =
            COLUMNS.map(|(_, measure)| format!("{:.3}", measure(numbers)));
        rows.push(format!("| 1,000 test digits | – | {} |", cells.join(" | ")));
    }
    rows
}

fn cell(rows: &[&Measured], measure: Measure) -> String {
    let values: Vec<f64> = rows.iter().map(|m| measure(&m.numbers)).collect();
    let mean = Estimate::mean(&values);
    if values.len() == 1 {
        return format!("{:.3}", mean.value);
    }
    let spread = mean.standard_error * (values.len() as f64).sqrt();
    format!("{:.3} ± {spread:.3}", mean.value)
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
            cost.recipe,
            cost.parameters,
            cost.step_seconds,
            cost.sampling_seconds
        )
    }));
    rows
}
