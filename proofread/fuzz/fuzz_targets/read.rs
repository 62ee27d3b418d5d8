//! Any text as Markdown and as LaTeX: only the reader, no symbol is known.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proofread::{Marks, Notation, check};

fuzz_target!(init: {
    // The LaTeX parser's own panics are caught, and are no crash of ours.
    std::panic::set_hook(Box::new(|_| {}));
}, |text: &str| {
    let (notation, marks) = (Notation::default(), Marks::default());
    let _ = check("text.md", text, &notation, &marks);
    let _ = check("text.tex", text, &notation, &marks);
});
