//! Signs in prose that change what a formula beside them says: `$1 = 1$ + 2`.

use super::beside;
use super::entities::{entity, entity_at_end};
use super::environments::command;
use super::found::{Form, Found, Source};
use super::reach::commands;
use super::stripped::Stripped;
use crate::read::is_relation;
use crate::span::Span;

/// Operators in words, behind a formula and before an operand.
const WORDS: [&str; 6] =
    ["plus ", "minus ", "times ", "divided by ", "multiplied by ", "modulo "];

/// Words behind a formula that change it.
const RAISED: [&str; 2] = ["squared", "cubed"];

/// Words before a formula that change or deny it.
const BEFORE: [&str; 6] =
    ["minus", "half of", "twice", "not", "never", "times"];

/// Words that deny the claim that follows.
const DENIALS: [&str; 5] = [
    "not true that",
    "not the case that",
    "false that",
    "wrong that",
    "untrue that",
];

/// Commands of LaTeX that write an operator in a text.
const COMMANDS: [(&str, char); 9] = [
    ("textminus", '−'),
    ("texttimes", '×'),
    ("textdiv", '÷'),
    ("textpm", '±'),
    ("textonehalf", '½'),
    ("textonequarter", '¼'),
    ("textthreequarters", '¾'),
    ("textsurd", '√'),
    ("textlnot", '¬'),
];

/// Spaces within a line.
const SPACES: [char; 3] = [' ', '\t', '\u{a0}'];

/// Characters that put a factor or a function before a formula.
const PREFIXES: &str = "½⅓¼¾√∛∑∏¬∄";

impl Found {
    /// Reports an operator beside a formula that claims something.
    pub(super) fn operators_beside(&mut self, source: &Source) {
        let text = source.text.text();
        let inner = &text[source.inner.clone()];
        self.going_on(source);
        if !claims(inner) {
            if source.form != Form::Inline && is_continuation(inner) {
                self.operator(
                    source.text,
                    source.inner.start,
                    source.inner.end,
                );
            }
            return;
        }
        let (start, end) = (source.outer.start, source.outer.end);
        let number = source.form == Form::Inline
            && inner.ends_with(|c: char| c.is_ascii_digit());
        if let Some(length) = behind(&text[end..], number, self.shares) {
            self.operator(source.text, end, end + length);
        }
        if let Some(length) = before(&text[..start]) {
            self.operator(source.text, start - length, start);
        }
    }

    /// Reports an operator between a formula that claims something and this formula, or
    /// at the start of this formula. A text is read line by line, so the claim may not
    /// have seen it.
    fn going_on(&mut self, source: &Source) {
        let (text, start) = (source.text.text(), source.outer.start);
        let last = self.fragments.last();
        if !last.is_some_and(|last| claims(&last.latex)) {
            return;
        }
        let before = |i: &usize| source.text.place(*i) < self.reached;
        let Some(last) = (0..start).rev().find(before) else { return };
        let Some(gap) = text.get(last + 1..start) else { return };
        if paragraph(gap).len() < gap.len() {
            return;
        }
        let rest = beside::behind_space(gap, '\0');
        let at = start - rest.len();
        let Some(sign) = rest.chars().next() else {
            if is_plain(gap) && goes_on(&text[start..]) {
                self.operator(source.text, start, start + 1);
            }
            return;
        };
        let behind = beside::behind_space(&rest[sign.len_utf8()..], '\0');
        let is_list = gap.contains('\n') && sign == '+';
        if is_operator(sign) && behind.is_empty() && !is_list {
            self.operator(source.text, at, at + sign.len_utf8());
        }
    }

    fn operator(&mut self, text: &Stripped, start: usize, end: usize) {
        let message = "this changes what the formula beside it says, and is in \
                       no formula";
        let hint = "write one formula, such as $a = b + 1$";
        let span = text.span(start, end);
        let apart =
            |last: Span| last.end <= span.start || span.end <= last.start;
        if self.problems.last().is_none_or(|last| apart(last.span)) {
            self.problem(span, message, hint);
        }
    }
}

/// Returns whether a formula has a relation.
fn claims(inner: &str) -> bool {
    inner.contains(beside::is_relation) || commands(inner).any(is_relation)
}

/// Returns the length of an operator behind a formula, with the space before
/// it. A percent sign is one behind a number.
fn behind(text: &str, number: bool, markdown: bool) -> Option<usize> {
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
    // The operator may stand in another line, in other letters, or in a formula.
    let far = beside::behind_space(paragraph(text), '\0');
    let skipped = paragraph(text).len() - far.len();
    let gap = &text[..skipped];
    let far = &text[skipped..];
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
fn is_plain(gap: &str) -> bool {
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

/// Reads an operator in the form of a command of LaTeX.
fn named(text: &str) -> Option<(char, usize)> {
    let name = command(text.strip_prefix('\\').map(|_| text)?);
    let found = COMMANDS.iter().find(|(known, _)| *known == name);
    found.map(|(_, sign)| (*sign, 1 + name.len()))
}

/// Returns whether a text starts with a formula that starts with an operator.
fn goes_on(text: &str) -> bool {
    let inside = ["$$", "$", "\\(", "\\["]
        .iter()
        .find_map(|opener| text.strip_prefix(opener));
    inside.is_some_and(is_continuation)
}

/// Returns whether a formula starts with an operator.
fn is_continuation(inside: &str) -> bool {
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

/// Returns the length of a digit, an operator, a factor or a word before a formula.
fn before(text: &str) -> Option<usize> {
    let last = text.chars().next_back()?;
    if last.is_ascii_digit() {
        return Some(1);
    }
    let near = text.trim_end_matches(SPACES);
    let space = text.len() - near.len();
    if is_factor(near) {
        return Some(space + 1);
    }
    let is_operand = |c: char| c.is_ascii_digit() || c == '$';
    let times = near.strip_suffix("\\*");
    if times
        .is_some_and(|rest| rest.trim_end_matches(SPACES).ends_with(is_operand))
    {
        return Some(space + 2);
    }
    if let Some(at) = denial(near.trim_end_matches('(')) {
        return Some(text.len() - at);
    }
    // The sign may stand in other letters: `**−**$a$`.
    let start = text.rfind("\n\n").map_or(0, |i| i + 2);
    let far = beside::before_space(&text[start..], '\0');
    let gap = &text[start + far.len()..];
    let command = named_at_end(far);
    let tight = command.is_some() || !gap.contains(char::is_whitespace);
    let last = far.char_indices().next_back().map(|(i, c)| (c, i));
    let (sign, at) = entity_at_end(far).or(command).or(last)?;
    let length = text.len() - start - at;
    if PREFIXES.contains(sign) {
        return Some(length);
    }
    let rest = &far[..at];
    let bare = rest.trim_end_matches(['*', '_', '`', '\\']);
    let bare = if bare.ends_with('>') {
        beside::before_space(bare, '\0')
    } else {
        bare
    };
    let blank = |c: char| c.is_whitespace() || c == '(';
    // `-$a$` is a sign, and `non-$a$` a hyphen.
    let signs = tight
        && matches!(sign, '-' | '−' | '+')
        && (bare.is_empty() || bare.ends_with(blank));
    let operand = rest.trim_end_matches(SPACES);
    let operates = is_operator(sign)
        && !gap.contains('\n')
        && operand.ends_with(is_operand);
    (signs || operates).then_some(length)
}

/// Returns whether a text ends with a formula without a relation, which looks like a
/// factor of what follows.
fn is_factor(text: &str) -> bool {
    let body = text.strip_suffix('$').filter(|body| !body.ends_with('$'));
    body.and_then(|body| body.rsplit_once('$')).is_some_and(|(_, inside)| {
        !inside.is_empty()
            && !inside.contains(char::is_whitespace)
            && !["\\def", "\\gdef", "\\let", "\\newcommand", "\\renewcommand"]
                .iter()
                .any(|defines| inside.starts_with(defines))
            && !claims(inside)
    })
}

/// Returns where a word starts that denies or changes what follows: the last word, or
/// one that denies the whole clause.
fn denial(text: &str) -> Option<usize> {
    let ends = |word: &&&str| {
        let rest = text.strip_suffix(**word);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    };
    let last = BEFORE.iter().chain(&DENIALS).find(ends);
    if let Some(word) = last {
        return Some(text.len() - word.len());
    }
    let clause =
        text.rsplit(['.', ';', ':', ',', '?', '!', '(', ')', '$']).next()?;
    let from = text.len() - clause.len();
    let mut words = clause.split_whitespace();
    let word = words.find(|word| matches!(*word, "never" | "cannot"))?;
    Some(from + clause.find(word)?)
}

/// Reads an operator in the form of a command of LaTeX at the end of a text.
fn named_at_end(text: &str) -> Option<(char, usize)> {
    let start = text.rfind('\\')?;
    let (sign, length) = named(&text[start..])?;
    (start + length == text.len()).then_some((sign, start))
}

fn is_operator(c: char) -> bool {
    matches!(c, '+' | '−' | '/' | '×' | '·' | '⋅' | '÷' | '±' | '∓' | '⁄')
}
