//! Conversion of a formula in a file to the LaTeX that `KaTeX` reads.
//!
//! Labels and the numbers at the margin claim nothing, and are removed. So are
//! commands that `KaTeX` does not know and that show nothing on the page.

use super::Fragment;
use super::characters::{invisible, is_odd_space};
use super::defining::{Defining, defining};
use super::environments::{
    Body, command, environment, group, is_known_to_katex, named,
};
use super::found::{Found, Source};
use super::spell::TAKE;
use crate::read::is_reason;
use std::ops::Range;

/// A reader that goes through a formula and fills its fragment.
pub(super) struct Reader<'a, 'b> {
    pub(super) source: Source<'a>,
    pub(super) at: usize,
    pub(super) fragment: Fragment,
    pub(super) found: &'b mut Found,
    /// Prose between the rows.
    pub(super) prose: Vec<Range<usize>>,
    /// True if the formula has more than definitions.
    pub(super) says: bool,
    /// The definitions in the formula, and whether each is in a group.
    pub(super) defines: Vec<(Defining, bool)>,
    /// The number of open `\left`, `\begin` and `\begingroup`.
    pub(super) open: usize,
    /// The number of open `\left`.
    pub(super) left: usize,
    /// A flag for each open brace: true if the brace holds words.
    pub(super) groups: Vec<bool>,
    /// True if the next group holds words.
    names: bool,
}

impl<'a, 'b> Reader<'a, 'b> {
    pub(super) fn new(
        source: Source<'a>,
        fragment: Fragment,
        found: &'b mut Found,
    ) -> Self {
        Self {
            at: source.inner.start,
            source,
            fragment,
            found,
            prose: vec![],
            says: false,
            defines: vec![],
            open: 0,
            left: 0,
            groups: vec![],
            names: false,
        }
    }

    pub(super) fn rest(&self) -> &str {
        &self.source.text.text()[self.at..self.source.inner.end]
    }

    /// Keeps the next `length` bytes.
    pub(super) fn keep(&mut self, length: usize) {
        let end = self.at + length;
        self.fragment.push(self.source.text, self.at, end);
        self.at = end;
    }

    /// Replaces the next `length` bytes by `latex`.
    fn replace(&mut self, length: usize, latex: &str) {
        let span = self.source.text.span(self.at, self.at + length);
        self.fragment.insert(latex, span);
        self.at += length;
    }

    pub(super) fn all(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\\' => {
                    self.command();
                    continue;
                }
                '%' => {
                    let rest = self.rest();
                    self.keep(rest.find('\n').map_or(rest.len(), |i| i + 1));
                    continue;
                }
                '\r' if self.rest().starts_with("\r\n") => {
                    self.at += 1;
                    continue;
                }
                '{' => self.groups.push(std::mem::take(&mut self.names)),
                '}' => _ = self.groups.pop(),
                c if is_odd_space(c) => {
                    // A space that is seen, unlike the spaces of LaTeX.
                    self.replace(c.len_utf8(), "~");
                    continue;
                }
                c => {
                    if let Some(name) = invisible(c) {
                        self.invisible(c, name);
                        continue;
                    }
                    if !c.is_whitespace() {
                        self.names = false;
                    }
                }
            }
            self.says |= !c.is_whitespace();
            self.keep(c.len_utf8());
        }
    }

    /// Counts the open groups.
    fn nest(&mut self, name: &str) {
        match name {
            "left" => (self.open, self.left) = (self.open + 1, self.left + 1),
            "right" => {
                self.open = self.open.saturating_sub(1);
                self.left = self.left.saturating_sub(1);
            }
            "begin" | "begingroup" | "bgroup" => self.open += 1,
            "end" | "endgroup" | "egroup" => {
                self.open = self.open.saturating_sub(1);
            }
            _ => {}
        }
    }

    fn command(&mut self) {
        let name = command(self.rest()).to_owned();
        self.nest(&name);
        let rest = self.rest();
        let length = 1 + name.len();
        match name.as_str() {
            "_" => return self.underscore(),
            "|" if self.source.table => {
                self.says = true;
                self.at += 1;
                return self.keep(1);
            }
            // `\\*` ends a row, too.
            "\\" if rest[2..].starts_with('*') => {
                self.keep(2);
                self.at += 1;
                return;
            }
            "begin" | "end" => return self.environment(&name),
            "label" => {
                if let Some((label, length)) = named(rest, "\\label") {
                    let label = (self.fragment.latex.len(), label.to_owned());
                    self.fragment.labels.push(label);
                    self.at += length;
                    return;
                }
            }
            "tag" | "raisetag" => {
                let star = usize::from(rest[length..].starts_with('*'));
                let blank = rest[length + star..].trim_start();
                let blank = rest.len() - blank.len();
                // Keep a tag that states something: the parser refuses it.
                if let Some(argument) = group(&rest[blank..])
                    && is_name(&rest[blank..blank + argument])
                {
                    self.at += blank + argument;
                    return;
                }
            }
            "notag"
            | "nonumber"
            | "IEEEnonumber"
            | "IEEEyesnumber"
            | "IEEEeqnarraynumspace"
            | "displaybreak"
            | "qedhere"
            | "ensuremath"
            | "xspace" => {
                let star = usize::from(rest[length..].starts_with('*'));
                self.at += length + star;
                return;
            }
            "intertext" | "shortintertext" => {
                if let Some(argument) = group(&rest[length..]) {
                    let start = self.at + length;
                    let words = &rest[length..length + argument];
                    if let Some(at) = relation_in_words(words) {
                        let place = start + at;
                        let span = self.source.text.span(place, place + 1);
                        let message = "this relation stands in no formula";
                        let hint = "write it as a formula, such as $a = b$";
                        self.found.problem(span, message, hint);
                    }
                    self.prose.push(start..start + argument);
                    let ended = self.fragment.latex.trim_end();
                    let row = if ended.ends_with("\\\\") { "" } else { "\\\\" };
                    self.replace(length + argument, row);
                    return;
                }
            }
            _ => {
                if let Some(found) = defining(rest) {
                    return self.defines_macro(found);
                }
            }
        }
        if self.found.shares && TAKE.contains(&name.as_str()) {
            self.taken(length);
        }
        self.names = matches!(
            name.as_str(),
            "text"
                | "textrm"
                | "textbf"
                | "textit"
                | "textsf"
                | "texttt"
                | "textnormal"
                | "mbox"
                | "mathrm"
                | "mathtt"
                | "mathsf"
                | "mathit"
                | "mathbf"
                | "operatorname"
                | "verb"
        );
        self.says = true;
        self.keep(length);
    }

    /// Reads an environment in the formula, and gives it a name of `KaTeX`.
    fn environment(&mut self, command: &str) {
        self.says = true;
        let rest = self.rest();
        let begins = command == "begin";
        let Some((name, length)) = named(rest, &format!("\\{command}")) else {
            return self.keep(1 + command.len());
        };
        let Some(environment) = environment(name) else {
            // This environment only numbers its formulas.
            if name == "subequations" {
                self.at += length;
            } else {
                self.keep(length);
            }
            return;
        };
        let arguments =
            if begins { environment.arguments(&rest[length..]) } else { 0 };
        if environment.body == Body::Kept {
            // An option, as in `\begin{aligned}[t]`.
            let option = ["[t]", "[b]", "[c]"]
                .iter()
                .any(|option| rest[length..].starts_with(option));
            self.keep(length);
            self.at += if begins && option { 3 } else { 0 };
        } else if is_known_to_katex(name) {
            self.keep(length);
        } else if environment.body == Body::Rows {
            self.replace(length, &format!("\\{command}{{aligned}}"));
            self.at += arguments;
        } else {
            self.at += length + arguments;
        }
    }
}

/// Returns the position of a relation sign in words, outside formulas.
fn relation_in_words(words: &str) -> Option<usize> {
    let mut inside = false;
    words.char_indices().find_map(|(at, c)| {
        match c {
            '$' => inside = !inside,
            '(' | ')' if words[..at].ends_with('\\') => inside = c == '(',
            _ => {}
        }
        (!inside && "=<>≤≥≠≈".contains(c)).then_some(at)
    })
}

/// Returns whether a tag is a number or a name: `3.1`, `*`, `DDPM`.
fn is_name(tag: &str) -> bool {
    let commands = ["\\le", "\\ge", "\\ne", "\\in"];
    !commands.iter().any(|sign| tag.contains(sign))
        && is_reason(&tag.replace(['*', '+'], ""))
}
