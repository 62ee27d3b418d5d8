//! Tests of the command-line program.

mod program;

use program::{Scratch, command};
use std::path::Path;
use std::process::{Output, Stdio};

fn proofread(arguments: &str) -> Output {
    with_input(arguments, "")
}

fn with_input(arguments: &str, input: &str) -> Output {
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    program::proofread(&arguments, input.as_bytes())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const EXAMPLE: &str = "texts/example.md --notation texts/example.notation.toml";

/// The README shows the exact output of the commands.
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
    assert!(
        said.contains("no formula with a relation has the id nothing"),
        "{said}"
    );
    assert!(said.contains("eq-step, eq-two, eq-variance"), "{said}");
}

/// The output contains no colour codes in a pipe.
#[test]
fn nothing_is_coloured_in_a_pipe() {
    let output = proofread(&format!("check {EXAMPLE}"));
    assert!(!text(&output.stdout).contains('\u{1b}'));
}

/// A relation that was only searched is an error, unless the notation allows
/// it.
#[test]
fn what_was_only_searched_is_an_error_unless_allowed() {
    let scratch = Scratch::new("searched");
    let symbols = "[symbols]\na = { kind = 'scalar' }\n";
    let plain = scratch.write("plain.toml", symbols);
    let allow = format!("searched = \"allow\"\n{symbols}");
    let allow = scratch.write("allow.toml", &allow);
    let run = |notation, claim| {
        with_input(&format!("check - --notation {notation}"), claim)
    };
    let searched = r"$\sin(a) + \cos(2 a) \le 1.2$";
    let output = run(&plain, searched);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    for words in [
        "error[searched]: no proof of this relation was found",
        "a search found no counterexample",
        "help: searched = \"allow\" in the notation",
        "1 relation: 1 searched",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(run(&allow, searched).status.code(), Some(0));
    let explained = format!("explain - 1 --notation {allow}");
    assert_eq!(with_input(&explained, searched).status.code(), Some(0));
    assert_eq!(run(&allow, "$a = 2 a$").status.code(), Some(1));
}

/// The standard input is Markdown unless `--format` says otherwise, and the
/// program reads it once.
#[test]
fn a_dash_is_the_standard_input() {
    let markdown = with_input("check -", "Is $1 = 2$?");
    assert_eq!(markdown.status.code(), Some(1));
    let said = text(&markdown.stdout);
    assert!(said.contains("--> <stdin>:1:9"), "{said}");
    let code =
        |arguments: &str, input| with_input(arguments, input).status.code();
    // In Markdown this is code, not a formula.
    let tex = "`$1 = 2$`";
    assert_eq!(code("check -", tex), Some(0));
    assert_eq!(code("check - --format markdown", tex), Some(0));
    assert_eq!(code("check - --format tex", tex), Some(1));
    assert_eq!(code("explain - 1", "$1 = 1$"), Some(0));
    assert_eq!(code("mutate -", "$1 + 1 = 2$"), Some(0));
    let twice = with_input("check - -", "$1 = 1$");
    assert_eq!(twice.status.code(), Some(2));
    assert!(text(&twice.stderr).contains("read once"));
}

/// A file that cannot be read does not stop the check of other files.
#[test]
fn a_missing_file_does_not_stop_the_others() {
    let output = with_input("check nowhere.md -", "$1 = 2$");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stdout).contains("1 false"));
    assert!(text(&output.stderr).contains("cannot read nowhere.md"));
}

/// A closed pipe ends the program without a message, but not with success.
#[test]
fn a_closed_pipe_ends_quietly() {
    for arguments in ["check texts/ddpm.md", "check texts/ddpm.md --json"] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let mut child = command(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

/// The program accepts the example commands of its help.
#[test]
fn the_help_teaches_with_examples() {
    for name in ["check", "explain", "mutate"] {
        let help = text(&proofread(&format!("{name} --help")).stdout);
        let start = format!("  proofread {name} ");
        let examples: Vec<&str> =
            help.lines().filter(|line| line.starts_with(&start)).collect();
        assert!(!examples.is_empty(), "{help}");
        for example in examples {
            let (command, _) =
                example.split_once(" | ").unwrap_or((example, ""));
            let arguments = command.trim().split_once(' ').unwrap().1;
            let said = text(&proofread(arguments).stderr);
            assert!(!said.contains("Usage"), "{example}: {said}");
        }
    }
    let help = text(&proofread("--help").stdout);
    assert!(help.contains("Exit code") && help.contains("An example."));
}

/// A hint uses the symbols of the formula.
#[test]
fn hints_name_what_is_there() {
    let scratch = Scratch::new("hints");
    let notation = "[symbols]\nb = { kind = 'scalar' }\n";
    let notation = scratch.write("n.toml", notation);
    let check = format!("check - --notation {notation}");
    let output = with_input(&check, r"$\frac{2}{b} = \frac{4}{2 b}$");
    let said = text(&output.stdout);
    assert!(said.contains(r"as in \text{for } b > 0"), "{said}");
    assert!(!said.contains(r"t \ge 2"), "{said}");
}
