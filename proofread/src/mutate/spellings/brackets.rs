//! Redundant brackets.

use super::is_relation;
use crate::mutate::typeset::{PART, WIDE};

/// Removes one redundant pair of brackets; returns false if there is none.
/// Brackets around a whole numerator or denominator are redundant. So are
/// brackets around factors that need none for a sign, a list or a script:
/// `a [\frac{b}{c}]` is `a \frac{b}{c}`. After a function or an expectation,
/// brackets are redundant only at the end of the term, because its argument
/// extends to the end of the term anyway: `\log(2 \pi) + 1`. After a slash,
/// brackets are never redundant.
pub(super) fn drop(tokens: &mut Vec<String>) -> bool {
    let pair = (0..tokens.len()).find_map(|open| {
        let close = closing(tokens, open)?;
        let next = tokens.get(close + 1).map_or("", String::as_str);
        let ends = next.is_empty()
            || matches!(next, "+" | "−" | "," | ")" | "]")
            || next.starts_with("</")
            || next == PART
            || is_relation(next);
        let fits = match head(tokens, open) {
            Head::Slash => false,
            Head::Reaches => ends,
            Head::Other => true,
        };
        let inner = &tokens[open + 1..close];
        let whole = is_part(tokens, open, close)
            && !inner.iter().any(|token| matches!(token.as_str(), "," | ";"));
        (whole || fits && only_factors(inner)).then_some((open, close))
    });
    let Some((open, close)) = pair else { return false };
    tokens.remove(close);
    tokens.remove(open);
    true
}

/// Checks whether brackets enclose a whole numerator or denominator.
fn is_part(tokens: &[String], open: usize, close: usize) -> bool {
    let at = |i: usize| tokens.get(i).map_or("", String::as_str);
    let starts = open.checked_sub(1).map_or("", at);
    let over = starts == "<mfrac>";
    let under = starts == PART && at(close + 2) == "</mfrac>";
    at(close + 1) == PART && (over || under)
}

/// The kind of token before a bracket.
enum Head {
    Slash,
    /// A function or an expectation, perhaps with scripts.
    Reaches,
    Other,
}

fn head(tokens: &[String], open: usize) -> Head {
    let Some(mut at) = open.checked_sub(1) else { return Head::Other };
    if tokens[at].starts_with('/') {
        return Head::Slash;
    }
    // Goes back from the end of an element to its base.
    if tokens[at].starts_with("</") {
        let mut depth = 0;
        let start = (0..=at).rev().find(|&i| {
            depth += nesting(&tokens[i]);
            depth == 0
        });
        at = start.unwrap_or(0) + 1;
    }
    let base = tokens.get(at).map_or("", String::as_str);
    let word =
        base.chars().count() > 1 && base.chars().all(char::is_alphabetic);
    let reaches = word || base == "E double-struck";
    if reaches { Head::Reaches } else { Head::Other }
}

/// Returns the change in element depth at a token.
fn nesting(token: &str) -> i32 {
    match token {
        WIDE => 0,
        _ if token.starts_with("</") => -1,
        _ if token.starts_with('<') && token.len() > 1 => 1,
        _ => 0,
    }
}

/// Returns the bracket that closes the bracket at `open` in the same element.
fn closing(tokens: &[String], open: usize) -> Option<usize> {
    let close = match tokens.get(open)?.as_str() {
        "(" => ")",
        "[" => "]",
        _ => return None,
    };
    let (mut depth, mut brackets) = (0_i32, 0_i32);
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "(" | "[" => brackets += 1,
            ")" | "]" => brackets -= 1,
            token => depth += nesting(token),
        }
        if depth < 0 || depth == 0 && token == PART {
            return None;
        }
        if depth == 0 && brackets == 0 {
            return (token == close).then_some(i);
        }
    }
    None
}

/// Checks whether tokens are only letters, numbers, norms and elements such as
/// fractions, without a sign between them.
fn only_factors(tokens: &[String]) -> bool {
    let (mut depth, mut norm) = (0_i32, false);
    tokens.iter().all(|token| {
        let before = depth;
        depth += match token.as_str() {
            "(" | "[" => 1,
            ")" | "]" => -1,
            token => nesting(token),
        };
        let name = token.split(' ').next().unwrap_or("");
        norm ^= name == "∥";
        let factor = name.chars().count() == 1
            && name.chars().all(char::is_alphabetic)
            || name.parse::<f64>().is_ok()
            || name == "∥";
        norm || before > 0 || depth > 0 || factor || nesting(token) != 0
    })
}
