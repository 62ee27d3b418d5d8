//! Shared code of the tests of verdicts: a notation, and reports on texts in
//! this notation.

// Each test file is a crate, and uses only a part of this module.
#![allow(dead_code)]

use proofread::{Marks, Notation, Report, Status, check};

pub(crate) const NOTATION: &str = r"
    [sizes]
    T = '3..4'
    d = '3..3'

    [indices]
    t = '1..T'

    [symbols]
    'a' = { kind = 'scalar' }
    'b' = { kind = 'scalar' }
    '\mathrm{up}' = { kind = 'scalar' }
    'h' = { kind = 'scalar' }
    'p' = { kind = 'scalar', in = '(0, oo)' }
    'r' = { kind = 'scalar', in = '(0, oo)' }
    's' = { kind = 'scalar', in = '[0, oo)' }
    'u' = { kind = 'scalar', in = '(0, 1)' }
    'k' = { kind = 'scalar', in = '(200, 300)' }
    'n' = { kind = 'scalar', in = '(0, oo)' }
    's_t' = { kind = 'scalar', range = '0..T' }
    'x' = { kind = 'vector' }
    'y' = { kind = 'vector' }
    'G(x)' = { kind = 'scalar' }
    'Q(x)' = { kind = 'scalar', in = '[0, 2)' }
    'w(x)' = { kind = 'vector' }
    '\beta_t' = { kind = 'scalar', in = '(0, 1)' }
    'z_t' = { kind = 'vector', range = '0..T' }
    '\epsilon' = { kind = 'vector', standard_normal = true }

    [processes.q]
    variable = 'z'
    range = '0..T'
    index = 't'
    step = '\mathcal N(z_t; \sqrt{1 - \beta_t} z_{t-1}, \beta_t I)'
";

/// Checks a text with a notation.
pub(crate) fn report(text: &str, notation: &str) -> Report {
    let notation = Notation::read(notation).unwrap();
    check("test.md", text, &notation, &Marks::default())
}

/// Checks one display.
pub(crate) fn display(latex: &str) -> Report {
    report(&format!("$$\n% id: test\n{latex}\n$$\n"), NOTATION)
}

/// Returns the statuses in one display.
pub(crate) fn statuses(latex: &str) -> Vec<Status> {
    let report = display(latex);
    // A display without relations must be a problem, never a pass.
    assert!(!report.outcomes.is_empty() || !report.is_good(), "{latex}");
    report.outcomes.iter().map(|o| o.status).collect()
}

/// Asserts that a true formula passes, that all its relations have one status, and
/// that its false twin is refuted.
#[track_caller]
pub(crate) fn twins(status: Status, truth: &str, lie: &str) {
    passes(status, truth);
    refuted(lie);
}

/// Asserts that a formula passes, and that a neighbour of it is refused: it neither
/// passes nor is called false.
#[track_caller]
pub(crate) fn neighbours(status: Status, truth: &str, refused: &str) {
    passes(status, truth);
    open(refused);
}

/// Asserts that a formula passes, and that all its relations have one status.
#[track_caller]
pub(crate) fn passes(status: Status, truth: &str) {
    let report = display(truth);
    let mut found = report.outcomes.iter().map(|o| o.status);
    let ok = report.is_good() && !report.outcomes.is_empty();
    assert!(ok && found.all(|s| s == status), "{truth}: {report:?}");
}

/// Asserts that a relation of a formula is false.
#[track_caller]
pub(crate) fn refuted(lie: &str) {
    assert!(
        statuses(lie).contains(&Status::False),
        "{lie}: {:?}",
        statuses(lie)
    );
}

/// Asserts that a formula does not pass.
#[track_caller]
pub(crate) fn not_good(latex: &str) {
    let report = display(latex);
    assert!(!report.is_good(), "{latex}: {report:?}");
}

/// Asserts that a formula does not pass, and that nothing in it is called false.
#[track_caller]
pub(crate) fn open(latex: &str) {
    let found = statuses(latex);
    assert!(!found.contains(&Status::False), "{latex}: {found:?}");
    not_good(latex);
}

/// Asserts that a formula does not pass, that nothing in it is called false,
/// and that a message contains `words`.
#[track_caller]
pub(crate) fn refused(latex: &str, words: &str) {
    let report = display(latex);
    assert!(!report.is_good(), "{latex}: {report:?}");
    let all = report.outcomes.iter().filter_map(|o| o.problem.as_ref());
    let mut messages = all.chain(&report.problems).map(|p| &p.message);
    assert!(messages.any(|m| m.contains(words)), "{latex}: {report:?}");
    let mut all = report.outcomes.iter();
    assert!(all.all(|o| o.status != Status::False), "{latex}: {report:?}");
}
