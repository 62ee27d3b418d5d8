//! Signs in prose that change what a formula beside them says: `$1 = 1$ + 2`.

use super::beside;
use super::entities::entity;
use super::found::{Form, Found, Source};
use super::reach::commands;
use super::stripped::Stripped;
use crate::read::is_relation;

/// Operators in words.
const WORDS: [&str; 3] = ["plus ", "minus ", "times "];

/// Spaces within a line.
const SPACES: [char; 3] = [' ', '\t', '\u{a0}'];

impl Found {
    /// Reports an operator beside an inline formula that claims something.
    pub(super) fn operators_beside(&mut self, source: &Source) {
        let text = source.text.text();
        let inner = &text[source.inner.clone()];
        let claims = inner.contains(beside::is_relation)
            || commands(inner).any(is_relation);
        if source.form != Form::Inline || !claims {
            return;
        }
        let (start, end) = (source.outer.start, source.outer.end);
        let number = inner.ends_with(|c: char| c.is_ascii_digit());
        if let Some(length) = behind(&text[end..], number, self.shares) {
            self.operator(source.text, end, end + length);
        }
        if let Some(length) = before(&text[..start]) {
            self.operator(source.text, start - length, start);
        }
    }

    fn operator(&mut self, text: &Stripped, start: usize, end: usize) {
        let message = "this changes what the formula beside it says, and is in \
                       no formula";
        let hint = "write one formula, such as $a = b + 1$";
        let span = text.span(start, end);
        if self.problems.last().is_none_or(|last| last.span != span) {
            self.problem(span, message, hint);
        }
    }
}

/// Returns the length of an operator behind a formula, with the space before
/// it. A percent sign is one behind a number.
fn behind(text: &str, number: bool, markdown: bool) -> Option<usize> {
    let raised = |c: char| "²³¹⁰⁴⁵⁶⁷⁸⁹⁻⁺ⁿ".contains(c);
    let near = text.trim_start_matches(SPACES);
    let space = text.len() - near.len();
    let digit = |c: char| c.is_ascii_digit();
    if number && (text.starts_with(digit) || has_decimals(text)) {
        return Some(1);
    }
    if near.starts_with(raised) || near.starts_with("\\textsuperscript") {
        return Some(space + near.chars().next()?.len_utf8());
    }
    let scripts = ["<sup", "<sub", "^", "~"];
    if markdown
        && let Some(script) = scripts.iter().find(|s| near.starts_with(**s))
        && (script.len() > 1 || near[1..].starts_with(digit))
    {
        return Some(space + script.len());
    }
    if let Some(word) = WORDS.iter().find(|word| near.starts_with(**word))
        && is_operand(near[word.len()..].trim_start())
    {
        return Some(space + word.len());
    }
    let first = near.chars().next().map(|c| (c, c.len_utf8()));
    let (sign, length) = entity(near).or(first)?;
    if number && (markdown && sign == '%' || near.starts_with("\\%")) {
        return Some(space + length);
    }
    // A dash with spaces around it is punctuation.
    let next = &near[length..];
    let operates = is_operator(sign)
        || matches!(sign, '-' | '*') && !next.starts_with(SPACES);
    let operand = is_operand(next.trim_start_matches(SPACES));
    (operates && operand).then_some(space + length)
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

/// Returns the length of a digit or an operator before a formula.
fn before(text: &str) -> Option<usize> {
    let last = text.chars().next_back()?;
    if last.is_ascii_digit() {
        return Some(1);
    }
    let near = text.trim_end_matches(SPACES);
    let space = text.len() - near.len();
    let sign = near.chars().next_back()?;
    if "½⅓¼¾√∛∑∏¬∄".contains(sign) {
        return Some(space + sign.len_utf8());
    }
    let rest = &near[..near.len() - sign.len_utf8()];
    let blank = |c: char| c.is_whitespace() || c == '(';
    // `-$a$` is a sign, and `non-$a$` a hyphen.
    let signs = space == 0
        && matches!(sign, '-' | '−' | '+')
        && (rest.is_empty() || rest.ends_with(blank));
    let operand = rest.trim_end_matches(SPACES);
    let operates = is_operator(sign)
        && operand.ends_with(|c: char| c.is_ascii_digit() || c == '$');
    (signs || operates).then_some(space + sign.len_utf8())
}

fn is_operator(c: char) -> bool {
    matches!(c, '+' | '−' | '/' | '×' | '·' | '⋅' | '÷' | '±' | '∓' | '⁄')
}
