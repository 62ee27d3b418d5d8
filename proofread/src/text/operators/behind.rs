//! Operators and powers behind a formula, and formulas that go on with it.

use super::denials;
use super::signs::{SPACES, is_operator, named};
use crate::text::beside;
use crate::text::entities::entity;

/// Operators in words, behind a formula and before an operand.
const WORDS: [&str; 6] =
    ["plus ", "minus ", "times ", "divided by ", "multiplied by ", "modulo "];

/// Words behind a formula that change it.
const RAISED: [&str; 2] = ["squared", "cubed"];

/// Returns the length of an operator behind a formula, with the space before
/// it. A percent sign is one behind a number.
pub(super) fn behind(
    text: &str,
    number: bool,
    markdown: bool,
) -> Option<usize> {
    let near = text.trim_start_matches(SPACES);
    let space = text.len() - near.len();
    let digit = |c: char| c.is_ascii_digit();
    if number && (text.starts_with(digit) || has_decimals(text)) {
        return Some(1);
    }
    let percent = markdown && near.starts_with('%') || near.starts_with("\\%");
    if number && percent {
        return Some(space + 1);
    }
    if near.starts_with("\\textsuperscript") {
        return Some(space + 1);
    }
    let scripts = ["<sup", "<sub", "^", "~"];
    if markdown
        && let Some(script) = scripts.iter().find(|s| near.starts_with(**s))
        && (script.len() > 1 || near[1..].starts_with(digit))
    {
        return Some(space + script.len());
    }
    if let Some(length) = operation(near, false, markdown) {
        return Some(space + length);
    }
    if let Some(end) = denials::behind(text) {
        return Some(end);
    }
    // The operator may stand in another line, in other letters, or in a formula.
    let paragraph = paragraph(text);
    let near_end = beside::behind_space(paragraph, '\0');
    let skipped = paragraph.len() - near_end.len();
    let (gap, far) = text.split_at(skipped);
    let lines = gap.matches('\n').count();
    if is_plain(gap) && goes_on(far) {
        return Some(skipped + 1);
    }
    // A label or a comment may stand between the formula and the operator.
    let label = far.strip_prefix("{#").and_then(|label| label.find('}'));
    let comment = far.strip_prefix('%').filter(|_| !markdown);
    let comment = comment.and_then(|comment| comment.find('\n'));
    if let Some(end) = label.map(|end| end + 3).or(comment.map(|end| end + 2)) {
        let length = behind(&far[end..], false, markdown)?;
        return Some(skipped + end + length);
    }
    let escaped = markdown && far.starts_with('\\');
    let far = &far[usize::from(escaped)..];
    let length = operation(far, lines > 0, markdown && !escaped)?;
    Some(skipped + usize::from(escaped) + length)
}

/// Returns whether a gap between formulas has no brackets, quotes and dashes.
pub(super) fn is_plain(gap: &str) -> bool {
    !gap.contains(['(', ')', '[', '"', '“', '”', '—', '–', '^'])
}

/// Returns the text up to the next blank line.
fn paragraph(text: &str) -> &str {
    let end = text.match_indices('\n').find(|(i, _)| {
        text[i + 1..].trim_start_matches(SPACES).starts_with(['\n', '\r'])
    });
    end.map_or(text, |(i, _)| &text[..i])
}

/// Returns the length of an operation that a text starts with: an operator before an
/// operand, or a power. At the start of a line, a sign may be the mark of a list.
fn operation(text: &str, starts_line: bool, markdown: bool) -> Option<usize> {
    if let Some(word) = RAISED.iter().find(|word| text.starts_with(**word)) {
        return Some(word.len());
    }
    let bare = text.trim_start_matches([',', ' ']);
    if let Some(word) = WORDS.iter().find(|word| bare.starts_with(**word))
        && is_operand(bare[word.len()..].trim_start())
    {
        return Some(text.len() - bare.len() + word.len());
    }
    let first = text.chars().next().map(|c| (c, c.len_utf8()));
    let (sign, length) = entity(text).or(named(text)).or(first)?;
    if "²³¹⁰⁴⁵⁶⁷⁸⁹⁻⁺ⁿ".contains(sign) {
        return Some(length);
    }
    // A dash with spaces around it is punctuation.
    let next = &text[length..];
    let is_list = starts_line && matches!(sign, '+' | '-' | '*');
    let tight = !next.starts_with(SPACES) && !next.starts_with('*')
        || !markdown && sign == '*';
    let operates = is_operator(sign) || matches!(sign, '-' | '*') && tight;
    let operand = is_operand(beside::behind_space(next, '\0'));
    (operates && operand && !is_list).then_some(length)
}

/// Returns whether a text starts with a formula that starts with an operator.
pub(super) fn goes_on(text: &str) -> bool {
    let inside = ["$$", "$", "\\(", "\\["]
        .iter()
        .find_map(|opener| text.strip_prefix(opener));
    inside.is_some_and(is_continuation)
}

/// Returns whether a formula starts with an operator.
pub(super) fn is_continuation(inside: &str) -> bool {
    let mut inside = inside.trim_start_matches(['{', '}', ' ', '\n']);
    // Labels and comments are not seen.
    while let Some((_, rest)) = match inside.as_bytes() {
        [b'%', ..] => inside.split_once('\n'),
        [b'\\', b'l', b'a', b'b', b'e', b'l', b'{', ..] => {
            inside.split_once('}')
        }
        _ => None,
    } {
        inside = rest.trim_start_matches(['{', '}', ' ', '\n']);
    }
    let commands = ["\\cdot", "\\times", "\\pm", "\\mp", "\\div"];
    inside.starts_with(['+', '-', '−', '·', '×', '/', '^', '±'])
        || commands.iter().any(|known| inside.starts_with(known))
}

/// Returns whether a text starts with a number or a formula.
fn is_operand(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '$')
        || text.starts_with("\\(")
}

/// Returns whether a text goes on with the decimals of a number: `.5`.
fn has_decimals(text: &str) -> bool {
    let behind = text.strip_prefix(['.', ',']);
    behind.is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
}
