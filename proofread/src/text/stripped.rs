//! A stretch of a file without what Markdown puts before its lines, and with
//! what macros make in the place of their calls.

use crate::span::Span;
use std::borrow::Cow;
use std::ops::Range;

/// A text and the place in the file of each of its bytes.
#[derive(Clone, Debug)]
pub(super) struct Stripped<'a> {
    text: Cow<'a, str>,
    /// None if the text is the whole file.
    places: Option<Vec<Span>>,
}

impl<'a> Stripped<'a> {
    /// The whole file.
    pub(super) fn whole(file: &'a str) -> Self {
        Self { text: Cow::Borrowed(file), places: None }
    }

    /// No text yet; [`Self::push`] adds it.
    pub(super) fn empty() -> Self {
        Self { text: Cow::Owned(String::new()), places: Some(vec![]) }
    }

    /// Adds a stretch of the file.
    pub(super) fn push(&mut self, file: &str, start: usize, end: usize) {
        self.text.to_mut().push_str(&file[start..end]);
        let places = self.places.get_or_insert_default();
        places.extend((start..end).map(|i| Span::new(i, i + 1)));
    }

    /// Adds text that stands for what the file has at `span`.
    pub(super) fn insert(&mut self, text: &str, span: Span) {
        self.text.to_mut().push_str(text);
        let places = self.places.get_or_insert_default();
        places.extend(text.bytes().map(|_| span));
    }

    /// Adds a stretch of another text of the same file.
    pub(super) fn append(&mut self, other: &Stripped, range: Range<usize>) {
        self.text.to_mut().push_str(&other.text[range.clone()]);
        let places = range.map(|i| other.span(i, i + 1));
        self.places.get_or_insert_default().extend(places);
    }

    /// A stretch of the text.
    pub(super) fn part(&self, range: Range<usize>) -> Stripped<'static> {
        let mut part = Stripped::empty();
        part.append(self, range);
        part
    }

    /// Puts another text in the place of a stretch of this one.
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

    /// The place in the file of the byte `at`.
    pub(super) fn place(&self, at: usize) -> usize {
        match &self.places {
            None => at,
            Some(places) => match places.get(at) {
                Some(place) => place.start,
                None => places.last().map_or(0, |last| last.end),
            },
        }
    }

    /// A stretch of the text as one of the file: the shortest that holds all
    /// of it.
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
