//! Formulas in a file.

use super::directives;
use super::lead::Lead;
use super::stripped::Stripped;
use crate::span::Span;

/// A formula in a file.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// The LaTeX, without labels and without the numbers at the margin.
    pub latex: String,
    /// The spans in the file of each byte of the LaTeX, and of its end.
    places: Vec<Span>,
    /// True if the formula is a display, false if the formula is inline.
    pub display: bool,
    /// The id of the formula: from a comment, or else from beside the formula,
    /// or else from the first label.
    pub id: Option<String>,
    /// The span of the formula in the file, with its delimiters, fences and id.
    pub extent: Span,
    /// The position in the LaTeX and the name of each `\label`.
    pub labels: Vec<(usize, String)>,
    /// The definitions of the macros that the LaTeX uses, in LaTeX, as they
    /// hold at the formula.
    pub(crate) preamble: String,
    /// The role that the words before the formula give it.
    pub(crate) lead: Lead,
    /// True if the formula is the first of its paragraph.
    pub(crate) begins: bool,
    /// True if the formula is the first of its sentence.
    pub(crate) sentence: bool,
}

impl Fragment {
    pub(super) fn new(display: bool) -> Self {
        Self {
            latex: String::new(),
            places: vec![],
            display,
            id: None,
            extent: Span::default(),
            labels: vec![],
            preamble: String::new(),
            lead: Lead::Open,
            begins: true,
            sentence: true,
        }
    }

    /// Adds the text from `start` to `end`.
    pub(super) fn push(&mut self, text: &Stripped, start: usize, end: usize) {
        self.latex.push_str(&text.text()[start..end]);
        self.places.extend((start..end).map(|i| text.span(i, i + 1)));
    }

    /// Adds LaTeX that stands for `span` of the file.
    pub(super) fn insert(&mut self, latex: &str, span: Span) {
        self.latex.push_str(latex);
        self.places.extend(latex.bytes().map(|_| span));
    }

    /// Ends the formula at a position of the file.
    pub(super) fn end(mut self, place: usize, extent: Span) -> Self {
        self.places.push(Span::new(place, place));
        self.extent = extent;
        self
    }

    /// Returns the words under a key, such as `uses`, in the formula's
    /// comments.
    ///
    /// ```
    /// let text = "```math {#eq-c}\n% uses: eq-a eq-b\nc = c\n```";
    /// let found = proofread::fragments("notes.md", text);
    /// assert_eq!(found[0].said("uses"), ["eq-a", "eq-b"]);
    /// ```
    pub fn said(&self, key: &str) -> Vec<String> {
        let (found, _) = directives(&self.latex);
        let said = found.iter().filter(|d| d.key.name() == key);
        said.flat_map(|d| d.value.split_whitespace().map(String::from))
            .collect()
    }

    /// Converts a span of the LaTeX to a span of the file.
    pub fn in_file(&self, span: Span) -> Span {
        let last = self.places.len() - 1;
        let start = span.start.min(last);
        if span.end <= start {
            let place = self.places[start].start;
            return Span::new(place, place);
        }
        // The expansion of a macro has the span of the macro call.
        let held = self.places[start..span.end.min(last).max(start + 1)].iter();
        held.copied().reduce(Span::to).unwrap_or_default()
    }

    /// Returns the formula with other LaTeX in place of a span. The new LaTeX
    /// has the replaced span's location in the file.
    pub(crate) fn with(&self, span: Span, latex: &str) -> Self {
        let mut made = self.clone();
        made.latex.replace_range(span.start..span.end, latex);
        let place = self.in_file(span);
        let places = std::iter::repeat_n(place, latex.len());
        made.places.splice(span.start..span.end, places);
        for (at, _) in made.labels.iter_mut().filter(|(at, _)| *at >= span.end)
        {
            *at = *at + latex.len() - (span.end - span.start);
        }
        made
    }

    /// Returns the span of the LaTeX in the file.
    pub fn span(&self) -> Span {
        self.in_file(Span::new(0, self.latex.len()))
    }
}
