//! Finding mathematics in a text.

mod directives;
mod markdown;
mod tex;

pub(crate) use directives::{Directive, Key, directives};

use crate::span::Span;

/// A formula as it stands in a file.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// The LaTeX.
    pub latex: String,
    /// For each of its bytes, and for its end, the place in the file.
    places: Vec<usize>,
    /// Whether it is a display, or inline.
    pub display: bool,
    /// The id, if it has one: beside it, or in a comment, which counts more.
    pub id: Option<String>,
    /// All that the text spends on it: delimiters, fences and the id too.
    pub extent: Span,
}

impl Fragment {
    fn new(display: bool) -> Self {
        let (latex, places, id) = (String::new(), vec![], None);
        let extent = Span::default();
        Self { latex, places, display, id, extent }
    }

    /// Adds the text from `start` to `end`.
    fn push(&mut self, text: &str, start: usize, end: usize) {
        self.latex.push_str(&text[start..end]);
        self.places.extend(start..end);
    }

    /// Adds LaTeX that is not in the file, as if it stood at `place`.
    fn insert(&mut self, latex: &str, place: usize) {
        self.latex.push_str(latex);
        self.places.extend(latex.bytes().map(|_| place));
    }

    fn end(mut self, place: usize) -> Self {
        self.places.push(place);
        self.extent = self.span();
        self
    }

    /// What its comments say under a key, such as `uses`, word by word.
    ///
    /// ```
    /// let text = "```math {#eq-c}\n% uses: eq-a eq-b\nc = c\n```";
    /// let found = proofread::fragments("notes.md", text);
    /// assert_eq!(found[0].said("uses"), ["eq-a", "eq-b"]);
    /// ```
    #[must_use]
    pub fn said(&self, key: &str) -> Vec<String> {
        let (found, _) = directives(&self.latex);
        let said = found.iter().filter(|d| d.key.name() == key);
        said.flat_map(|d| d.value.split_whitespace().map(String::from))
            .collect()
    }

    /// A stretch of the LaTeX as one of the file.
    #[must_use]
    pub fn in_file(&self, span: Span) -> Span {
        let last = self.places.len() - 1;
        let start = self.places[span.start.min(last)];
        let end = match span.end.checked_sub(1) {
            Some(before) if span.end > span.start => {
                self.places[before.min(last)] + 1
            }
            _ => start,
        };
        Span::new(start, end.max(start))
    }

    /// All of it in the file.
    #[must_use]
    pub fn span(&self) -> Span {
        self.in_file(Span::new(0, self.latex.len()))
    }
}

/// All formulas of a file, in their order; a file whose name ends in `.tex`
/// is LaTeX, any other Markdown.
///
/// ```
/// let found = proofread::fragments("notes.md", "Say $a = b$.\n\n$$\nc\n$$\n");
/// assert_eq!(found[0].latex, "a = b");
/// assert!(found[1].display);
/// assert!(proofread::fragments("notes.md", "`$x$` costs \\$5").is_empty());
/// ```
#[must_use]
pub fn fragments(name: &str, text: &str) -> Vec<Fragment> {
    let is_tex = std::path::Path::new(name)
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("tex"));
    let mut found =
        if is_tex { tex::fragments(text) } else { markdown::fragments(text) };
    for fragment in &mut found {
        let (said, _) = directives(&fragment.latex);
        if let Some(id) = said.into_iter().rfind(|d| d.key == Key::Id) {
            fragment.id = Some(id.value);
        }
    }
    found
}
