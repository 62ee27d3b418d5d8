//! Words that give a reason, deny or restrict.

use crate::span::{Problem, Span};

/// Words that deny, restrict or weaken the statement beside them.
const DOUBTS: [&str; 105] = [
    "about",
    "absurd",
    "almost",
    "although",
    "approx",
    "approximate",
    "approximately",
    "approximation",
    "assuming",
    "asymptotic",
    "asymptotically",
    "average",
    "barely",
    "bogus",
    "broken",
    "but",
    "cannot",
    "conjecture",
    "conjectured",
    "constant",
    "constants",
    "contradiction",
    "contrary",
    "contrast",
    "counterexample",
    "different",
    "differs",
    "distribution",
    "doubtful",
    "dropping",
    "error",
    "except",
    "excepting",
    "excluding",
    "expectation",
    "fails",
    "false",
    "falsely",
    "for",
    "given",
    "hardly",
    "heuristically",
    "hypothetically",
    "if",
    "iff",
    "ignoring",
    "impossible",
    "incorrect",
    "incorrectly",
    "informally",
    "instead",
    "invalid",
    "large",
    "likely",
    "limit",
    "maybe",
    "mistake",
    "modulo",
    "mostly",
    "nearly",
    "neglecting",
    "neither",
    "never",
    "no",
    "nobody",
    "non",
    "none",
    "nor",
    "not",
    "nothing",
    "nowhere",
    "often",
    "omitting",
    "only",
    "opposite",
    "or",
    "order",
    "perhaps",
    "possibly",
    "probability",
    "provided",
    "rarely",
    "roughly",
    "since",
    "small",
    "sometimes",
    "suppose",
    "sure",
    "surely",
    "though",
    "typically",
    "typo",
    "unequal",
    "unless",
    "unlike",
    "untrue",
    "up",
    "usually",
    "when",
    "whenever",
    "where",
    "while",
    "with",
    "without",
    "wrong",
];

/// Returns the problem of a brace's label that states something.
pub(super) fn label_states(span: Span) -> Problem {
    Problem::new(span, "the label of a brace states something")
        .hint("write it as a formula of its own")
}

/// Returns whether words give a reason or a name, and neither deny nor restrict
/// the statement beside them.
pub(crate) fn is_reason(text: &str) -> bool {
    let signs = ['=', '<', '>', '!', '?', '≠', '≤', '≥', '+', '*', '^'];
    if text.contains(signs) || text.contains("a.s") {
        return false;
    }
    let lower = text.to_lowercase();
    let apart = |c: char| !c.is_alphabetic() && c != '\'' && c != '’';
    lower.split(apart).all(|word| {
        !DOUBTS.contains(&word)
            && !word.ends_with("n't")
            && !word.ends_with("n’t")
    })
}
