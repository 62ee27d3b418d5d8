//! Fuzzes the reader with any text, as Markdown and as LaTeX, without symbols.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proofread::{Marks, Notation, check};

fuzz_target!(init: {
    // The check catches panics of the LaTeX parser; libFuzzer's own hook would
    // abort the process.
    std::panic::set_hook(Box::new(|_| {}));
}, |text: &str| {
    let (notation, marks) = (Notation::default(), Marks::default());
    let _ = check("text.md", text, &notation, &marks);
    let _ = check("text.tex", text, &notation, &marks);
});
