//! Fuzzes the readers of notation files and of marks files.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proofread::{Marks, Notation};

fuzz_target!(|text: &str| {
    if let Ok(notation) = Notation::read(text) {
        let _ = notation.with_checked_domains();
    }
    let _ = Marks::read(text);
});
