//! All that a check found, for people.

use super::Checked;
use proofread::diagnostics::{outcome, problem, warning};

/// Prints everything that is wrong, and a line of totals.
pub(super) fn print(checked: &Checked) {
    let Checked { name, text, marks_name, marks_text, report } = checked;
    for one in report.wrong() {
        anstream::println!("{}", outcome(name, text, one));
    }
    for one in &report.problems {
        anstream::println!("{}", problem(name, text, one));
    }
    for one in &report.mark_problems {
        anstream::println!("{}", problem(marks_name, marks_text, one));
    }
    for one in &report.warnings {
        anstream::println!("{}", warning(name, text, one));
    }
    anstream::println!("{name}: {}", report.totals());
}
