//! Formulas in the lines of Markdown: dollars, brackets, bare environments.

use super::directives::directives;
use super::dollars::{
    close, has_prose, is_formula, is_mathematical, looks_opened,
};
use super::environments::{environment, named};
use super::fences::id_in_braces;
use super::found::{Form, Source};
use super::markdown::{Lines, Reach, Scanner};
use std::ops::Range;

impl Scanner<'_> {
    /// Reads the next sign, and the formula that it may open.
    pub(super) fn inline(&mut self) {
        let rest = &self.leaf.text()[self.at..];
        let Some(i) = rest.find(['\\', '`', '$', '<', '%', ':', '{', '['])
        else {
            self.at += rest.len();
            return;
        };
        self.at += i;
        match rest.as_bytes()[i] {
            b'\\' => self.backslash(),
            b'`' => self.code(),
            b'<' => self.tag(),
            b'%' => self.percent(),
            b':' => self.colon(),
            b'{' => self.brace(),
            b'[' => self.square(),
            _ => self.dollar(),
        }
    }

    /// Reports a directive outside formulas, which has no effect.
    fn percent(&mut self) {
        let line = self.near().split('\n').next().unwrap_or("").trim_end();
        if !directives(line).0.is_empty() {
            let span = self.leaf.span(self.at, self.at + line.len());
            let message = "this mark stands outside of a formula";
            let hint = "write it within the formula that it speaks of";
            self.found.problem(span, message, hint);
        }
        self.at += 1;
    }

    pub(super) fn starts_with(&self, start: &str) -> bool {
        self.leaf.text()[self.at..].starts_with(start)
    }

    /// Takes the formula between delimiters.
    pub(super) fn take(
        &mut self,
        inner: Range<usize>,
        outer: Range<usize>,
        form: Form,
    ) {
        let (mut outer, mut id) = (outer, None);
        let opening = &self.leaf.text()[outer.start..];
        let escaped = opening.starts_with("\\\\");
        // An id behind a display: `$$…$$ {#id}`.
        let behind = &self.leaf.text()[outer.end..];
        let line = behind.split('\n').next().unwrap_or("");
        if form != Form::Inline && line.trim_start().starts_with("{#") {
            id = id_in_braces(line);
            outer.end += line.find('}').map_or(0, |i| i + 1);
        }
        self.at = outer.end;
        let source = Source::new(&self.leaf, inner, outer, form);
        let table = self.lines == Lines::Row;
        self.found.formula(Source { table, escaped, id, ..source });
    }

    /// Reports that nothing closes the delimiter here, and skips it.
    pub(super) fn unclosed(&mut self, length: usize) {
        let end = self.at + length;
        let span = self.leaf.span(self.at, end);
        let what = &self.leaf.text()[self.at..end];
        let message = format!("this {what} is not closed");
        self.found.problem(span, &message, "");
        self.complained = true;
        self.at = end;
    }

    /// Takes a display that ends with `closer`. Returns false if none follows.
    fn display(&mut self, open: usize, closer: &str, form: Form) -> bool {
        let from = self.at + open;
        let mut end = self
            .find_closer(from, Reach::All, closer, |t| close(t, closer, true));
        if end.is_none() {
            end = self.find_closer(from, Reach::All, closer, |t| {
                close(t, closer, false)
            });
        }
        let Some(end) = end else { return false };
        // The closer may belong to the next formula.
        let text = self.leaf.text();
        if behind_blank_line(&text[from..end]).is_some_and(has_prose) {
            return false;
        }
        self.take(from..end, self.at..end + closer.len(), form);
        true
    }

    /// Returns the end of an inline formula.
    fn find_inline(&mut self, from: usize, closer: &str) -> Option<usize> {
        for (reach, deep) in [
            (Reach::Paragraph, true),
            (Reach::Paragraph, false),
            (Reach::Blank, true),
        ] {
            let end = self
                .find_closer(from, reach, closer, |t| close(t, closer, deep));
            if end.is_some() {
                return end;
            }
        }
        None
    }

    fn dollar(&mut self) {
        if self.starts_with("$$") {
            if !self.display(2, "$$", Form::Display) {
                self.unclosed(2);
            }
            return;
        }
        // Inline mathematics of GitHub: `` $`a`$ ``.
        let github = |t: &str| t.find("`$");
        if self.starts_with("$`")
            && let Some(end) = self.find(self.at + 2, Reach::Paragraph, github)
        {
            let inner = self.at + 2..end;
            return self.take(inner, self.at..end + 2, Form::Inline);
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
                return self.take(from..end, start..end + 1, Form::Inline);
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
        if named(&self.leaf.text()[self.at + 1..], "\\begin")
            .is_some_and(|(name, _)| environment(name).is_some())
        {
            return self.escaped_environment();
        }
        if self.starts_with("\\\\[") {
            if self.display(3, "\\\\]", Form::Display) {
                return;
            }
        } else if self.starts_with("\\\\(") {
            let from = self.at + 3;
            if let Some(end) = self.find_inline(from, "\\\\)") {
                let outer = self.at..end + 3;
                return self.take(from..end, outer, Form::Inline);
            }
        } else if self.starts_with("\\[") {
            return self.bracket("\\]", Reach::All, Form::Display);
        } else if self.starts_with("\\(") {
            return self.bracket("\\)", Reach::Paragraph, Form::Inline);
        } else if named(&self.leaf.text()[self.at..], "\\begin").is_some() {
            return self.environment();
        } else {
            return self.command();
        }
        // An unclosed `\\[` or `\\(`.
        if is_mathematical(self.rest_of_line()) {
            self.unclosed(3);
        } else {
            self.at += 3;
        }
    }

    /// Returns the rest of the line, up to 1000 characters.
    fn rest_of_line(&self) -> &str {
        let rest = &self.leaf.text()[self.at + 2..];
        let ends = rest.char_indices().take(1000);
        let end =
            ends.map_while(|(i, c)| (c != '\n').then_some(i + c.len_utf8()));
        &rest[..end.last().unwrap_or(0)]
    }

    /// Reads `\(…\)` or `\[…\]`, which may be escaped brackets of Markdown.
    fn bracket(&mut self, closer: &str, reach: Reach, form: Form) {
        let from = self.at + 2;
        let end = match reach {
            Reach::All => self
                .find_closer(from, reach, closer, |t| close(t, closer, true)),
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
        let symbols = form == Form::Inline
            && !content.split(letters).any(word)
            && content.contains(char::is_alphabetic);
        let prose = behind_blank_line(content).is_some_and(has_prose);
        if (is_mathematical(content) || symbols) && !prose {
            self.take(from..end, self.at..end + 2, form);
        } else {
            self.at = from;
        }
    }
}

/// Returns the text behind the first blank line.
pub(super) fn behind_blank_line(text: &str) -> Option<&str> {
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
