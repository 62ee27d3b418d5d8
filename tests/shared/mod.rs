//! The programs of the lessons, for tests that run them.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

/// Returns the path of an example's program, built with the profile of this test.
pub(crate) fn example(name: &str) -> PathBuf {
    static BUILT: Mutex<Vec<String>> = Mutex::new(vec![]);
    // target/PROFILE/deps/this-test: the examples are beside deps.
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let mut built = BUILT.lock().unwrap();
    if !built.iter().any(|built| built == name) {
        // `cargo test` has built the program; a filtered run may not have.
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--example", name]);
        if cfg!(feature = "mpi") {
            build.args(["--features", "mpi"]);
        }
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
        built.push(name.to_owned());
    }
    profile.join("examples").join(file)
}

/// Returns the output of a program as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
