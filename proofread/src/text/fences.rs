//! Fenced blocks of Markdown, with mathematics or code.

use super::dollars::is_mathematical;
use super::foreign::is_name;
use super::found::{Form, Source};
use super::markdown::{Reach, Scanner};
use crate::span::{Problem, Span};

impl Scanner<'_> {
    /// Returns the span of the line that opens a fenced block.
    fn first_line(&self, body: usize) -> Span {
        self.leaf.span(0, self.leaf.text()[..body].trim_end().len())
    }

    /// Skips a fenced block, or reads it if it is mathematics.
    pub(super) fn fence(&mut self, start: usize, fence: Fence) {
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
        let mut inner = body..closed.unwrap_or(self.leaf.text().len());
        let mathematics = fence.language == Language::Mathematics;
        // A fence ends with the quote or the list item that contains it.
        if closed.is_none() && (mathematics || self.next >= self.file.len()) {
            let span = self.first_line(body);
            self.found.problem(span, "this fence is not closed", "");
        }
        if !mathematics {
            let text = &self.leaf.text()[inner.clone()];
            if fence.is_raw() && is_mathematical(text) {
                let message = "the formulas of this fence are not read";
                let span = self.first_line(body);
                self.found.problem(span, message, "write ```math");
            } else if fence.language == Language::Latex && is_mathematical(text)
            {
                let message = "the LaTeX in this fence is shown, not read";
                let hint = "write ```math if it is to be checked";
                let span = self.first_line(body);
                let warning = Problem::new(span, message).hint(hint);
                self.found.warnings.push(warning);
            }
            self.foreign_fence(&fence, body, inner);
            return;
        }
        if !fence.argument.is_empty() {
            let span = self.first_line(body);
            let message =
                "what stands behind the name of this fence is not read";
            let hint = "write the formula on the lines below it";
            self.found.problem(span, message, hint);
        }
        let text = self.leaf.text();
        let mut id = fence.id;
        // MyST writes an id as `:label: eq-name`.
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
        let source = Source::new(&self.leaf, inner, outer, Form::Display);
        self.found.formula(Source { id, ..source });
    }
}

impl Scanner<'_> {
    /// Reports mathematics in a fence of another name, such as `asciimath`, and
    /// in reStructuredText. The lines below the first start at `body`.
    fn foreign_fence(
        &mut self,
        fence: &Fence,
        body: usize,
        inner: std::ops::Range<usize>,
    ) {
        let name = fence.name.trim_matches(['{', '}', '.']);
        let named = fence.language == Language::Other
            && (is_name(name) || name.ends_with("math"));
        let directive = |line: &str| {
            let word = line.trim().strip_prefix("..").unwrap_or("");
            word.split_once("::").is_some_and(|(word, _)| is_name(word.trim()))
        };
        let text = &self.leaf.text()[inner];
        let holds_text = fence.name.starts_with('{')
            && fence.name[1..].starts_with(char::is_alphabetic)
            && !name.starts_with("code")
            && !CODE.contains(&name);
        let formulas = ["$", "\\(", "\\[", "{math}", "\\begin{"];
        let opens =
            |text: &str| formulas.iter().any(|open| text.contains(open));
        let typesets = match name {
            "mermaid" => text.contains("$$"),
            "=html" => opens(text),
            _ => holds_text && (opens(text) || opens(&fence.argument)),
        };
        if typesets {
            let span = self.first_line(body);
            let message = "the formulas of this fence are not read";
            let hint = "write a directive with colons, as :::{note}";
            return self.found.problem(span, message, hint);
        }
        if name == "include" {
            return self.includes(self.first_line(body));
        }
        let rst = || text.contains(":math:") || text.lines().any(directive);
        if named || name == "eval-rst" && rst() {
            let span = self.first_line(body);
            let message = "the formulas of this fence are not read";
            self.found.problem(span, message, "write ```math");
        }
    }
}

/// Directives that show code.
const CODE: [&str; 4] = ["eval-rst", "literalinclude", "sourcecode", "bash"];

/// The content of a fenced block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Mathematics,
    /// LaTeX that is shown as source.
    Latex,
    Other,
}

impl Language {
    /// Returns the language of a name, in upper or lower case.
    fn of(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "math" | "{math}" => Self::Mathematics,
            "latex" | "tex" | "katex" | "mathjax" | "{latex}" | "{tex}"
            | "{katex}" | "{.latex}" | "{.tex}" | "{.math}" | "=latex"
            | "{=latex}" | "{=tex}" => Self::Latex,
            _ => Self::Other,
        }
    }
}

/// The first line of a fenced block.
pub(super) struct Fence {
    mark: char,
    length: usize,
    language: Language,
    /// The name of the block's language.
    name: String,
    /// The argument of a directive, which `MyST` typesets.
    argument: String,
    id: Option<String>,
}

impl Fence {
    /// Reads a line that opens a block, or returns `None`.
    pub(super) fn opens(line: &str) -> Option<Self> {
        let line = line.trim();
        let mark = line.chars().next().filter(|c| "`~:".contains(*c))?;
        let length = line.chars().take_while(|&c| c == mark).count();
        let info = line[length..].trim();
        if length < 3 || mark == '`' && info.contains('`') {
            return None;
        }
        let word = info.split([' ', '\t', ',']).next().unwrap_or("");
        let word = word.split("{#").next().unwrap_or("");
        let language = Language::of(word);
        // MyST has `:::{math}`; other blocks of colons hold text.
        if mark == ':' && language != Language::Mathematics {
            return None;
        }
        let argument = info[word.len()..].split("{#").next().unwrap_or("");
        let is_directive = word.starts_with('{');
        let argument = if is_directive { argument.trim() } else { "" };
        let (name, id) = (word.to_owned(), id_in_braces(info));
        let argument = argument.to_owned();
        Some(Self { mark, length, language, name, argument, id })
    }

    /// Returns whether the block is raw LaTeX, which Pandoc typesets.
    fn is_raw(&self) -> bool {
        let raw = self.name.trim_matches(['{', '}']).starts_with('=');
        raw && self.language == Language::Latex
    }

    fn is_closed_by(&self, line: &str) -> bool {
        line.len() >= self.length && line.chars().all(|c| c == self.mark)
    }
}

/// Returns the id in `{#eq-name}`.
pub(super) fn id_in_braces(text: &str) -> Option<String> {
    let start = text.find("{#")? + 2;
    let length = text[start..].find(['}', ' '])?;
    Some(text[start..start + length].to_owned())
}
