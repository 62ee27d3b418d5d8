//! Places in a text.

/// A range of bytes, from `start` up to but without `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The position after the last byte.
    pub end: usize,
}

impl Span {
    /// Returns the span between two positions.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the shortest span that contains both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// A problem and its place.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// The place in the formula.
    pub span: Span,
    /// The message, which says what is wrong.
    pub message: String,
    /// A hint that says what to do about the problem, if that is known.
    pub hint: Option<String>,
}

impl Problem {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A result whose error is a problem with its place.
pub(crate) type Result<T, E = Problem> = std::result::Result<T, E>;

/// Returns the line and the column of a position in a text, both from 1. The
/// column counts characters.
///
/// ```
/// assert_eq!(proofread::line_column("a\nbc", 3), (2, 2));
/// ```
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    (line, before[start..].chars().count() + 1)
}
