//! Fuzzes the check of texts in Markdown.

#![no_main]

mod text;

use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: text::allow_caught_panics(),
    |input: &str| text::check_text("text.md", input)
);
