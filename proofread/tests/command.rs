//! The command, as a person runs it.

use std::path::Path;
use std::process::{Command, Output};

fn proofread(arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_proofread"))
        .args(arguments.split_whitespace())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const EXAMPLE: &str = "texts/example.md --notation texts/example.notation.toml";

/// The README shows what the commands print, byte for byte.
#[test]
fn the_readme_shows_what_is_printed() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let blocks: Vec<&str> = readme.split("```").collect();
    for command in ["check", "explain", "mutate"] {
        let line = format!("\nproofread {command} ");
        let after = blocks.iter().position(|b| b.contains(&line)).unwrap();
        let shown = blocks[after + 2].strip_prefix("text\n").unwrap();
        let arguments = blocks[after].trim().split_once("proofread ").unwrap();
        let printed = text(&proofread(arguments.1).stdout);
        assert_eq!(shown.trim(), printed.trim(), "{command}");
    }
    let notation = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("texts/example.notation.toml");
    let notation = std::fs::read_to_string(notation).unwrap();
    assert!(readme.contains(&notation));
}

#[test]
fn exit_codes_say_what_happened() {
    let code = |arguments: &str| proofread(arguments).status.code();
    let ddpm = "texts/ddpm.md --notation texts/ddpm.notation.toml";
    assert_eq!(code(&format!("check {ddpm}")), Some(0));
    assert_eq!(code(&format!("check {EXAMPLE}")), Some(1));
    assert_eq!(code("check nowhere.md"), Some(2));
    assert_eq!(code("check README.md --notation README.md"), Some(2));
    assert_eq!(code(&format!("explain {EXAMPLE} --json")), Some(2));
    let missing = proofread(
        "explain texts/example.md nothing --notation texts/example.notation.toml",
    );
    assert_eq!(missing.status.code(), Some(2));
    let said = text(&missing.stderr);
    assert!(said.contains("no formula nothing"), "{said}");
    assert!(said.contains("eq-step, eq-two, eq-variance"), "{said}");
}

#[test]
fn json_has_an_object_for_each_relation() {
    let output = proofread(&format!("check {EXAMPLE} --json"));
    let stdout = text(&output.stdout);
    let objects: Vec<serde_json::Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(objects.len(), 5);
    let last = &objects[4];
    assert_eq!(last["status"], "false");
    assert_eq!(last["id"], "eq-variance");
    assert_eq!((&last["line"], &last["column"]), (&19.into(), &5.into()));
    assert!(last["counterexample"]["left"].is_string());
    assert_eq!(objects[1]["tier"], "exact");
    assert_eq!(objects[1]["ranges"], "T = 2 to 5, t = 1 to 5");
}

/// Colour is for terminals.
#[test]
fn nothing_is_coloured_in_a_pipe() {
    let output = proofread(&format!("check {EXAMPLE}"));
    assert!(!text(&output.stdout).contains('\u{1b}'));
}
