//! Formulas in the lines of Markdown: dollars, brackets, bare environments;
//! and what hides them: code, comments, tags.

use super::body::Source;
use super::dollars::{
    close, has_prose, is_formula, is_mathematical, looks_opened,
};
use super::environments::{Body, command, environment, named};
use super::macros::defining;
use super::markdown::{Reach, Scanner, id_in_braces};
use std::ops::Range;

/// Tags whose content is shown as it is typed, or not at all.
const VERBATIM: [&str; 8] =
    ["pre", "code", "script", "style", "textarea", "kbd", "samp", "tt"];

/// Commands that stand in formulas only.
const MATHEMATICAL: [&str; 10] = [
    "frac", "dfrac", "tfrac", "sqrt", "sum", "prod", "int", "mathbb",
    "mathcal", "mathbf",
];

impl Scanner<'_> {
    /// Goes past one thing, and takes it if it is mathematics.
    pub(super) fn inline(&mut self) {
        let rest = &self.leaf.text()[self.at..];
        let Some(i) = rest.find(['\\', '`', '$', '<']) else {
            self.at += rest.len();
            return;
        };
        self.at += i;
        match rest.as_bytes()[i] {
            b'\\' => self.backslash(),
            b'`' => self.code(),
            b'<' => self.tag(),
            _ => self.dollar(),
        }
    }

    fn starts_with(&self, start: &str) -> bool {
        self.leaf.text()[self.at..].starts_with(start)
    }

    /// Takes what stands between delimiters.
    fn take(&mut self, inner: Range<usize>, outer: Range<usize>, source: Kind) {
        let Kind { display, rows, escaped } = source;
        let mut outer = outer;
        let mut id = None;
        // `$$…$$ {#id}`
        let behind = &self.leaf.text()[outer.end..];
        let line = behind.split('\n').next().unwrap_or("");
        if display && line.trim_start().starts_with("{#") {
            id = id_in_braces(line);
            outer.end += line.find('}').map_or(0, |i| i + 1);
        }
        self.at = outer.end;
        let source = Source::new(&self.leaf, inner, outer, display);
        let table = self.table;
        self.found.formula(Source { rows, table, escaped, id, ..source });
    }

    /// Says that what opens here is not closed, and goes past it.
    fn unclosed(&mut self, length: usize) {
        let end = self.at + length;
        let span = self.leaf.span(self.at, end);
        let what = &self.leaf.text()[self.at..end];
        let message = format!("this {what} is not closed");
        self.found.problem(span, &message, "");
        self.complained = true;
        self.at = end;
    }

    /// A display that ends with `closer`; false if it does not.
    fn display(&mut self, open: usize, closer: &str, kind: Kind) -> bool {
        let from = self.at + open;
        let mut end = self.find(from, Reach::All, |t| close(t, closer, true));
        if end.is_none() {
            end = self.find(from, Reach::All, |t| close(t, closer, false));
        }
        let Some(end) = end else { return false };
        // What is the end of the next formula does not close this one.
        let text = self.leaf.text();
        if behind_blank_line(&text[from..end]).is_some_and(has_prose) {
            return false;
        }
        self.take(from..end, self.at..end + closer.len(), kind);
        true
    }

    /// Where an inline formula ends.
    fn find_inline(&mut self, from: usize, closer: &str) -> Option<usize> {
        for (reach, deep) in [
            (Reach::Paragraph, true),
            (Reach::Paragraph, false),
            (Reach::Blank, true),
        ] {
            let end = self.find(from, reach, |t| close(t, closer, deep));
            if end.is_some() {
                return end;
            }
        }
        None
    }

    fn dollar(&mut self) {
        if self.starts_with("$$") {
            if !self.display(2, "$$", Kind::display()) {
                self.unclosed(2);
            }
            return;
        }
        // GitHub's `` $`a`$ ``.
        let github = |t: &str| t.find("`$");
        if self.starts_with("$`")
            && let Some(end) = self.find(self.at + 2, Reach::Paragraph, github)
        {
            let inner = self.at + 2..end;
            return self.take(inner, self.at..end + 2, Kind::inline());
        }
        let (start, from) = (self.at, self.at + 1);
        let end = self.find_inline(from, "$");
        let text = self.leaf.text();
        if let Some(end) = end {
            let before = text[..start].chars().next_back();
            let after = text[end + 1..].chars().next();
            let content = &text[from..end];
            // A display opens there, unless this is `$a$$b$`.
            let opens = after == Some('$')
                && (content.contains('\n')
                    || text[end + 2..].starts_with(char::is_whitespace));
            if !opens && is_formula(before, content, after) {
                return self.take(from..end, start..end + 1, Kind::inline());
            }
        }
        while self.extend(Reach::Paragraph) {}
        let rest = &self.leaf.text()[from..];
        let rest = rest.split('$').next().unwrap_or("");
        if looks_opened(rest) && !self.complained {
            self.unclosed(1);
        }
        self.at = from;
    }

    fn backslash(&mut self) {
        if self.starts_with("\\\\[") {
            let kind = Kind { escaped: true, ..Kind::display() };
            if self.display(3, "\\\\]", kind) {
                return;
            }
        } else if self.starts_with("\\\\(") {
            let from = self.at + 3;
            if let Some(end) = self.find_inline(from, "\\\\)") {
                let kind = Kind { escaped: true, ..Kind::inline() };
                return self.take(from..end, self.at..end + 3, kind);
            }
        } else if self.starts_with("\\[") {
            return self.bracket("\\]", Reach::All, Kind::display());
        } else if self.starts_with("\\(") {
            return self.bracket("\\)", Reach::Paragraph, Kind::inline());
        } else if self.starts_with("\\begin") {
            return self.environment();
        } else {
            return self.command();
        }
        // `\\[` or `\\(` that nothing closes.
        if is_mathematical(self.rest_of_line()) {
            self.unclosed(3);
        } else {
            self.at += 3;
        }
    }

    /// What is left of the line.
    fn rest_of_line(&self) -> &str {
        let rest = &self.leaf.text()[self.at + 2..];
        rest.split('\n').next().unwrap_or("")
    }

    /// `\(…\)` and `\[…\]`, which may be brackets for Markdown.
    fn bracket(&mut self, closer: &str, reach: Reach, kind: Kind) {
        let from = self.at + 2;
        let end = match reach {
            Reach::All => self.find(from, reach, |t| close(t, closer, true)),
            _ => self.find_inline(from, closer),
        };
        let Some(end) = end else {
            if is_mathematical(self.rest_of_line()) {
                self.unclosed(2);
            } else {
                self.at = from;
            }
            return;
        };
        let content = &self.leaf.text()[from..end];
        let word = |word: &str| word.chars().count() > 1;
        let letters = |c: char| !c.is_alphabetic();
        let symbols = !kind.display
            && !content.split(letters).any(word)
            && content.contains(char::is_alphabetic);
        let prose = behind_blank_line(content).is_some_and(has_prose);
        if (is_mathematical(content) || symbols) && !prose {
            self.take(from..end, self.at..end + 2, kind);
        } else {
            self.at = from;
        }
    }

    /// A bare `\begin{equation}…\end{equation}`.
    fn environment(&mut self) {
        let rest = &self.leaf.text()[self.at..];
        let Some((name, length)) = named(rest, "\\begin") else {
            self.at += 6;
            return;
        };
        let Some(environment) = environment(name) else {
            self.at += length;
            return;
        };
        let name = name.to_owned();
        let closer = format!("\\end{{{name}}}");
        let from = self.at + length;
        let end = self.find(from, Reach::All, |t| close(t, &closer, false));
        let Some(end) = end else { return self.unclosed(length) };
        let text = &self.leaf.text()[from..end];
        if behind_blank_line(text).is_some_and(has_prose) {
            return self.unclosed(length);
        }
        let kind = Kind {
            rows: environment.body == Body::Rows,
            display: environment.body != Body::Inline,
            escaped: false,
        };
        let outer = self.at..end + closer.len();
        let inner = if environment.body == Body::Kept {
            outer.clone()
        } else {
            from + environment.arguments(text)..end
        };
        self.take(inner, outer, kind);
    }

    /// A command outside of formulas.
    fn command(&mut self) {
        let rest = &self.leaf.text()[self.at..];
        let name = command(rest);
        let length = 1 + name.len();
        if MATHEMATICAL.contains(&name) && !self.complained {
            let message = format!("\\{name} stands outside of a formula");
            let span = self.leaf.span(self.at, self.at + length);
            let hint = "write $ before and behind the formula";
            self.found.problem(span, &message, hint);
            self.complained = true;
        }
        if name.contains("command")
            || matches!(name, "def" | "let")
            || name.starts_with("Declare")
        {
            while self.extend(Reach::Paragraph) {}
            let rest = &self.leaf.text()[self.at..];
            if let Some(found) = defining(rest, self.leaf.place(self.at)) {
                self.found.definitions.extend(found.definition);
                self.at += found.length;
                return;
            }
        }
        self.at += length;
    }

    /// Skips a code span: up to as many backticks as it began with.
    fn code(&mut self) {
        let rest = &self.leaf.text()[self.at..];
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        let seek = |text: &str| {
            let mut at = 0;
            while let Some(i) = text[at..].find('`') {
                let rest = &text[at + i..];
                let length = rest.len() - rest.trim_start_matches('`').len();
                if length == ticks {
                    return Some(at + i);
                }
                at += i + length;
            }
            None
        };
        let end = self.find(self.at + ticks, Reach::Paragraph, seek);
        // Without an end the backticks are text.
        self.at = end.unwrap_or(self.at) + ticks;
    }

    /// Skips a comment, or a tag with what it shows as it is typed.
    fn tag(&mut self) {
        if self.starts_with("<!--") {
            let from = self.at + 4;
            if self.comments {
                self.at = from;
            } else if let Some(end) =
                self.find(from, Reach::All, |t| t.find("-->"))
            {
                self.at = end + 3;
            } else {
                self.unclosed(4);
            }
            return;
        }
        let rest = &self.leaf.text()[self.at + 1..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric());
        let name = rest[..length.unwrap_or(rest.len())].to_ascii_lowercase();
        let from = self.at + 1 + name.len();
        self.at += 1;
        if VERBATIM.contains(&name.as_str()) {
            let closer = format!("</{name}");
            let seek = |t: &str| t.to_ascii_lowercase().find(&closer);
            if let Some(end) = self.find(from, Reach::All, seek) {
                self.at = end + closer.len();
            }
        }
    }
}

/// What stands behind the first blank line of a text.
fn behind_blank_line(text: &str) -> Option<&str> {
    let mut lines = text.split_inclusive('\n');
    let mut at = lines.next()?.len();
    for line in lines {
        if line.trim().is_empty() && line.ends_with('\n') {
            return Some(&text[at..]);
        }
        at += line.len();
    }
    None
}

/// How a formula is typeset.
#[derive(Clone, Copy, Debug)]
struct Kind {
    display: bool,
    rows: bool,
    /// Whether Markdown takes the backslash of `\_`.
    escaped: bool,
}

impl Kind {
    fn display() -> Self {
        Self { display: true, rows: false, escaped: false }
    }

    fn inline() -> Self {
        Self { display: false, rows: false, escaped: false }
    }
}
