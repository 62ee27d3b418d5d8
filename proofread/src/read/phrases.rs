//! Words beside relations: conditions, joining words and remarks.

use super::reasons::is_reason;
use super::relations::Link;

/// The meaning of words between statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// `for`, `if`: a condition follows.
    Condition,
    /// `for all` or `for all real`: the range of a quantifier follows.
    All { real: bool },
    /// `where`: a condition or a definition follows.
    Where,
    /// `unless`, `except for`: an exception to the claim follows.
    Unless,
    /// `and`, `hence`: joins statements.
    Join,
    /// `and`: joins two statements that belong together.
    And,
    /// `then`: the clause before is the condition of the next clause.
    Then,
    /// `implies`, `if and only if`.
    Link(Link),
    /// `(by Bayes)`: a reason.
    Remark,
    /// `by`, `see`: a reason follows, as a number in brackets.
    Reason,
    /// Anything else.
    Unknown,
}

const CONDITIONS: [&str; 11] = [
    "for",
    "if",
    "when",
    "where",
    "whenever",
    "with",
    "given",
    "given that",
    "provided",
    "provided that",
    "as long as",
];
const JOINS: [&str; 20] = [
    "",
    "so",
    "hence",
    "thus",
    "therefore",
    "that is",
    "i.e",
    "so that",
    "and hence",
    "and thus",
    "and so",
    "and therefore",
    "which gives",
    "that gives",
    "giving",
    "we get",
    "so we get",
    "yields",
    "also",
    "and also",
];

/// Classifies words, without the punctuation around them.
pub(super) fn phrase(text: &str) -> Phrase {
    let lower = text.to_lowercase();
    let single: Vec<&str> = lower.split_whitespace().collect();
    let joined = single.join(" ");
    let bare = joined.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '.' | ';' | ':')
    });
    if joined.contains(['!', '?']) {
        return Phrase::Unknown;
    }
    let opened = bare.strip_prefix('(').map(str::trim);
    let closed = bare.ends_with(')');
    if let (Some(inner), true) = (opened, closed) {
        let inner = inner.trim_end_matches(')').trim();
        let known = is_reason(inner) && !inner.is_empty();
        return if known { Phrase::Remark } else { Phrase::Unknown };
    }
    if bare == ")" {
        return Phrase::Join;
    }
    let bare = opened.unwrap_or(bare);
    match bare {
        "where" => return Phrase::Where,
        "and" => return Phrase::And,
        "then" => return Phrase::Then,
        "implies" | "implies that" => return Phrase::Link(Link::Implies),
        "if and only if" | "iff" => return Phrase::Link(Link::Equivalent),
        "unless" | "except" | "except for" | "except when" | "except if"
        | "except at" => {
            return Phrase::Unless;
        }
        "by" | "see" | "from" | "using" | "by eq" | "by eq." => {
            return Phrase::Reason;
        }
        _ => {}
    }
    let without = bare.strip_prefix("and ").unwrap_or(bare);
    match without {
        "for all" | "for every" | "for each" | "for any" => {
            return Phrase::All { real: false };
        }
        "for all real" | "for real" | "for every real" | "for any real" => {
            return Phrase::All { real: true };
        }
        _ => {}
    }
    if CONDITIONS.contains(&without) {
        return Phrase::Condition;
    }
    if opened.is_none() && JOINS.contains(&bare) {
        return Phrase::Join;
    }
    let first = bare.split(' ').next().unwrap_or("");
    let reason = matches!(first, "by" | "see" | "from" | "using" | "via");
    if opened.is_none() && reason && is_reason(bare) {
        return Phrase::Remark;
    }
    Phrase::Unknown
}

/// Returns whether an upright word such as `\mathrm{for}` is prose.
pub(super) fn is_prose(word: &str) -> bool {
    matches!(
        word,
        "for"
            | "if"
            | "when"
            | "where"
            | "whenever"
            | "with"
            | "and"
            | "or"
            | "unless"
            | "except"
            | "otherwise"
            | "then"
            | "not"
            | "iff"
            | "hence"
            | "thus"
            | "so"
            | "therefore"
            | "forall"
            | "foreach"
            | "forany"
    )
}

/// Returns whether words mark the last of several cases.
pub(super) fn is_otherwise(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    matches!(bare, "otherwise" | "else" | "in all other cases")
}
