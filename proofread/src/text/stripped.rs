//! A stretch of a file without what Markdown puts before its lines.

use crate::span::Span;
use std::borrow::Cow;

/// A text and the place in the file of each of its bytes.
#[derive(Debug)]
pub(super) struct Stripped<'a> {
    text: Cow<'a, str>,
    /// None if the text is the whole file.
    places: Option<Vec<usize>>,
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
        self.places.get_or_insert_default().extend(start..end);
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
                Some(&place) => place,
                None => places.last().map_or(0, |&last| last + 1),
            },
        }
    }

    /// A stretch of the text as one of the file.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        if end > start {
            Span::new(self.place(start), self.place(end - 1) + 1)
        } else {
            Span::new(self.place(start), self.place(start))
        }
    }
}
