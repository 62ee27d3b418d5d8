//! Makes a WebAssembly module of Rust callable from JavaScript: `bind MODULE FOLDER`.

use anyhow::{Context, Result};
use std::env::args;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let usage = "usage: bind MODULE FOLDER";
    let module = args().nth(1).context(usage)?;
    let folder = args().nth(2).context(usage)?;
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
}
