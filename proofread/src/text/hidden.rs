//! Parts of Markdown lines outside formulas: code, comments, tags, definitions
//! of macros.

use super::defining::defining;
use super::dollars::is_mathematical;
use super::environments::command;
use super::found::Form;
use super::groups::MATHEMATICAL;
use super::html::Tag;
use super::macros::{body, is_read_as_itself};
use super::markdown::{Lines, Reach, Scanner};

/// Tags whose content is shown verbatim, or not at all.
const VERBATIM: [&str; 5] = ["pre", "code", "script", "style", "textarea"];

/// The reason that a macro may not hold.
const PROSE: &str = "is defined outside of a formula, where Pandoc reads it, and \
                     MathJax and KaTeX do not: write $ around the definition";

impl Scanner<'_> {
    /// Reads a command outside formulas.
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
        if let Some(meaning) = self.found.macros.get(&rest[..length])
            && self.found.macros.acts(body(&meaning))
        {
            let message = "formulas that this makes are not read";
            let span = self.leaf.span(self.at, self.at + length);
            let hint = "write the formula where it is used";
            self.found.problem(span, message, hint);
        } else if name.contains("command")
            || name.contains("Command")
            || name.contains("nvironment")
            || name.starts_with("Declare")
            || DEFINERS.contains(&name)
        {
            while self.extend(Reach::Paragraph) {}
            let rest = &self.leaf.text()[self.at..];
            if let Some(found) = defining(rest) {
                let end = self.at + length;
                let span = self.leaf.span(self.at, end);
                if self.in_group() && !found.global {
                    let message = "a definition within a group: where it \
                                   holds is not known";
                    let hint = "write it outside of the group";
                    self.found.problem(span, message, hint);
                }
                if is_read_as_itself(&found.name) {
                    self.found.define(&found, span);
                } else {
                    self.found.macros.doubt(&found, PROSE);
                }
                self.at += found.length;
                return;
            }
        } else if matches!(name, "begingroup" | "bgroup") {
            let message = "groups are not followed in Markdown";
            let span = self.leaf.span(self.at, self.at + length);
            let hint = "write \\begingroup within a formula";
            self.found.problem(span, message, hint);
        }
        self.at += length;
    }

    /// Returns the length of the tag that opens here, if one does: its
    /// attributes are not text.
    fn tag_length(&mut self) -> Option<usize> {
        let seek = |text: &str| match Tag::read(text) {
            Tag::Whole(length) => Some(length),
            Tag::Begun | Tag::No => None,
        };
        let end = match Tag::read(&self.leaf.text()[self.at..]) {
            Tag::Whole(length) => return Some(length),
            Tag::Begun => self.find(self.at, Reach::Paragraph, seek)?,
            Tag::No => return None,
        };
        Some(end - self.at)
    }

    /// Returns whether a brace or an environment of the current lines is open
    /// at the position.
    fn in_group(&mut self) -> bool {
        let (from, braces, environments) = &mut self.open;
        let text = &self.leaf.text()[*from..self.at];
        let (mut left, mut right) = (0, 0);
        for (at, brace) in text.match_indices(['{', '}']) {
            match (text[..at].ends_with('\\'), brace) {
                (true, _) => {}
                (false, "{") => left += 1,
                (false, _) => right += 1,
            }
        }
        let count =
            |part| i64::try_from(text.matches(part).count()).unwrap_or(0);
        *environments += count("\\begin{") - count("\\end{");
        *braces += left - right;
        *from = self.at;
        *braces > 0 || *environments > 0
    }

    /// Skips a code span, up to as many backticks as it began with. A block of
    /// HTML has no code span. A code span ends with its cell of a table.
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
        let from = self.at + ticks;
        let end = self.find(from, Reach::Paragraph, seek).filter(|end| {
            let inner = &self.leaf.text()[from..*end];
            !(self.html || self.lines == Lines::Row && has_cells(inner))
        });
        if let Some(end) = end
            && self.is_role()
        {
            let inner = self.at + ticks..end;
            return self.take(inner, self.at..end + ticks, Form::Inline);
        }
        // Pandoc typesets `` `…`{=latex} ``.
        if let Some(end) = end
            && self.leaf.text()[end + ticks..].starts_with("{=")
            && is_mathematical(&self.leaf.text()[from..end])
        {
            let span = self.leaf.span(self.at, end + ticks);
            let message = "this markup of a formula is not read";
            self.found.problem(span, message, "write $…$ or $$…$$");
        }
        // Without an end, the backticks are text.
        self.at = end.unwrap_or(self.at) + ticks;
    }

    /// Skips a comment, an address, or a tag with its verbatim content.
    pub(super) fn tag(&mut self) {
        if self.snippet() {
            return;
        }
        // These two are complete comments.
        for empty in ["<!-->", "<!--->"] {
            if self.starts_with(empty) {
                self.at += empty.len();
                return;
            }
        }
        if self.starts_with("<!--") {
            let from = self.at + 4;
            if self.comments {
                self.at = from;
            } else if let Some(end) =
                self.find_closer(from, Reach::All, "-->", |t| t.find("-->"))
            {
                self.at = end + 3;
            } else {
                self.unclosed(4);
            }
            return;
        }
        let rest = &self.leaf.text()[self.at + 1..];
        // A web address: `<https://…>`.
        let stop = |c: char| c == '>' || c.is_whitespace();
        if let Some(end) = rest.find(stop)
            && rest[end..].starts_with('>')
            && rest[..end].contains("://")
        {
            self.at += end + 2;
            return;
        }
        let length =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let name = rest[..length.unwrap_or(rest.len())].to_ascii_lowercase();
        if self.foreign_tag(&name) {
            return;
        }
        let length = self.tag_length();
        let from = self.at + length.unwrap_or(1 + name.len());
        self.at += length.unwrap_or(1);
        if VERBATIM.contains(&name.as_str()) {
            let closer = format!("</{name}");
            let seek = |t: &str| t.to_ascii_lowercase().find(&closer);
            let end = self.find_closer(from, Reach::All, &closer, seek);
            if let Some(end) = end {
                self.at = end + closer.len();
            }
        }
    }
}

/// Returns whether a text has the end of a cell: an unescaped bar.
fn has_cells(text: &str) -> bool {
    let mut bars = text.match_indices('|');
    bars.any(|(at, _)| !text[..at].ends_with('\\'))
}

/// Commands that define a macro, or come before such a command.
const DEFINERS: [&str; 9] = [
    "def",
    "gdef",
    "edef",
    "xdef",
    "let",
    "global",
    "long",
    "protected",
    "expandafter",
];
