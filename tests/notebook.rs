//! Properties that notebooks rely on.

use std::process::Command;

/// The environment variable that marks the child process of the test below,
/// which runs this test binary again.
const CHILD: &str = "DDPM_TEST_PANICS";

/// With the guard, a panic ends the process, even if `catch_unwind` would catch
/// the panic, as in the kernel.
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
    assert!(said.contains("from its first cell"), "{said}");
}
