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

/// The largest size that is drawn.
const LARGEST: i64 = 64;

/// Returns the ends of a range of sizes, or what is wrong with it.
pub(super) fn sizes(text: &str) -> Result<(i64, i64), String> {
    let ends = text.split_once("..").and_then(|(from, to)| {
        Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
    });
    let why = match ends {
        None => "a size is drawn from a range of whole numbers such as 3..8",
        Some((from, _)) if from < 1 => "the smallest size is 1",
        Some((from, to)) if to < from => "this range ends before it begins",
        Some((_, to)) if to > LARGEST => {
            return Err(format!(
                "a size is at most {LARGEST}; a few small sizes are enough, \
                 such as 3..8"
            ));
        }
        Some(ends) => return Ok(ends),
    };
    Err(why.into())
}
