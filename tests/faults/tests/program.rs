//! The program says what it needs.

use std::process::Command;

#[test]
fn a_missing_lesson_is_named() {
    let mut faults = Command::new(env!("CARGO_BIN_EXE_faults"));
    let output = faults.args(["--program", "no/such/digits"]).output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("no program no/such/digits"), "{error}");
    assert!(error.contains("cargo build --example digits"), "{error}");
}
