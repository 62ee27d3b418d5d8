//! All that a check found, for people.

use super::Checked;
use proofread::diagnostics::{outcome, problem, warning};
use std::io::{Result, Write};

/// Prints everything that is wrong, and a line of totals.
pub(super) fn print(checked: &Checked, out: &mut dyn Write) -> Result<()> {
    let Checked { file, beside, report, .. } = checked;
    let (name, text) = (&file.name, &file.text);
    for one in report.wrong() {
        writeln!(out, "{}", outcome(name, text, one))?;
    }
    for one in &report.problems {
        writeln!(out, "{}", problem(name, text, one))?;
    }
    let marks = &beside.marks_file;
    for one in &report.mark_problems {
        writeln!(out, "{}", problem(&marks.name, &marks.text, one))?;
    }
    for one in &report.warnings {
        writeln!(out, "{}", warning(name, text, one))?;
    }
    writeln!(out, "{name}: {}", report.totals())
}
