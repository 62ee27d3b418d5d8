//! Fuzzes the check of any formula with the DDPM notation, and the readers of
//! notation files and marks files.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proofread::{Marks, Notation, check, mutants};
use std::sync::OnceLock;

const NOTATION: &str = include_str!("../../texts/ddpm.notation.toml");

fuzz_target!(init: {
    // The check catches panics of the LaTeX parser; libFuzzer's own hook would
    // abort the process.
    std::panic::set_hook(Box::new(|_| {}));
}, |text: &str| {
    static KNOWN: OnceLock<Notation> = OnceLock::new();
    let notation = KNOWN.get_or_init(|| {
        Notation::read(NOTATION).unwrap()
    });
    let formula = format!("$$\n% id: a\n{text}\n$$");
    let report = check("text.md", &formula, notation, &Marks::default());
    for outcome in &report.outcomes {
        assert!(formula.get(outcome.span.start..outcome.span.end).is_some());
        let _ = outcome.read_as();
    }
    // Mutants take long, so only a few short formulas get them.
    if text.len() < 60 && text.bytes().map(usize::from).sum::<usize>() % 64 == 0 {
        let marks = Marks::default();
        let _ = mutants("text.md", &formula, NOTATION, &marks, 20);
    }
    let _ = Notation::read(text);
    let _ = Marks::read(text);
});
