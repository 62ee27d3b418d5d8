//! Relations in prose, beside a formula: `$a$ = $b$`.

use super::characters::invisible;
use super::entities::{entity, entity_at_end};
use super::environments::{command, group};
use super::found::{Form, Found, Source};
use crate::span::Span;

/// Relations of several characters in a text outside formulas.
const SIGNS: [&str; 7] =
    [":=", "==", "!=", "<=", ">=", "\\textless", "\\textgreater"];

/// LaTeX commands that only make space.
const SPACES: [&str; 8] = [
    "quad",
    "qquad",
    "enspace",
    "enskip",
    "thinspace",
    "hfill",
    "hspace",
    "hspace*",
];

impl Found {
    /// Reports a relation beside an inline formula: the relation is in no
    /// formula, so nothing would check it.
    pub(super) fn relations_beside(&mut self, source: &Source) {
        if source.form != Form::Inline {
            return;
        }
        let text = source.text.text();
        // The sign may be in a separate cell.
        let cell = match (source.table, self.shares) {
            (true, _) => '|',
            (_, true) => ' ',
            _ => '&',
        };
        let before = before_space(&text[..source.outer.start], cell);
        let behind = &text[source.outer.end..];
        let next = behind_space(behind, cell);
        let skipped = source.outer.end + behind.len() - next.len();
        if let Some(start) = sign_at_end(before) {
            let sign = &before[start..];
            let around = (&before[..start], &text[before.len()..]);
            self.beside(sign, around, source.text.span(start, before.len()));
        }
        let escaped =
            self.shares && sign(next).is_none() && next.starts_with('\\');
        let skipped = skipped + usize::from(escaped);
        if let Some(length) = sign(&text[skipped..]) {
            let end = skipped + length;
            let around = (&text[..skipped], &text[end..]);
            let at = source.text.span(skipped, end);
            self.beside(&text[skipped..end], around, at);
        }
    }

    /// Returns whether `<` or `>` is an order, and no part of a tag.
    fn is_order(&self, sign: &str, before: &str, behind: &str) -> bool {
        let blank = |c: char| c.is_whitespace();
        if !self.shares || before.ends_with(blank) && behind.starts_with(blank)
        {
            return true; // LaTeX has no tags
        }
        let operand =
            |c: char| c.is_whitespace() || c.is_ascii_digit() || c == '$';
        match sign {
            "<" => behind.starts_with(operand),
            _ => before.ends_with(['$', ')']) && !is_in_tag(before),
        }
    }

    fn beside(&mut self, sign: &str, (before, behind): (&str, &str), at: Span) {
        // In Markdown `\=` is an escape, in LaTeX an accent.
        let escaped = self.shares && before.ends_with('\\');
        // The sign may be part of an arrow, a tag, or a line below a heading.
        if before.ends_with(['=', '-', '<', '\\', '&']) && !escaped
            || before.ends_with('>')
                && !ends_tag(before)
                && !before.ends_with("-->")
            || behind.starts_with(['=', '>', '-'])
            || matches!(sign, "<" | ">")
                && !escaped
                && !self.is_order(sign, before, behind)
        {
            return;
        }
        // `label=$a$` is an option, and a line that begins with `>` is a quote.
        let rest = before.trim_end_matches(char::is_alphabetic);
        let letters = before.len() - rest.len();
        let option = letters > 1 && !rest.ends_with('\\');
        let line = before.trim_end_matches(' ');
        let quote = sign == ">" && (line.is_empty() || line.ends_with('\n'));
        if option
            || quote
            || self.problems.iter().rev().take(2).any(|p| p.span == at)
        {
            return;
        }
        let message = "this relation stands between formulas, in no formula";
        let hint = "write one formula, such as $a = b$";
        self.problem(at, message, hint);
    }
}

/// Returns whether a text ends in a tag that is not closed.
fn is_in_tag(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or(text);
    line.rfind('<').is_some_and(|i| !line[i..].contains('>'))
}

/// Returns the length of the relation that a text starts with.
fn sign(text: &str) -> Option<usize> {
    if let Some(sign) = SIGNS.iter().find(|sign| text.starts_with(**sign)) {
        return Some(sign.len());
    }
    let first = text.chars().next().map(|c| (c, c.len_utf8()));
    let (c, length) = entity(text).or(first)?;
    is_relation(c).then_some(length)
}

/// Returns the start of the relation that a text ends with.
fn sign_at_end(text: &str) -> Option<usize> {
    // The `>` of `<b>=` ends a tag.
    let behind_tag = text.strip_suffix('=').is_some_and(ends_tag);
    let mut signs = SIGNS.iter().filter(|_| !behind_tag);
    if let Some(sign) = signs.find(|sign| text.ends_with(**sign)) {
        return Some(text.len() - sign.len());
    }
    let last = text.char_indices().next_back().map(|(i, c)| (c, i));
    let (c, start) = entity_at_end(text).or(last)?;
    is_relation(c).then_some(start)
}

/// Returns whether a character is a relation sign.
pub(super) fn is_relation(c: char) -> bool {
    matches!(c, '=' | '<' | '>' | '∝' | '⁼' | '₌' | '﹤' | '﹥' | '﹦')
        || matches!(c, '＜' | '＝' | '＞')
        || ('\u{2208}'..='\u{220d}').contains(&c) // elements
        || ('\u{223c}'..='\u{228b}').contains(&c) // tildes, equalities, orders
        || ('\u{228f}'..='\u{2292}').contains(&c)
        || ('\u{22b0}'..='\u{22b5}').contains(&c)
        || ('\u{22d0}'..='\u{22ed}').contains(&c)
        || ('\u{2a66}'..='\u{2af0}').contains(&c)
}

/// Returns whether a character may separate a sign: `**=**`, `\emph{=}`.
fn sets_off(c: char, cell: char) -> bool {
    c == cell
        || c.is_whitespace()
        || invisible(c).is_some()
        || matches!(c, '*' | '_' | '~' | '(' | ')' | '[' | '}' | '`' | '^')
        || matches!(c, '"' | '“' | '”' | '—' | '–')
}

/// Removes the separators at the end of a text: blanks, tags, spaces of LaTeX.
pub(super) fn before_space(mut text: &str, cell: char) -> &str {
    loop {
        let trimmed = text.trim_end_matches(|c| sets_off(c, cell));
        let comment =
            trimmed.rfind("<!--").filter(|_| trimmed.ends_with("-->"));
        let blank = entity_at_end(trimmed)
            .filter(|(c, _)| sets_off(*c, cell))
            .map(|(_, start)| start);
        let tag = trimmed.rfind('<').filter(|_| ends_tag(trimmed));
        let tag = comment.or(blank).or(tag);
        let command = trimmed.rfind('\\').filter(|i| {
            let name = &trimmed[i + 1..];
            let name = name.split('{').next().unwrap_or("");
            SPACES.contains(&name) || matches!(name, "," | ";" | ":" | "!" | "")
        });
        match tag.or(command) {
            Some(end) => text = &trimmed[..end],
            None => return trimmed,
        }
    }
}

/// Removes the separators at the start of a text.
pub(super) fn behind_space(mut text: &str, cell: char) -> &str {
    loop {
        // The mark of a footnote: `[^1]`.
        if let Some(mark) = text.trim_start().strip_prefix("[^")
            && let Some((_, behind)) = mark.split_once(']')
        {
            text = behind;
        }
        let trimmed =
            text.trim_start_matches(|c| sets_off(c, cell) || c == '{');
        let length = match trimmed.as_bytes() {
            [b'<', b'!', ..] => trimmed.find("-->").map_or(0, |end| end + 3),
            [b'<', ..] => tag(trimmed),
            [b'&', ..] => entity(trimmed)
                .filter(|(c, _)| sets_off(*c, cell))
                .map_or(0, |(_, length)| length),
            [b'\\', b',' | b';' | b':' | b'!' | b' ', ..] => 2,
            [b'\\', ..] => {
                let name = command(trimmed);
                let length = 1 + name.len();
                let argument = group(&trimmed[length..]).unwrap_or(0);
                match SPACES.contains(&name) {
                    true => length + argument,
                    false if SIGNS.contains(&&trimmed[..length]) => 0,
                    // The sign may be in the argument of `\emph{`.
                    false if argument > 0 => length,
                    false => 0,
                }
            }
            _ => 0,
        };
        if length == 0 {
            return trimmed;
        }
        text = &trimmed[length..];
    }
}

/// Returns whether a text ends with a tag.
fn ends_tag(text: &str) -> bool {
    text.ends_with('>') && text.rfind('<').is_some_and(|i| tag(&text[i..]) > 0)
}

/// Returns the length of the tag that a text starts with, or 0.
fn tag(text: &str) -> usize {
    let name = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    let end = text.find('>').filter(|_| name.starts_with(char::is_alphabetic));
    end.map_or(0, |end| end + 1)
}
