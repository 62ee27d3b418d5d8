//! Parts of a definition: names, groups, options.

use super::environments::{command, group_with};
use super::expand::bracket;

/// A position in a text that is read from left to right.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn blank(&mut self) {
        let rest = &self.text[self.at..];
        let mut next = rest.trim_start();
        while let Some(comment) = next.strip_prefix('%')
            && let Some(end) = comment.find('\n')
        {
            next = comment[end..].trim_start();
        }
        self.at += rest.len() - next.len();
    }

    pub(super) fn take(&mut self, what: &str) -> bool {
        self.blank();
        let found = self.text[self.at..].starts_with(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    /// Reads the name of the command here, without its backslash.
    pub(super) fn command(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let name = command(rest);
        if !rest.starts_with('\\') || name.is_empty() {
            return None;
        }
        self.at += 1 + name.len();
        Some(name)
    }

    /// Reads a command, in braces or not, or `\csname x\endcsname`.
    pub(super) fn name(&mut self) -> Option<String> {
        let before = self.at;
        let braced = self.take("{");
        self.blank();
        let Some(mut name) = self.command() else {
            self.at = before;
            return None;
        };
        if name == "csname" {
            let rest = &self.text[self.at..];
            let end = rest.find("\\endcsname")?;
            name = rest[..end].trim();
            self.at += end + "\\endcsname".len();
        }
        if braced && !self.take("}") {
            return None;
        }
        Some(format!("\\{name}"))
    }

    pub(super) fn environment(&mut self) -> Option<String> {
        Some(format!("{{{}}}", self.inner()?.trim()))
    }

    pub(super) fn one(&mut self) -> Option<&'a str> {
        self.blank();
        let rest = &self.text[self.at..];
        let length = rest.chars().next()?.len_utf8();
        self.at += length;
        Some(&rest[..length])
    }

    /// Reads a group with its braces.
    pub(super) fn group(&mut self) -> Option<&'a str> {
        let before = self.at;
        self.blank();
        let rest = &self.text[self.at..];
        let Some(length) = group_with(rest, true) else {
            self.at = before;
            return None;
        };
        self.at += length;
        Some(&rest[..length])
    }

    pub(super) fn inner(&mut self) -> Option<&'a str> {
        self.group().map(|group| &group[1..group.len() - 1])
    }

    /// Reads the content of a group, or one token.
    pub(super) fn body(&mut self) -> Option<String> {
        if let Some(body) = self.inner() {
            return Some(body.to_owned());
        }
        self.name().or_else(|| self.one().map(String::from))
    }

    /// Reads the content of brackets.
    pub(super) fn bracket(&mut self) -> Option<&'a str> {
        let before = self.at;
        self.blank();
        let rest = &self.text[self.at..];
        let Some(length) = bracket(rest) else {
            self.at = before;
            return None;
        };
        self.at += length;
        Some(&rest[1..length - 1])
    }
}
