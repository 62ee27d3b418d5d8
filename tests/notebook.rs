//! Properties that notebooks rely on.

use std::process::Command;

/// The child of the test below: it is this very test binary again.
const CHILD: &str = "DDPM_TEST_PANICS";

/// A panic ends the process, even where somebody would catch it, as the kernel
/// does.
#[test]
fn with_the_guard_a_panic_ends_the_process() {
    if std::env::var_os(CHILD).is_some() {
        ddpm::notebook::guard();
        let caught = std::panic::catch_unwind(|| panic!("one is not two"));
        unreachable!("still here: {caught:?}");
    }
    let name = "with_the_guard_a_panic_ends_the_process";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(101));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("one is not two"), "{said}");
    assert!(said.contains("from the notebook's first cell"), "{said}");
}
