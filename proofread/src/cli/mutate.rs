//! What became of the mutants.

use super::Checked;
use proofread::{Fate, mutants};
use std::io::{Result, Write};

/// Prints every mutant that was not refuted, and a line of totals; true if
/// each of those equals its original.
pub(super) fn print(checked: &Checked, out: &mut dyn Write) -> Result<bool> {
    let (mut refuted, mut equal, mut bad) = (0_u32, 0_u32, 0_u32);
    for outcome in &checked.report.outcomes {
        let place = checked.place(outcome.span.start);
        for mutant in mutants(outcome) {
            let what = match mutant.fate {
                Fate::Refuted | Fate::Malformed => {
                    refuted += 1;
                    continue;
                }
                Fate::Equal => {
                    equal += 1;
                    "equals the original"
                }
                Fate::Undecided => {
                    bad += 1;
                    "UNDECIDED"
                }
                Fate::Survived => {
                    bad += 1;
                    "SURVIVED"
                }
            };
            let (change, latex) = (&mutant.change, &mutant.latex);
            writeln!(out, "{place}: {change}: {what}\n    {latex}")?;
        }
    }
    let different = refuted + bad;
    let share = 100.0 * f64::from(refuted) / f64::from(different.max(1));
    writeln!(
        out,
        "{}: {} mutants; of the {different} that differ from their original \
         {refuted} were refuted ({share:.1} %); {equal} were shown to equal it",
        checked.file.name,
        different + equal,
    )?;
    Ok(bad == 0)
}
