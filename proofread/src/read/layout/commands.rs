//! Spans of commands, which `KaTeX` does not give.

use super::super::pieces::balanced;
use super::Reader;
use crate::span::{Problem, Span};

impl Reader<'_> {
    /// Extends a span to the command before it, as in `\frac{a}{b}`, and to the
    /// brace behind it: `KaTeX` gives no location for these.
    pub(super) fn with_command(
        &mut self,
        before: usize,
        span: Span,
        name: &str,
    ) -> Span {
        let gap = self.places.latex.get(before..span.start).unwrap_or("");
        let start = gap
            .find(name)
            .and_then(|i| gap[..i].rfind('\\'))
            .map_or(span.start, |i| before + i);
        let whole = balanced(self.places.latex, Span::new(start, span.end));
        self.places.last = whole.end;
        whole
    }

    /// Extends a span to any command just before it, and to the brace behind.
    pub(super) fn with_any_command(
        &mut self,
        before: usize,
        span: Span,
    ) -> Span {
        let gap = self.places.latex.get(before..span.start).unwrap_or("");
        let Some(i) = gap.rfind('\\') else { return span };
        let command = &gap[i + 1..];
        let name = command.trim_end_matches(|c: char| !c.is_alphabetic());
        self.with_command(before, span, name)
    }

    /// Returns a problem with the span of the text read since `before`.
    pub(super) fn refuse(&self, before: usize, message: &str) -> Problem {
        let end = self.places.last.max(before);
        let rest = self.places.latex.get(before..end).unwrap_or("");
        let start = before + rest.len() - rest.trim_start().len();
        Problem::new(Span::new(start.min(end), end), message)
    }
}
