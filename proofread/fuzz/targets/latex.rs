//! Fuzzes the check of texts in LaTeX.

#![no_main]

mod text;

use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: text::allow_caught_panics(),
    |input: &str| text::check_text("text.tex", input)
);
