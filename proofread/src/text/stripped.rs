//! Text of a file without the line prefixes of Markdown, and with macro calls
//! replaced by their expansions.

use crate::span::Span;
use std::borrow::Cow;
use std::ops::Range;

/// A text with the spans in the file of its bytes.
#[derive(Clone, Debug)]
pub(super) struct Stripped<'a> {
    text: Cow<'a, str>,
    /// The spans of the bytes, or `None` if the text is the whole file.
    places: Option<Vec<Span>>,
}

impl<'a> Stripped<'a> {
    /// Returns the whole file.
    pub(super) fn whole(file: &'a str) -> Self {
        Self { text: Cow::Borrowed(file), places: None }
    }

    /// Returns an empty text; [`Self::push`] adds to it.
    pub(super) fn empty() -> Self {
        Self { text: Cow::Owned(String::new()), places: Some(vec![]) }
    }

    /// Adds a part of the file.
    pub(super) fn push(&mut self, file: &str, start: usize, end: usize) {
        self.text.to_mut().push_str(&file[start..end]);
        let places = self.places.get_or_insert_default();
        places.extend((start..end).map(|i| Span::new(i, i + 1)));
    }

    /// Adds text that stands for `span` of the file.
    pub(super) fn insert(&mut self, text: &str, span: Span) {
        self.text.to_mut().push_str(text);
        let places = self.places.get_or_insert_default();
        places.extend(text.bytes().map(|_| span));
    }

    /// Adds a part of another text of the same file.
    pub(super) fn append(&mut self, other: &Stripped, range: Range<usize>) {
        self.text.to_mut().push_str(&other.text[range.clone()]);
        let places = range.map(|i| other.span(i, i + 1));
        self.places.get_or_insert_default().extend(places);
    }

    /// Returns a part of the text.
    pub(super) fn part(&self, range: Range<usize>) -> Stripped<'static> {
        let mut part = Stripped::empty();
        part.append(self, range);
        part
    }

    /// Replaces a part of this text by another text.
    pub(super) fn splice(&mut self, range: Range<usize>, with: &Stripped) {
        let length = self.text.len();
        let places = self.places.get_or_insert_with(|| {
            (0..length).map(|i| Span::new(i, i + 1)).collect()
        });
        let new = (0..with.text.len()).map(|i| with.span(i, i + 1));
        places.splice(range.clone(), new);
        self.text.to_mut().replace_range(range, &with.text);
    }

    /// Keeps the first `length` bytes.
    pub(super) fn truncate(&mut self, length: usize) {
        self.text.to_mut().truncate(length);
        self.places.get_or_insert_default().truncate(length);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the position in the file of the byte `at`.
    pub(super) fn place(&self, at: usize) -> usize {
        match &self.places {
            None => at,
            Some(places) => match places.get(at) {
                Some(place) => place.start,
                None => places.last().map_or(0, |last| last.end),
            },
        }
    }

    /// Returns the shortest span of the file that covers a part of the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        if end <= start {
            return Span::new(self.place(start), self.place(start));
        }
        match &self.places {
            None => Span::new(start, end),
            Some(places) => {
                let held = places[start..end].iter().copied();
                held.reduce(Span::to).unwrap_or_default()
            }
        }
    }
}
