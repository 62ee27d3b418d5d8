//! The table of all recipes, in Markdown.

use crate::ladder::LADDER;
use crate::result::{Experiment, Measured, Numbers};
use ddpm::evaluate::Estimate;

type Measure = fn(&Numbers) -> f64;

/// The measures of the table, with their names.
const COLUMNS: [(&str, Measure); 4] = [
    ("digits", |numbers| numbers.recognized),
    ("Fréchet distance", |numbers| numbers.frechet),
    ("precision", |numbers| numbers.precision),
    ("recall", |numbers| numbers.recall),
];

/// Returns the table: means over seeds, with the standard deviation of the seeds if
/// there are several.
pub(crate) fn table(experiment: &Experiment) -> String {
    let names: Vec<_> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let mut lines = vec![
        format!("| recipe | sampling steps | seeds | {} |", names.join(" | ")),
        "| --- | --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    for rung in LADDER {
        for steps in [crate::FEW, crate::ALL] {
            let rows = experiment.measured.iter();
            let rows = rows.filter(|m| m.recipe == rung.name);
            let rows: Vec<_> =
                rows.filter(|m| m.sampling_steps == steps).collect();
            if rows.is_empty() {
                continue;
            }
            let cells = COLUMNS.map(|(_, measure)| cell(&rows, measure));
            lines.push(format!(
                "| {} | {steps} | {} | {} |",
                rung.name,
                rows.len(),
                cells.join(" | ")
            ));
        }
    }
    if let Some(numbers) = &experiment.test_digits {
        let cells =
            COLUMNS.map(|(_, measure)| format!("{:.3}", measure(numbers)));
        lines.push(format!("| test digits | | | {} |", cells.join(" | ")));
    }
    lines.push(String::new());
    lines
        .push("| recipe | parameters | training step | sampling step |".into());
    lines.push("| --- | --- | --- | --- |".into());
    for cost in &experiment.costs {
        lines.push(format!(
            "| {} | {} | {:.3} s | {:.3} s |",
            cost.recipe,
            cost.parameters,
            cost.step_seconds,
            cost.sampling_seconds
        ));
    }
    lines.join("\n")
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
