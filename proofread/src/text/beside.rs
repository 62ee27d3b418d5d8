//! Relations in prose, beside a formula: `$a$ = $b$`.

use super::found::{Form, Found, Source};
use crate::span::Span;

/// Signs of relations, as a text outside of formulas writes them.
const SIGNS: [&str; 25] = [
    ":=", "==", "!=", "<=", ">=", "&lt;", "&gt;", "&le;", "&ge;", "&ne;",
    "&asymp;", "&equiv;", "=", "<", ">", "≤", "≥", "≠", "≈", "≡", "∝", "≔",
    "∼", "≪", "∈",
];

impl Found {
    /// Reports a relation beside a formula in a line: no formula holds it, so
    /// it would be read by nobody.
    pub(super) fn relations_beside(&mut self, source: &Source) {
        if source.form != Form::Inline {
            return;
        }
        let text = source.text.text();
        // The sign may have a cell of its own.
        let cell = if source.table { '|' } else { ' ' };
        // The sign may be set off by other letters: `**=**`, `\emph{=}`.
        let blank = [' ', '\n', cell, '*', '_', '~', '(', ')'];
        let before = text[..source.outer.start]
            .trim_end_matches(|c| blank.contains(&c) || c == '}');
        let behind = &text[source.outer.end..];
        let next = behind.trim_start_matches(blank);
        let next = within(next).trim_start_matches(blank);
        let skipped = source.outer.end + behind.len() - next.len();
        let first = SIGNS.iter().find(|sign| before.ends_with(**sign));
        if let Some(sign) = first {
            let start = before.len() - sign.len();
            let around = (&before[..start], &text[before.len()..]);
            self.beside(sign, around, source.text.span(start, before.len()));
        }
        if let Some(sign) = SIGNS.iter().find(|sign| next.starts_with(**sign)) {
            let end = skipped + sign.len();
            let around = (&text[..skipped], &text[end..]);
            self.beside(sign, around, source.text.span(skipped, end));
        }
    }

    fn beside(&mut self, sign: &str, (before, behind): (&str, &str), at: Span) {
        let blank = |c: char| c.is_whitespace();
        // Part of an arrow, of a tag, of a line below a heading.
        if before.ends_with(['=', '-', '<', '>', '\\', '&'])
            || behind.starts_with(['=', '>', '-'])
            || matches!(sign, "<" | ">")
                && !(before.ends_with(blank) && behind.starts_with(blank))
        {
            return;
        }
        // `label=$a$` is an option, and a line may be a quote.
        let words = before.trim_end();
        let letters =
            words.chars().rev().take_while(|c| c.is_alphabetic()).count();
        let option = letters > 1 && !before.ends_with(blank);
        let line = before.trim_end_matches(' ');
        let quote = sign == ">" && (line.is_empty() || line.ends_with('\n'));
        if option || quote || self.problems.iter().any(|p| p.span == at) {
            return;
        }
        let message = "this relation stands between formulas, in no formula";
        let hint = "write one formula, such as $a = b$";
        self.problem(at, message, hint);
    }
}

/// What a command such as `\emph{` is about, or all.
fn within(text: &str) -> &str {
    let Some(command) = text.strip_prefix('\\') else { return text };
    let name = command.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    name.strip_prefix('{').unwrap_or(text)
}
