//! Files of notebooks, as the runner reads and compares them.
#![no_main]

#[allow(dead_code)]
#[path = "../../notebooks/runner/src/compare.rs"]
mod compare;

use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(notebook) = serde_json::from_slice::<Value>(bytes) else { return };
    let cells = notebook["cells"].as_array();
    let outputs: Vec<&Value> =
        cells.into_iter().flatten().map(|cell| &cell["outputs"]).collect();
    for pair in outputs.windows(2) {
        let _ = compare::difference(pair[0], pair[1], 0.1);
    }
    for output in outputs {
        assert_eq!(compare::difference(output, output, 0.0), None);
    }
});
