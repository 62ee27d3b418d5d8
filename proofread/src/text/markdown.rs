//! Blocks of Markdown: quotes, lists, fences, tables, indented code.
//!
//! One scan finds blocks and formulas, because either may hide the other. A
//! line that is only `=`, or that begins with `-` or `>`, makes a heading, a
//! list or a quote, but not in a display.

use super::containers::{
    Container, columns, opening, opening_by_letter, strip, strip_within,
};
use super::fences::Fence;
use super::found::Found;
use super::html::begins_html;
use super::stripped::Stripped;
use rustc_hash::FxHashMap as HashMap;

/// Reads a Markdown file; with `comments`, also its comments.
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
        absent: HashMap::default(),
        searched: 0,
        open: (0, 0, 0),
        found: Found { shares: true, ..Found::default() },
    };
    scanner.scan()
}

/// The reach of a formula beyond its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Reach {
    /// Up to the end of the paragraph.
    Paragraph,
    /// Up to the next blank line, even if a line would begin a block.
    Blank,
    /// Up to the end of the quote or the file.
    All,
    /// Up to the end of the quote or the list item.
    Container,
}

/// The kind of the current lines.
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
    /// The start of the next line of the file.
    pub(super) next: usize,
    containers: Vec<Container>,
    /// The current lines, without the prefixes of the containers.
    pub(super) leaf: Stripped<'static>,
    /// The position in the current lines.
    pub(super) at: usize,
    pub(super) lines: Lines,
    /// True in a block of HTML, where Markdown has no meaning.
    pub(super) html: bool,
    /// True if comments hold formulas.
    pub(super) comments: bool,
    /// True if the paragraph has a problem that may explain another.
    pub(super) complained: bool,
    /// The position up to which each closer is known to be absent.
    absent: HashMap<(String, Reach), usize>,
    /// The position up to which braces and environments are counted, and the
    /// numbers of open ones there.
    pub(super) open: (usize, i64, i64),
    /// The end of the last search without a result.
    searched: usize,
    pub(super) found: Found,
}

impl<'a> Scanner<'a> {
    fn scan(mut self) -> Found {
        // True if an indented line is code: not behind a line of text.
        let mut code = true;
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

    /// Returns the line that starts at a position, with its line break.
    fn line(&self, start: usize) -> &'a str {
        let rest = &self.file[start..];
        &rest[..rest.find('\n').map_or(rest.len(), |i| i + 1)]
    }

    fn in_list(&self) -> bool {
        let item = |c: &Container| matches!(c, Container::Item { .. });
        self.containers.iter().any(item)
    }

    /// Skips the marks that open containers.
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

    /// Returns whether a line is the first of a table: the next line, which
    /// starts at `next`, is `--- | ---`.
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

    /// Adds the next line of the file to the current lines, if it belongs
    /// there.
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
            // A line outside the container may continue the paragraph.
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

    /// Calls [`Self::find`] for a text that begins with `closer`. Remembers
    /// where `closer` is absent, so that it is searched once.
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

    /// Returns the position that `seek` finds behind `from`, in the current
    /// lines or the next ones. Keeps only the lines up to the position.
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
            // Double the number of lines each time, so that the time is linear
            // in the length of the text.
            for _ in 1..lines {
                self.extend(reach);
            }
            lines *= 2;
        }
    }

    /// Returns the text at the position, up to 200 characters: enough for a
    /// name.
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

/// Returns whether a line begins a new block.
fn begins_block(line: &str) -> bool {
    let list = opening(line).is_some();
    list || is_heading(line) || Fence::opens(line).is_some()
}
