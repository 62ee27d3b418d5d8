//! Words that give a reason, and words that deny or restrict.

use crate::span::{Problem, Span};

/// Words that deny, restrict or weaken what they stand beside.
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

/// The problem of a label that is more than a remark.
pub(super) fn label_states(span: Span) -> Problem {
    Problem::new(span, "the label of a brace states something")
        .hint("write it as a formula of its own")
}

/// Whether words give a reason or a name, and neither deny nor restrict what
/// they stand beside.
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
