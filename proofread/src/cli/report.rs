//! Output of a check, for people.

use super::Checked;
use proofread::Problem;
use proofread::diagnostics::{outcome, problem, warning};
use std::io::{Result, Write};

/// The maximal number of relations, problems or warnings that are printed.
/// `--json` prints all.
const MOST: usize = 200;

/// Prints everything that is wrong, and a line of totals.
pub(super) fn print(checked: &Checked, out: &mut dyn Write) -> Result<()> {
    let Checked { file, beside, report, .. } = checked;
    let (name, text) = (&file.name, &file.text);
    let marks = &beside.marks_file;
    let wrong: Vec<_> = report.wrong().collect();
    for one in wrong.iter().take(MOST) {
        writeln!(out, "{}", outcome(name, text, one))?;
    }
    rest(out, wrong.len(), "relations")?;
    let of_text = |one: &Problem| problem(name, text, one);
    let of_marks = |one: &Problem| problem(&marks.name, &marks.text, one);
    let warned = |one: &Problem| warning(name, text, one);
    several(out, &report.problems, "problems", of_text)?;
    several(out, &report.mark_problems, "problems of marks", of_marks)?;
    several(out, &report.warnings, "warnings", warned)?;
    writeln!(out, "{name}: {}", report.totals())
}

fn several(
    out: &mut dyn Write,
    all: &[Problem],
    what: &str,
    shown: impl Fn(&Problem) -> String,
) -> Result<()> {
    for one in all.iter().take(MOST) {
        writeln!(out, "{}", shown(one))?;
    }
    rest(out, all.len(), what)
}

/// Prints how many were left out.
fn rest(out: &mut dyn Write, count: usize, what: &str) -> Result<()> {
    if count > MOST {
        writeln!(out, "and {} more {what}\n", count - MOST)?;
    }
    Ok(())
}
