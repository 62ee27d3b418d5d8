//! Fuzzes the readers of notation files and of marks files.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proofread::{Marks, Notation};

fuzz_target!(|text: &str| {
    let _ = Notation::read(text);
    let _ = Marks::read(text);
});
