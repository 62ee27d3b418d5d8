//! The blocks of Markdown: quotes, lists, fences, tables, indented code.
//!
//! Blocks and formulas are found together, because either may hide the other:
//! a line that is only `=` or that begins with `-` or `>` makes a heading, a
//! list or a quote, but not within a display.

use super::body::{Found, Source};
use super::containers::{Container, columns, opening, strip, strip_within};
use super::stripped::Stripped;

/// All that is found in a Markdown file; in its comments, too, if `comments`.
pub(super) fn read(file: &str, comments: bool) -> Found {
    let scanner = Scanner {
        file,
        next: if file.starts_with('\u{feff}') { 3 } else { 0 },
        containers: vec![],
        leaf: Stripped::empty(),
        at: 0,
        single: false,
        table: false,
        comments,
        complained: false,
        found: Found::default(),
    };
    scanner.scan()
}

/// How far a formula may reach beyond its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

pub(super) struct Scanner<'a> {
    pub(super) file: &'a str,
    /// Where the next line of the file starts.
    next: usize,
    containers: Vec<Container>,
    /// The lines at hand, without what the containers put before them.
    pub(super) leaf: Stripped<'static>,
    /// The place in these lines.
    pub(super) at: usize,
    /// Whether the paragraph has one line, as a heading has.
    single: bool,
    /// Whether the line is a row of a table.
    pub(super) table: bool,
    /// Whether comments hold formulas.
    pub(super) comments: bool,
    /// Whether the paragraph has a problem that may explain another.
    pub(super) complained: bool,
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
                (code, self.table) = (true, false);
            } else if code && !self.in_list() && columns(rest) >= 4 {
                // Code goes on.
            } else if let Some(fence) = Fence::opens(rest) {
                (code, self.table) = (true, false);
                self.fence(start, fence);
            } else {
                self.table = self.table && !begins_block(rest)
                    || self.heads_table(rest, self.next);
                let heading = is_heading(rest);
                self.single = self.table || heading;
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
            if self.single || rest.trim().is_empty() || ends {
                return false;
            }
            rest
        };
        let start = self.next + line.len() - rest.len();
        self.next += line.len();
        self.leaf.push(self.file, start, self.next);
        true
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

    /// Gives back the lines behind the first `length` bytes.
    fn cut(&mut self, length: usize) {
        if length < self.leaf.text().len() {
            self.leaf.truncate(length);
            self.next = self.leaf.place(length);
        }
    }

    /// Skips a fenced block, or reads it if it is mathematics.
    fn fence(&mut self, start: usize, fence: Fence) {
        self.leaf.truncate(0);
        self.leaf.push(self.file, start, self.next);
        let body = self.leaf.text().len();
        let mut closed = None;
        while closed.is_none() {
            let last = self.leaf.text().len();
            if !self.extend(Reach::Container) {
                break;
            }
            let line = self.leaf.text()[last..].trim();
            closed = fence.is_closed_by(line).then_some(last);
        }
        if !fence.mathematics {
            return;
        }
        let mut inner = body..closed.unwrap_or(self.leaf.text().len());
        if closed.is_none() {
            let opening = self.leaf.text()[..body].trim_end().len();
            let span = self.leaf.span(0, opening);
            self.found.problem(span, "this fence is not closed", "");
        }
        let text = self.leaf.text();
        let mut id = fence.id;
        // MyST: `:label: eq-name`.
        while let Some(line) = text[inner.clone()].lines().next()
            && let Some((key, value)) =
                line.trim().strip_prefix(':').and_then(|l| l.split_once(':'))
            && key.chars().all(|c| c.is_ascii_alphabetic())
        {
            if key == "label" {
                id = Some(value.trim().to_owned());
            }
            let rest = &text[inner.start..];
            inner.start += rest.find('\n').map_or(rest.len(), |i| i + 1);
        }
        let outer = 0..text.len();
        let source = Source::new(&self.leaf, inner, outer, true);
        self.found.formula(Source { id, ..source });
    }
}

/// The first line of a fenced block.
struct Fence {
    mark: char,
    length: usize,
    mathematics: bool,
    id: Option<String>,
}

impl Fence {
    fn opens(line: &str) -> Option<Self> {
        let line = line.trim();
        let mark = line.chars().next().filter(|c| "`~".contains(*c))?;
        let length = line.chars().take_while(|&c| c == mark).count();
        let info = line[length..].trim();
        if length < 3 || mark == '`' && info.contains('`') {
            return None;
        }
        let word = info.split([' ', '\t', ',']).next().unwrap_or("");
        let word = word.split("{#").next().unwrap_or("");
        let mathematics = matches!(word, "math" | "{math}");
        Some(Self { mark, length, mathematics, id: id_in_braces(info) })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        line.len() >= self.length && line.chars().all(|c| c == self.mark)
    }
}

/// The id in `{#eq-name}`.
pub(super) fn id_in_braces(text: &str) -> Option<String> {
    let start = text.find("{#")? + 2;
    let length = text[start..].find(['}', ' '])?;
    Some(text[start..start + length].to_owned())
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
