//! The check of a whole text, with the notation of the notes on DDPM.

use proofread::{Marks, Notation, check, diagnostics};
use std::sync::OnceLock;

const NOTATION: &str = include_str!("../../texts/ddpm.notation.toml");

/// Stops libFuzzer from aborting at a panic that the check catches: the LaTeX parser
/// has some.
pub(crate) fn allow_caught_panics() {
    std::panic::set_hook(Box::new(|_| {}));
}

/// Checks a text, and writes every diagnostic. Asserts that each span lies within the
/// text. The ending of `name` says whether the text is Markdown or LaTeX.
pub(crate) fn check_text(name: &str, text: &str) {
    static KNOWN: OnceLock<Notation> = OnceLock::new();
    let notation = KNOWN.get_or_init(|| Notation::read(NOTATION).unwrap());
    let report = check(name, text, notation, &Marks::default());
    for outcome in &report.outcomes {
        assert!(text.get(outcome.span.start..outcome.span.end).is_some());
        let _ = outcome.read_as();
        let _ = diagnostics::outcome(name, text, outcome);
    }
    for problem in &report.problems {
        let _ = diagnostics::problem(name, text, problem);
    }
}
