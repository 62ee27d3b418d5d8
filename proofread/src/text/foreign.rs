//! Mathematics in the markup of other programs. Markdown does not typeset this
//! markup, or needs a plug-in, so each case is a problem.

use super::markdown::{Reach, Scanner};
use crate::span::Span;

/// Names of mathematics in other programs.
const NAMES: [&str; 8] =
    ["math", "latex", "tex", "katex", "mathjax", "asciimath", "mml", "eqn"];

/// Parts of web addresses that render a formula.
const PICTURES: [&str; 3] =
    ["latex.codecogs.com/", "render/math?math=", "/chart?cht=tx"];

/// The hint for a formula that is not read.
const WRITE: &str = "write $…$ or $$…$$";

/// Returns whether a word names mathematics, as `math` and `math-inline` do.
pub(super) fn is_name(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let first = word.split(['-', '_', ':']).next().unwrap_or("");
    NAMES.contains(&first)
}

impl Scanner<'_> {
    /// Reports mathematics in another markup, and skips it.
    fn foreign(&mut self, length: usize) {
        let span = self.leaf.span(self.at, self.at + length);
        let message = "this markup of a formula is not read";
        self.found.problem(span, message, WRITE);
        self.complained = true;
        self.at += length;
    }

    /// Reads `:math:`, or the `::` of `.. math::`: reStructuredText.
    pub(super) fn colon(&mut self) {
        let text = self.leaf.text();
        let (before, rest) = text.split_at(self.at);
        let line = before.rsplit('\n').next().unwrap_or("");
        let directive = line.trim().strip_prefix("..").map(str::trim);
        if rest.starts_with("::") && directive.is_some_and(is_name) {
            return self.foreign(2);
        }
        // Web addresses that render formulas.
        let address = self.near();
        if address.starts_with("://")
            && PICTURES.iter().any(|picture| address.contains(picture))
        {
            return self.foreign(3);
        }
        let role = rest[1..].split(':').next().unwrap_or("");
        if is_name(role) && rest[role.len() + 1..].starts_with(":`") {
            return self.foreign(role.len() + 2);
        }
        self.at += 1;
    }

    /// Reports that an included file is not read.
    pub(super) fn includes(&mut self, span: Span) {
        let message = "the file that this includes is not read";
        self.found.problem(span, message, "check that file, too");
    }

    /// Reports an include of `length` bytes with [`Self::includes`]. Skips it.
    fn include(&mut self, length: usize) {
        let end = self.at + length;
        self.includes(self.leaf.span(self.at, end));
        self.at = end;
    }

    /// Reads `--8<--`, the include of `MkDocs`. Returns whether it is here.
    pub(super) fn snippet(&mut self) -> bool {
        let is_one = self.starts_with("<--")
            && self.leaf.text()[..self.at].ends_with("-8");
        if is_one {
            self.include(3);
        }
        is_one
    }

    /// Reads `![[note]]`, the include of Obsidian. Returns whether it is here.
    fn embeds(&mut self) -> bool {
        let Some(name) = self.near().strip_prefix("[[") else { return false };
        let name = name.split([']', '|', '#']).next().unwrap_or("");
        let (_, extension) = name.rsplit_once('.').unwrap_or((name, "md"));
        let is_one = self.leaf.text()[..self.at].ends_with('!')
            && extension.eq_ignore_ascii_case("md");
        if is_one {
            self.include(2);
        }
        is_one
    }

    /// Reads `{math-inline}`, `{.math}`, `{% katex %}` or `{{< katex >}}`.
    pub(super) fn brace(&mut self) {
        let rest = self.near();
        let inner = rest.trim_start_matches(['{', '%', '<', '.', ' ']);
        let word = inner.split(|c: char| !c.is_ascii_alphabetic());
        let word = word.into_iter().next().unwrap_or("");
        let opening = &rest[..rest.len() - inner.len()];
        let marks = ["{.", "{%", "{{%", "{{<"];
        let shortcode = marks.iter().any(|mark| opening.starts_with(mark));
        if shortcode && is_name(word) {
            return self.foreign(opening.len() + word.len());
        }
        // The includes of mdBook, Quarto and Jekyll.
        for include in
            ["{{#include", "{{#rustdoc_include", "{{< include", "{% include"]
        {
            if rest.starts_with(include) {
                return self.include(include.len());
            }
        }
        // The backtick of `` {math}`…` `` reads it; other roles are not read.
        let role = inner.split(['}', '\n']).next().unwrap_or("");
        let behind = &inner[role.len()..];
        if opening == "{"
            && role != "math"
            && is_name(role)
            && behind.starts_with("}`")
        {
            return self.foreign(opening.len() + role.len() + 1);
        }
        self.at += 1;
    }

    /// Reads `[math]…[/math]`.
    pub(super) fn square(&mut self) {
        if self.embeds() {
            return;
        }
        let end = self.near().find([']', '\n']);
        let word = end.map_or("", |end| &self.near()[1..end]);
        if is_name(word) {
            let (length, closer) = (word.len() + 2, format!("[/{word}]"));
            while self.extend(Reach::Paragraph) {}
            if self.leaf.text()[self.at..].contains(&closer) {
                return self.foreign(length);
            }
        }
        self.at += 1;
    }

    /// Returns whether the role `{math}` of `MyST` comes just before.
    pub(super) fn is_role(&self) -> bool {
        self.leaf.text()[..self.at].ends_with("{math}")
    }

    /// Reports and skips `<math>`, `<script type="math/tex">` or
    /// `<span class="math">a = b`. Returns whether one of these is here.
    /// Formulas in `$` or brackets within the tag are read as usual.
    pub(super) fn foreign_tag(&mut self, name: &str) -> bool {
        let rest = &self.leaf.text()[self.at..];
        let tag = rest.split('>').next().unwrap_or("");
        let (length, inner) = (tag.len(), rest[tag.len()..].get(1..));
        let (inner, below) = (inner.unwrap_or("").trim_start(), self.next);
        let inner = if inner.is_empty() { &self.file[below..] } else { inner };
        let inner = inner.trim_start();
        let attributes = tag.get(name.len() + 1..).unwrap_or("");
        let quoted = attributes.split(['"', '\'']).skip(1).step_by(2);
        let mut words = quoted.flat_map(|text| text.split([' ', '/']));
        let delimited = ["$", "\\(", "\\[", "\\\\(", "\\\\["];
        let opens = delimited.iter().any(|open| inner.starts_with(open));
        let script = name == "script" && attributes.contains("math/");
        let marked = matches!(name, "span" | "div" | "p" | "code" | "pre")
            && words.any(is_name)
            && !opens;
        if !(is_name(name) || script || marked) {
            return false;
        }
        self.foreign(length);
        let closer = format!("</{name}");
        let seek = |t: &str| t.to_ascii_lowercase().find(&closer);
        if marked {
            return true;
        }
        if let Some(end) = self.find_closer(self.at, Reach::All, &closer, seek)
        {
            self.at = end;
        }
        true
    }
}
