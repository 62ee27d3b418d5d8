//! Formulas in LaTeX: `equation`, `align` and the like, `\[…\]`, `$…$`.
//!
//! The prose is read as TeX reads it: with its groups, its definitions, and
//! with what macros make if that is a formula.

use super::defining::{Meaning, defining};
use super::directives::directives;
use super::environments::{Body, command, environment, group, named};
use super::expand::expansion;
use super::found::{Form, Found, Source};
use super::macros::Group;
use super::spell::{LONGEST, MOST};
use super::stripped::Stripped;
use super::verbatim::{is_condition, skipped, verbatim};
use crate::span::Span;

/// All that is found in a LaTeX file.
pub(super) fn read(file: &str) -> Found {
    let mut found = Found::default();
    scan(Stripped::whole(file), &mut found);
    found
}

/// Adds what is found in prose that stands within a formula.
pub(super) fn within(text: Stripped, found: &mut Found) {
    scan(text, found);
}

fn scan(text: Stripped, found: &mut Found) {
    let mut scanner = Scanner {
        at: 0,
        text,
        closed: None,
        conditions: vec![],
        calls: 0,
        grown: 0,
        exhausted: false,
        complained: false,
        found,
    };
    scanner.scan();
}

pub(super) struct Scanner<'a> {
    pub(super) at: usize,
    pub(super) text: Stripped<'a>,
    /// Where a group, a definition or a formula ended last, unless that was
    /// an argument.
    pub(super) closed: Option<usize>,
    /// For each `\if…` that is open, whether it is unknown if it holds.
    pub(super) conditions: Vec<bool>,
    /// How many calls were expanded, and how many bytes that made.
    calls: usize,
    grown: usize,
    /// Whether that was too much, which is said once.
    exhausted: bool,
    /// Whether the paragraph has a problem that may explain another.
    pub(super) complained: bool,
    pub(super) found: &'a mut Found,
}

/// What opens a formula.
pub(super) struct Opening {
    /// Its length, arguments included.
    pub(super) length: usize,
    pub(super) closer: String,
    pub(super) body: Body,
    /// Whether the formula ends with its paragraph.
    pub(super) paragraph: bool,
}

impl Scanner<'_> {
    pub(super) fn rest(&self) -> &str {
        &self.text.text()[self.at..]
    }

    /// The place in the file of the next `length` bytes.
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

    /// Goes past what is not read; a mark in a comment speaks of a formula.
    fn verbatim(&mut self, length: usize) {
        let skipped = &self.rest()[..length];
        if skipped.starts_with('%') && !directives(skipped).0.is_empty() {
            let span = self.span(skipped.trim_end().len());
            let message = "this mark stands outside of a formula";
            let hint = "write it within the formula that it speaks of";
            self.found.problem(span, message, hint);
        } else if skipped.starts_with("\\iffalse")
            && skipped.ends_with("\\else")
        {
            self.conditions.push(false);
        }
        self.at += length;
    }

    /// Whether a formula opens here.
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
            // `\equation … \endequation`.
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
        let Some((end, closer)) = self.close(start, opening) else {
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

    /// A command outside of formulas.
    fn command(&mut self) {
        let rest = self.rest();
        let name = command(rest);
        let length = 1 + name.len();
        if let Some((environment, length)) = named(rest, "\\begin") {
            let environment = environment.to_owned();
            return self.begin(&environment, length);
        }
        if let Some((environment, length)) = named(rest, "\\end") {
            let environment = environment.to_owned();
            return self.end(&environment, length);
        }
        let span = self.span(length);
        if let Some(meaning) = self.found.macros.get(&rest[..length]) {
            // A definition may come before its name is used.
            return self.call(length, &meaning);
        }
        if let Some(found) = defining(rest) {
            let span = self.span(found.length);
            if self.conditions.contains(&true) {
                let why = "is defined under a condition: which one holds is \
                           not known";
                self.found.macros.doubt(&found, why);
            } else {
                self.found.define(&found, span);
            }
            self.at += found.length;
            self.closed = Some(self.at);
            return;
        }
        match name {
            "input" | "include" | "subfile" | "import" => {
                let message = format!("\\{name} is not followed");
                let hint = "check that file by itself";
                // A file's name may hold an underscore or a dollar.
                let file = group(&rest[length..]).unwrap_or(0);
                self.found.problem(span, &message, hint);
                self.at += length + file;
            }
            "begingroup" | "bgroup" => {
                self.found.macros.open(Group::Begin);
                self.at += length;
            }
            "endgroup" | "egroup" => {
                self.close_group(|group| *group == Group::Begin, length);
            }
            // `\ensuremath\x`.
            "ensuremath" => {
                let inner = rest[length..].trim_start();
                let token = match inner.chars().next() {
                    Some('\\') => 1 + command(inner).len(),
                    first => first.map_or(0, char::len_utf8),
                };
                let end = self.text.text().len() - inner.len() + token;
                let (inner, outer) = (end - token..end, self.at..end);
                self.at = end;
                let source =
                    Source::new(&self.text, inner, outer, Form::Inline);
                self.found.formula(source);
            }
            "csname" => {
                let end = rest.find("\\endcsname").unwrap_or(length);
                let name = format!("\\{} ", rest[length..end].trim());
                let whole = (end + "\\endcsname".len()).min(rest.len());
                if self.found.macros.get(name.trim_end()).is_some() {
                    let mut made = Stripped::empty();
                    made.insert(&name, self.span(whole));
                    self.put(length, Ok((made, self.at..self.at + whole)));
                } else {
                    self.at += length;
                }
            }
            "newif" => {
                let flag = rest[length..].trim_start();
                let blank = rest.len() - length - flag.len();
                self.at += length + blank + 1 + command(flag).len();
            }
            "iftrue" => {
                self.conditions.push(false);
                self.at += length;
            }
            "else" if self.conditions.last() == Some(&false) => {
                let length = skipped(rest);
                self.conditions.pop();
                self.at += length;
            }
            "fi" => {
                self.conditions.pop();
                self.at += length;
            }
            _ if is_condition(name, &rest[length..]) => {
                self.conditions.push(true);
                self.at += length;
            }
            _ => {
                self.outside(length);
                self.at += length;
            }
        }
    }

    /// A call of a macro in prose.
    fn call(&mut self, length: usize, meaning: &Meaning) {
        let body = super::macros::body(meaning);
        if !self.found.macros.acts(body) {
            self.at += length;
            return;
        }
        match meaning {
            Meaning::Macro { parameters, body, .. } => {
                let behind = self.at + length;
                let made =
                    expansion(&self.text, self.at, behind, parameters, body);
                self.put(length, made);
            }
            Meaning::Let(to) => {
                let to = match to.as_str() {
                    "{" => "\\bgroup",
                    "}" => "\\egroup",
                    to => to,
                };
                let mut made = Stripped::empty();
                made.insert(to, self.span(length));
                self.put(length, Ok((made, self.at..self.at + length)));
            }
            Meaning::Refused { why, .. } => {
                let name = &self.rest()[..length];
                let message = format!("{name} {why}");
                let span = self.span(length);
                self.found.problem(span, &message, MADE);
                self.at += length;
            }
            Meaning::Delimited { .. } | Meaning::Environment { .. } => {
                let span = self.span(length);
                let message = "formulas that this makes are not read";
                self.found.problem(span, message, MADE);
                self.at += length;
            }
        }
    }

    /// Puts what a call makes in its place, to be read next.
    pub(super) fn put(
        &mut self,
        length: usize,
        made: Result<(Stripped<'static>, std::ops::Range<usize>), &str>,
    ) {
        let why = match made {
            Ok((made, call)) => {
                self.calls += 1;
                self.grown += made.text().len();
                if self.calls <= MOST && self.grown <= LONGEST {
                    self.text.splice(call, &made);
                    return;
                }
                "makes too much"
            }
            Err(why) => why,
        };
        let over = self.calls > MOST || self.grown > LONGEST;
        let message = format!("{} {why}", &self.rest()[..length]);
        let span = self.span(length);
        if !std::mem::replace(&mut self.exhausted, over) {
            self.found.problem(span, &message, MADE);
        }
        self.at += length;
    }
}

/// What to do where a call is not expanded.
pub(super) const MADE: &str = "write the formula where it is used";
