//! Ranges of numbers, sizes and indices.

use crate::notation::{Bound, Notation};

impl Notation {
    pub(super) fn range(&self, text: &str) -> Option<(Bound, Bound)> {
        let (from, to) = text.split_once("..")?;
        Some((self.bound(from)?, self.bound(to)?))
    }

    fn bound(&self, text: &str) -> Option<Bound> {
        let text = text.trim();
        if let Ok(offset) = text.parse() {
            return Some(Bound { size: None, offset });
        }
        let end = text.find(['+', '-']).unwrap_or(text.len());
        let (name, offset) = text.split_at(end);
        let (name, offset) = (name.trim(), offset.replace(' ', ""));
        let offset = if offset.is_empty() { 0 } else { offset.parse().ok()? };
        let known =
            self.sizes.contains_key(name) || self.indices.contains_key(name);
        let size = known.then(|| name.to_owned())?;
        Some(Bound { size: Some(size), offset })
    }
}

pub(super) fn whole_range(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once("..")?;
    let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (1 <= from && from <= to && to <= 64).then_some((from, to))
}
