//! Fuzzes the check of one formula, and the mutants of short ones.

#![no_main]

mod text;

use libfuzzer_sys::fuzz_target;
use proofread::{Marks, mutants};

/// Few symbols, because each mutant of the notation is read.
const SHORT: &str =
    "[symbols]\na = { kind = 'scalar' }\nb = { kind = 'scalar' }";

fuzz_target!(init: text::allow_caught_panics(), |input: &str| {
    let formula = format!("$$\n% id: a\n{input}\n$$");
    text::check_text("text.md", &formula);
    // Mutants take long, so only a few short formulas get them.
    let sum: usize = input.bytes().map(usize::from).sum();
    if input.len() < 60 && sum.is_multiple_of(64) {
        let marks = Marks::default();
        let _ = mutants("text.md", &formula, SHORT, &marks, 20);
    }
});
