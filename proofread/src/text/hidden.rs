//! What stands outside of formulas in the lines of Markdown: code, comments,
//! tags, definitions of macros.

use super::environments::command;
use super::macros::defining;
use super::markdown::{Reach, Scanner};

/// Tags whose content is shown as it is typed, or not at all.
const VERBATIM: [&str; 8] =
    ["pre", "code", "script", "style", "textarea", "kbd", "samp", "tt"];

/// Commands that stand in formulas only.
const MATHEMATICAL: [&str; 10] = [
    "frac", "dfrac", "tfrac", "sqrt", "sum", "prod", "int", "mathbb",
    "mathcal", "mathbf",
];

impl Scanner<'_> {
    /// A command outside of formulas.
    pub(super) fn command(&mut self) {
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
    pub(super) fn code(&mut self) {
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

    /// Skips a comment, an address, or a tag with what it shows as it is
    /// typed.
    pub(super) fn tag(&mut self) {
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
        // `<https://…>`.
        let word = rest.split(char::is_whitespace).next().unwrap_or("");
        if let Some(end) = word.find('>')
            && word[..end].contains("://")
        {
            self.at += end + 2;
            return;
        }
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
