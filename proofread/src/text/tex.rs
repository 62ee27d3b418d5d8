//! Formulas in LaTeX: `equation`, `align` and the like, `\[…\]`, `$…$`.

use super::dollars::has_prose;
use super::environments::{Body, command, environment, group, named};
use super::found::{Found, Source};
use super::macros::{Defining, closes, defining, opens};
use super::stripped::Stripped;
use super::verbatim::verbatim;
use crate::span::Span;

/// All that is found in a LaTeX file.
pub(super) fn read(file: &str) -> Found {
    let scanner = Scanner {
        file,
        at: 0,
        text: Stripped::whole(file),
        openers: vec![],
        closers: vec![],
        found: Found::default(),
    };
    scanner.scan()
}

struct Scanner<'a> {
    file: &'a str,
    at: usize,
    text: Stripped<'a>,
    /// Macros that open an environment, and its name: `\be`.
    openers: Vec<(String, String)>,
    /// Macros that close one.
    closers: Vec<(String, String)>,
    found: Found,
}

/// What opens a formula.
struct Opening {
    /// Its length, arguments included.
    length: usize,
    /// Any of these closes the formula.
    closers: Vec<String>,
    body: Body,
    /// Whether the formula ends with its paragraph.
    paragraph: bool,
}

impl Scanner<'_> {
    fn scan(mut self) -> Found {
        while self.at < self.file.len() {
            let rest = &self.file[self.at..];
            if let Some(length) = verbatim(rest) {
                self.at += length;
            } else if rest.starts_with("\\end{document}") {
                break;
            } else if let Some(opening) = self.opening() {
                self.formula(&opening);
            } else if rest.starts_with('\\') {
                self.command();
            } else {
                let next = |c: char| "\\$%".contains(c);
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let next = rest[first..].find(next);
                self.at += next.map_or(rest.len(), |i| first + i);
            }
        }
        self.found
    }

    /// Whether a formula opens here.
    fn opening(&self) -> Option<Opening> {
        let rest = &self.file[self.at..];
        for (open, close, body) in [
            ("$$", "$$", Body::One),
            ("$", "$", Body::Inline),
            ("\\[", "\\]", Body::One),
            ("\\(", "\\)", Body::Inline),
        ] {
            if rest.starts_with(open) {
                return Some(Opening {
                    length: open.len(),
                    closers: vec![close.to_owned()],
                    body,
                    paragraph: body == Body::Inline,
                });
            }
        }
        if rest.starts_with("\\ensuremath{") {
            return Some(Opening {
                length: "\\ensuremath{".len(),
                closers: vec!["}".to_owned()],
                body: Body::Inline,
                paragraph: true,
            });
        }
        let (name, length) =
            named(rest, "\\begin").or_else(|| self.opened_by_macro(rest))?;
        let found = environment(name)?;
        let mut closers = vec![format!("\\end{{{name}}}")];
        for (closer, closed) in &self.closers {
            if closed == name {
                closers.push(closer.clone());
            }
        }
        let arguments = found.arguments(&rest[length..]);
        Some(Opening {
            length: length + arguments,
            closers,
            body: found.body,
            paragraph: false,
        })
    }

    /// The environment that the macro at the start of `rest` opens.
    fn opened_by_macro(&self, rest: &str) -> Option<(&str, usize)> {
        if !rest.starts_with('\\') {
            return None;
        }
        let length = 1 + command(rest).len();
        let mut openers = self.openers.iter();
        let (_, name) = openers.rfind(|(name, _)| *name == rest[..length])?;
        Some((name, length))
    }

    fn formula(&mut self, opening: &Opening) {
        let start = self.at + opening.length;
        let found = find_close(&self.file[start..], opening);
        let Some((length, closer)) = found else {
            let end = self.at + opening.length;
            let what = &self.file[self.at..end];
            let message = format!("this {what} is not closed");
            self.found.problem(Span::new(self.at, end), &message, "");
            self.at = end;
            return;
        };
        let (mut inner, outer) =
            (start..start + length, self.at..start + length + closer);
        self.at = outer.end;
        if opening.body == Body::Kept {
            inner = outer.clone();
        }
        let form = opening.body.form();
        self.found.formula(Source::new(&self.text, inner, outer, form));
    }

    /// A command outside of formulas.
    fn command(&mut self) {
        let rest = &self.file[self.at..];
        let name = command(rest);
        let length = 1 + name.len();
        let span = Span::new(self.at, self.at + length);
        if matches!(name, "input" | "include" | "subfile" | "import") {
            let message = format!("\\{name} is not followed");
            let hint = "check that file by itself";
            self.found.problem(span, &message, hint);
            // A file's name may hold an underscore or a dollar.
            self.at += length + group(&rest[length..]).unwrap_or(0);
            return;
        }
        let Some(found) = defining(rest, self.at) else {
            self.at += length;
            return;
        };
        self.at += found.length;
        self.define(found, span);
    }

    fn define(&mut self, found: Defining, span: Span) {
        let body = found.body.as_str();
        if let Some(definition) = &found.definition {
            let name = definition.name.clone();
            if let Some(opened) = opens(body) {
                self.openers.push((name, opened.to_owned()));
                return;
            }
            if let Some(closed) = closes(body) {
                self.closers.push((name, closed.to_owned()));
                return;
            }
        }
        let opens = body.match_indices("\\begin").any(|(i, _)| {
            named(&body[i..], "\\begin").is_some_and(|(name, _)| {
                environment(name).is_some_and(|e| e.body != Body::Kept)
            })
        });
        let dollars = body.contains('$') && body.contains(['=', '<', '>']);
        if opens || dollars || body.contains("\\[") && !body.contains("\\\\[") {
            let message = "formulas that this makes are not read";
            let hint = "write the formula where it is used";
            self.found.problem(span, message, hint);
        }
        self.found.definitions.extend(found.definition);
    }
}

/// Where the formula ends, and the length of what closes it; comments and
/// escapes aside, and not within braces.
fn find_close(text: &str, opening: &Opening) -> Option<(usize, usize)> {
    let (mut at, mut depth) = (0, 0_usize);
    // A closer within braces, and whether a blank line was met.
    let (mut within, mut blank) = (None, None);
    while at < text.len() {
        let rest = &text[at..];
        let closer = opening.closers.iter().find(|closer| {
            rest.starts_with(closer.as_str())
                && (!closer.ends_with(|c: char| c.is_ascii_alphabetic())
                    || command(rest).len() + 1 == closer.len())
        });
        if let Some(closer) = closer {
            let prose =
                blank.is_some_and(|blank: usize| has_prose(&text[blank..at]));
            if depth == 0 || closer.starts_with("\\end") {
                return (!prose).then_some((at, closer.len()));
            }
            if closer != "}" {
                within = within.or(Some((at, closer.len())));
            }
        }
        let mut chars = rest.chars();
        let first = chars.next()?;
        match first {
            '%' => {
                at += rest.find('\n').map_or(rest.len(), |i| i + 1);
                continue;
            }
            '\\' => at += chars.next().map_or(0, char::len_utf8),
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '\n' => {
                let line = chars.as_str().split('\n').next().unwrap_or("");
                let ends =
                    line.trim().is_empty() && chars.as_str().contains('\n');
                if ends && opening.paragraph {
                    return within;
                }
                blank = blank.or(ends.then_some(at));
            }
            _ => {}
        }
        at += first.len_utf8();
    }
    within
}
