//! The blocks of Markdown: quotes, lists, fences, tables, indented code.
//!
//! Blocks and formulas are found together, because either may hide the other:
//! a line that is only `=` or that begins with `-` or `>` makes a heading, a
//! list or a quote, but not within a display.

use super::containers::{
    Container, columns, opening, opening_by_letter, strip, strip_within,
};
use super::fences::Fence;
use super::found::Found;
use super::html::begins_html;
use super::stripped::Stripped;
use std::collections::HashMap;

/// All that is found in a Markdown file; in its comments, too, if `comments`.
pub(super) fn read(file: &str, comments: bool) -> Found {
    let scanner = Scanner {
        file,
        next: if file.starts_with('\u{feff}') { 3 } else { 0 },
        containers: vec![],
        leaf: Stripped::empty(),
        at: 0,
        lines: Lines::Paragraph,
        html: false,
        comments,
        complained: false,
        absent: HashMap::new(),
        searched: 0,
        open: (0, 0, 0),
        found: Found { shares: true, ..Found::default() },
    };
    scanner.scan()
}

/// How far a formula may reach beyond its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Reach {
    /// To the end of the paragraph.
    Paragraph,
    /// To the next blank line, whatever block a line would begin.
    Blank,
    /// To the end of the quote or the file.
    All,
    /// To the end of the quote or the list item.
    Container,
}

/// What the lines at hand are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    Paragraph,
    /// One line.
    Heading,
    /// One row of a table.
    Row,
}

pub(super) struct Scanner<'a> {
    pub(super) file: &'a str,
    /// Where the next line of the file starts.
    pub(super) next: usize,
    containers: Vec<Container>,
    /// The lines at hand, without what the containers put before them.
    pub(super) leaf: Stripped<'static>,
    /// The place in these lines.
    pub(super) at: usize,
    pub(super) lines: Lines,
    /// Whether they are a block of HTML, in which Markdown means nothing.
    pub(super) html: bool,
    /// Whether comments hold formulas.
    pub(super) comments: bool,
    /// Whether the paragraph has a problem that may explain another.
    pub(super) complained: bool,
    /// How far what closes a formula was looked for, and is not there.
    absent: HashMap<(String, Reach), usize>,
    /// Up to which place of the lines at hand braces and environments are
    /// counted, and how many are open there.
    pub(super) open: (usize, i64, i64),
    /// How far the last search went that found nothing.
    searched: usize,
    pub(super) found: Found,
}

impl<'a> Scanner<'a> {
    fn scan(mut self) -> Found {
        // Whether an indented line is code: not behind a line of text.
        let mut code = false;
        while self.next < self.file.len() {
            let line = self.line(self.next);
            let (rest, held) = strip(line, &self.containers);
            self.containers.truncate(held);
            let rest = self.open(rest, code);
            let start = self.next + line.len() - rest.len();
            self.next += line.len();
            if rest.trim().is_empty() {
                (code, self.lines) = (true, Lines::Paragraph);
            } else if code && !self.in_list() && columns(rest) >= 4 {
                // Code goes on.
            } else if let Some(fence) = Fence::opens(rest) {
                (code, self.lines) = (true, Lines::Paragraph);
                self.fence(start, fence);
            } else {
                let row = self.lines == Lines::Row && !begins_block(rest)
                    || self.heads_table(rest, self.next);
                let heading = is_heading(rest);
                self.lines = match () {
                    () if row => Lines::Row,
                    () if heading => Lines::Heading,
                    () => Lines::Paragraph,
                };
                self.paragraph(start);
                code = heading;
            }
        }
        self.found
    }

    /// The line that starts at a place, its line break included.
    fn line(&self, start: usize) -> &'a str {
        let rest = &self.file[start..];
        &rest[..rest.find('\n').map_or(rest.len(), |i| i + 1)]
    }

    fn in_list(&self) -> bool {
        let item = |c: &Container| matches!(c, Container::Item { .. });
        self.containers.iter().any(item)
    }

    /// Goes past the marks that open containers.
    fn open<'b>(&mut self, mut rest: &'b str, code: bool) -> &'b str {
        while !(code && !self.in_list() && columns(rest) >= 4)
            && let Some((container, behind)) = opening(rest)
        {
            self.containers.push(container);
            rest = behind;
        }
        let begins = code || self.leaf.text().is_empty();
        if begins && let Some((container, behind)) = opening_by_letter(rest) {
            self.containers.push(container);
            rest = behind;
        }
        rest
    }

    /// Whether a line is the first of a table: the next, which starts at
    /// `next`, is `--- | ---`.
    fn heads_table(&self, line: &str, next: usize) -> bool {
        if !line.contains('|') || next >= self.file.len() {
            return false;
        }
        let next = strip(self.line(next), &self.containers).0.trim();
        next.contains('|')
            && next.contains('-')
            && next.chars().all(|c| "|-: \t".contains(c))
    }

    fn paragraph(&mut self, start: usize) {
        self.leaf.truncate(0);
        self.leaf.push(self.file, start, self.next);
        (self.at, self.complained) = (0, false);
        self.open = (0, 0, 0);
        self.html = begins_html(self.leaf.text());
        loop {
            while self.at < self.leaf.text().len() {
                self.inline();
            }
            if !self.extend(Reach::Paragraph) {
                return;
            }
        }
    }

    /// Adds the next line of the file to those at hand, if it belongs there.
    pub(super) fn extend(&mut self, reach: Reach) -> bool {
        if self.next >= self.file.len() {
            return false;
        }
        let line = self.line(self.next);
        let rest = if reach == Reach::All {
            let Some(rest) = strip_within(line, &self.containers) else {
                return false;
            };
            rest
        } else if reach == Reach::Container {
            let (rest, held) = strip(line, &self.containers);
            if held < self.containers.len() {
                return false;
            }
            rest
        } else {
            // A paragraph goes on behind a line that leaves its container.
            let (rest, _) = strip(line, &self.containers);
            let ends = reach == Reach::Paragraph
                && (begins_block(rest)
                    || self.heads_table(line, self.next + line.len()));
            if self.lines != Lines::Paragraph || rest.trim().is_empty() || ends
            {
                return false;
            }
            rest
        };
        let start = self.next + line.len() - rest.len();
        self.next += line.len();
        self.leaf.push(self.file, start, self.next);
        true
    }

    /// [`Self::find`] for what begins with `closer`. A text that opens many
    /// formulas and closes none is gone through once.
    pub(super) fn find_closer(
        &mut self,
        from: usize,
        reach: Reach,
        closer: &str,
        seek: impl Fn(&str) -> Option<usize>,
    ) -> Option<usize> {
        let key = (closer.to_owned(), reach);
        let place = self.leaf.place(from);
        if self.absent.get(&key).is_some_and(|until| place < *until) {
            return None;
        }
        let found = self.find(from, reach, seek);
        if found.is_none()
            && self.find(from, reach, |text| text.find(closer)).is_none()
        {
            self.absent.insert(key, self.searched);
        }
        found
    }

    /// Where something stands behind `from`, in the lines at hand or in those
    /// that come next. Only the lines up to it are kept.
    pub(super) fn find(
        &mut self,
        from: usize,
        reach: Reach,
        seek: impl Fn(&str) -> Option<usize>,
    ) -> Option<usize> {
        let before = self.leaf.text().len();
        let mut lines = 1;
        loop {
            let text = self.leaf.text();
            if let Some(i) = seek(&text[from..]) {
                let end = text[from + i..].find('\n');
                let end = end.map_or(text.len(), |j| from + i + j + 1);
                self.cut(end.max(before));
                return Some(from + i);
            }
            if !self.extend(reach) {
                self.searched = self.next;
                self.cut(before);
                return None;
            }
            // Twice as many lines each time, so that long texts take no
            // longer than they are.
            for _ in 1..lines {
                self.extend(reach);
            }
            lines *= 2;
        }
    }

    /// What stands at the place, as far as a name would go: of a longer text
    /// the end is not looked for.
    pub(super) fn near(&self) -> &str {
        let rest = &self.leaf.text()[self.at..];
        let end = rest.char_indices().nth(200);
        end.map_or(rest, |(end, _)| &rest[..end])
    }

    /// Gives back the lines behind the first `length` bytes.
    fn cut(&mut self, length: usize) {
        if length < self.leaf.text().len() {
            self.leaf.truncate(length);
            self.next = self.leaf.place(length);
        }
    }
}

fn is_heading(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len()))
        && (rest.trim().is_empty() || rest.starts_with([' ', '\t']))
}

/// Whether a line begins a block of its own.
fn begins_block(line: &str) -> bool {
    let list = opening(line).is_some();
    list || is_heading(line) || Fence::opens(line).is_some()
}
