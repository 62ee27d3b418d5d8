//! Formulas in LaTeX: `equation`, `align` and the like, `\[…\]`, `$…$`.
//!
//! The scanner reads prose as TeX does: with groups, definitions, and the
//! formulas that macros make.

use super::directives::directives;
use super::environments::{Body, command, environment, named};
use super::found::{Found, Source};
use super::stripped::Stripped;
use super::unread::typesets;
use super::verbatim::verbatim;
use crate::span::Span;
use rustc_hash::FxHashSet as HashSet;

/// Finds the formulas of a LaTeX file.
pub(super) fn read(file: &str) -> Found {
    let mut found = Found::default();
    scan(Stripped::whole(file), &mut found);
    found
}

/// Adds the formulas in prose within a formula.
pub(super) fn within(text: Stripped, found: &mut Found) {
    scan(text, found);
}

fn scan(text: Stripped, found: &mut Found) {
    let mut scanner = Scanner {
        at: 0,
        text,
        closed: None,
        conditions: vec![],
        tail: None,
        calls: 0,
        grown: 0,
        exhausted: false,
        complained: false,
        absent: HashSet::default(),
        found,
    };
    scanner.scan();
}

pub(super) struct Scanner<'a> {
    pub(super) at: usize,
    pub(super) text: Stripped<'a>,
    /// The end of the last group, definition or formula, unless that was an
    /// argument.
    pub(super) closed: Option<usize>,
    /// A flag for each open `\if…`: true if its condition is unknown.
    pub(super) conditions: Vec<bool>,
    /// The length of the text behind the last outermost call.
    pub(super) tail: Option<usize>,
    /// The numbers of calls and of bytes that the last outermost call made.
    pub(super) calls: usize,
    pub(super) grown: usize,
    /// True if a call made too much, which is reported once.
    pub(super) exhausted: bool,
    /// True if the paragraph has a problem that may explain another.
    pub(super) complained: bool,
    /// Closers that are not in the rest of the text.
    absent: HashSet<String>,
    pub(super) found: &'a mut Found,
}

/// The opening of a formula.
pub(super) struct Opening {
    /// The length, with the arguments.
    pub(super) length: usize,
    pub(super) closer: String,
    pub(super) body: Body,
    /// True if the formula ends with its paragraph.
    pub(super) paragraph: bool,
}

impl Scanner<'_> {
    pub(super) fn rest(&self) -> &str {
        &self.text.text()[self.at..]
    }

    /// Returns the span in the file of the next `length` bytes.
    pub(super) fn span(&self, length: usize) -> Span {
        self.text.span(self.at, self.at + length)
    }

    fn scan(&mut self) {
        while self.at < self.text.text().len() {
            let rest = self.rest();
            if let Some(length) = verbatim(rest) {
                self.verbatim(length);
            } else if rest.starts_with("\\end{document}") {
                break;
            } else if let Some(opening) = self.opening() {
                self.formula(&opening);
            } else if rest.starts_with('\\') {
                self.command();
            } else if rest.starts_with(['{', '}']) {
                self.brace();
            } else {
                let next = |c: char| "\\$%{}".contains(c);
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let next = rest[first..].find(next);
                let next = next.map_or(rest.len(), |i| first + i);
                self.complained &= !rest[..next].contains("\n\n");
                self.at += next;
            }
        }
    }

    /// Skips text that is not read. Reports a directive in a comment there.
    fn verbatim(&mut self, length: usize) {
        let skipped = &self.rest()[..length];
        if skipped.starts_with('%') && !directives(skipped).0.is_empty() {
            let span = self.span(skipped.trim_end().len());
            let message = "this mark stands outside of a formula";
            let hint = "write it within the formula that it speaks of";
            self.found.problem(span, message, hint);
        } else if typesets(skipped) {
            let line = skipped.lines().next().unwrap_or("").len();
            let span = self.span(line);
            let message = "the formulas of this environment are not read";
            self.found.problem(span, message, "write them outside of it");
        } else if skipped.starts_with("\\iffalse")
            && skipped.ends_with("\\else")
        {
            self.conditions.push(false);
        }
        self.at += length;
    }

    /// Reads the opening of a formula here, if there is one.
    fn opening(&self) -> Option<Opening> {
        let rest = self.rest();
        for (open, close, body) in [
            ("$$", "$$", Body::One),
            ("$", "$", Body::Inline),
            ("\\[", "\\]", Body::One),
            ("\\(", "\\)", Body::Inline),
            ("\\ensuremath{", "}", Body::Inline),
        ] {
            if rest.starts_with(open) {
                return Some(Opening {
                    length: open.len(),
                    closer: close.to_owned(),
                    body,
                    paragraph: body == Body::Inline,
                });
            }
        }
        let named = named(rest, "\\begin");
        let (name, length, closer) = match named {
            Some((name, length)) => (name, length, format!("\\end{{{name}}}")),
            // An environment as commands: `\equation … \endequation`.
            None if rest.starts_with('\\') => {
                let name = command(rest);
                (name, 1 + name.len(), format!("\\end{name}"))
            }
            None => return None,
        };
        let found = environment(name)?;
        let own = |name: &str| self.found.macros.get(name).is_some();
        let kept = named.is_none() && found.body == Body::Kept;
        if kept || own(&format!("{{{name}}}")) || own(&format!("\\{name}")) {
            return None;
        }
        let arguments = found.arguments(&rest[length..]);
        Some(Opening {
            length: length + arguments,
            closer,
            body: found.body,
            paragraph: false,
        })
    }

    fn formula(&mut self, opening: &Opening) {
        let start = self.at + opening.length;
        // Search a text with many unclosed formulas only once, unless a macro
        // may make a closer.
        let known = self.found.macros.meanings.is_empty();
        let absent = known && self.absent.contains(&opening.closer);
        let end = if absent { None } else { self.close(start, opening) };
        let Some((end, closer)) = end else {
            if known && !self.text.text()[start..].contains(&opening.closer) {
                self.absent.insert(opening.closer.clone());
            }
            let span = self.span(opening.length);
            let what = &self.rest()[..opening.length];
            let message = format!("this {what} is not closed");
            self.found.problem(span, &message, "");
            self.at = start;
            return;
        };
        let (mut inner, outer) = (start..end, self.at..end + closer);
        self.at = outer.end;
        if opening.body == Body::Kept {
            inner = outer.clone();
        }
        self.closed = Some(self.at);
        let form = opening.body.form();
        self.found.formula(Source::new(&self.text, inner, outer, form));
    }
}
