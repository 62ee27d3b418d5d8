//! Mutations of lists: arguments, variables, subscripts of expectations.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;
use std::ops::Range;

/// Returns the lists of several entries in brackets and braces, split at
/// commas, semicolons and bars.
fn lists(source: &Source) -> Vec<Vec<Range<usize>>> {
    let opens = (0..source.tokens.len())
        .filter(|&i| matches!(source.kind(i), Some(Kind::Open | Kind::Begin)));
    let list = |i: usize| {
        let close = source.closing(i)?;
        let (mut entries, mut start, mut j) = (vec![], i + 1, i + 1);
        while j < close {
            if matches!(source.text(j), "," | ";" | "\\mid" | "|") {
                entries.push(start..j);
                start = j + 1;
            }
            j = source.behind(j);
        }
        entries.push(start..close);
        let full = entries.iter().all(|entry| !entry.is_empty());
        (entries.len() > 1 && full).then_some(entries)
    };
    opens.filter_map(list).collect()
}

/// Removes an entry with the separator before or after it.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for entries in lists(source) {
        for (i, entry) in entries.iter().enumerate() {
            let range = match entries.get(i + 1) {
                Some(next) => entry.start..next.start,
                None => entry.start - 1..entry.end,
            };
            edits.push(source.drop(range));
        }
    }
    edits
}

/// Swaps an entry with the next one.
pub(super) fn swap(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for entries in lists(source) {
        for pair in entries.windows(2) {
            let [a, b] = pair else { continue };
            let sign = source.text(a.end);
            let with = [source.slice(b), sign, source.slice(a)].join(" ");
            edits.push(source.put(a.start..b.end, with));
        }
    }
    edits
}
