//! Mathematics in the markup of other programs, which Markdown does not
//! typeset, or which a plug-in does: each is named in a problem.

use super::markdown::{Reach, Scanner};
use crate::span::Span;

/// The names that programs give to mathematics.
const NAMES: [&str; 8] =
    ["math", "latex", "tex", "katex", "mathjax", "asciimath", "mml", "eqn"];

/// Parts of addresses that draw a formula.
const PICTURES: [&str; 3] =
    ["latex.codecogs.com/", "render/math?math=", "/chart?cht=tx"];

/// What to do about a formula that is not read.
const WRITE: &str = "write $…$ or $$…$$";

/// Whether a word is a name of mathematics, as `math` and `math-inline` are.
pub(super) fn is_name(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let first = word.split(['-', '_', ':']).next().unwrap_or("");
    NAMES.contains(&first)
}

impl Scanner<'_> {
    /// Says that mathematics of another markup is not read, and goes past it.
    fn foreign(&mut self, length: usize) {
        let span = self.leaf.span(self.at, self.at + length);
        let message = "this markup of a formula is not read";
        self.found.problem(span, message, WRITE);
        self.complained = true;
        self.at += length;
    }

    /// `:math:`, or the `::` of `.. math::`: reStructuredText.
    pub(super) fn colon(&mut self) {
        let text = self.leaf.text();
        let (before, rest) = text.split_at(self.at);
        let line = before.rsplit('\n').next().unwrap_or("");
        let directive = line.trim().strip_prefix("..").map(str::trim);
        if rest.starts_with("::") && directive.is_some_and(is_name) {
            return self.foreign(2);
        }
        // Pictures of formulas.
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

    /// Says that a file that is to stand here is not read.
    pub(super) fn includes(&mut self, span: Span) {
        let message = "the file that this includes is not read";
        self.found.problem(span, message, "check that file, too");
    }

    /// [`Self::includes`], of what stands here, and goes past it.
    fn include(&mut self, length: usize) {
        let end = self.at + length;
        self.includes(self.leaf.span(self.at, end));
        self.at = end;
    }

    /// `--8<--`, the include of `MkDocs`; says whether it is one.
    pub(super) fn snippet(&mut self) -> bool {
        let is_one = self.starts_with("<--")
            && self.leaf.text()[..self.at].ends_with("-8");
        if is_one {
            self.include(3);
        }
        is_one
    }

    /// `![[note]]`, the include of Obsidian; says whether it is one.
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

    /// `{math-inline}`, `{.math}`, `{% katex %}` and `{{< katex >}}`.
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
        // mdBook's, Quarto's and Jekyll's.
        for include in
            ["{{#include", "{{#rustdoc_include", "{{< include", "{% include"]
        {
            if rest.starts_with(include) {
                return self.include(include.len());
            }
        }
        // `` {math}`…` `` is read by its backtick, another role is not.
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

    /// `[math]…[/math]`.
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

    /// Whether a role of `MyST` stands right before the place: `{math}`.
    pub(super) fn is_role(&self) -> bool {
        self.leaf.text()[..self.at].ends_with("{math}")
    }

    /// `<math>`, `<script type="math/tex">` or `<span class="math">a = b`:
    /// goes past it, and says whether it is one of these. What `$` or a
    /// bracket opens in it is read as ever.
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
