//! Mutations of indices.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;
use std::ops::Range;

/// Returns the subscripts, with their braces, without the bounds of sums.
fn subscripts(source: &Source) -> Vec<Range<usize>> {
    let of_sum = |i: usize| {
        let before = i.checked_sub(1).map_or("", |i| source.text(i));
        matches!(before, "\\sum" | "\\prod" | "\\int" | "\\min" | "\\max")
    };
    let found = source.named(&["_"]).filter(|&i| !of_sum(i));
    found.map(|i| i + 1..source.behind(i + 1)).collect()
}

/// Returns the content of a subscript, without braces.
fn inner(source: &Source, range: &Range<usize>) -> Range<usize> {
    source.inner(range.start)
}

/// Moves a part of a subscript by one in both directions.
pub(super) fn shift(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for range in subscripts(source) {
        let parts = parts(source, &inner(source, &range));
        for part in &parts {
            for moved in moved(source.slice(part)) {
                let before = source.slice(&(range.start..part.start));
                let behind = source.slice(&(part.end..range.end));
                let open = if before.is_empty() { "{" } else { before };
                let close = if behind.is_empty() { "}" } else { behind };
                let whole = format!("{open}{moved}{close}");
                edits.push(source.put(range.clone(), whole));
            }
        }
    }
    edits
}

/// Returns an index plus one and an index minus one.
fn moved(index: &str) -> Vec<String> {
    let plain = index.trim();
    let one = |c: char| {
        plain.strip_suffix('1').is_some_and(|rest| rest.trim_end().ends_with(c))
    };
    let bare = || plain[..plain.len() - 1].trim_end();
    let bare = || bare()[..bare().len() - 1].trim_end().to_owned();
    if let Ok(number) = plain.parse::<i64>() {
        return vec![(number + 1).to_string(), (number - 1).to_string()];
    }
    if plain.is_empty() || plain.contains(['\\', ',', '(']) {
        return vec![];
    }
    if one('-') {
        return vec![bare(), format!("{} - 2", bare())];
    }
    if one('+') {
        return vec![bare(), format!("{} + 2", bare())];
    }
    vec![format!("{plain} - 1"), format!("{plain} + 1")]
}

/// Returns the parts of a subscript between commas, colons and bars.
fn parts(source: &Source, range: &Range<usize>) -> Vec<Range<usize>> {
    let splits =
        |&i: &usize| matches!(source.text(i), "," | ":" | "|" | "\\mid");
    let mut parts = vec![];
    let mut start = range.start;
    for i in range.clone().filter(splits).chain([range.end]) {
        parts.push(start..i);
        start = i + 1;
    }
    parts
}

/// Replaces an index or a size by another of the notation.
pub(super) fn another(source: &Source) -> Vec<Edit> {
    let notation = source.notation;
    let known = || notation.indices.keys().chain(notation.sizes.keys());
    let mut edits = vec![];
    for range in subscripts(source) {
        for i in inner(source, &range) {
            let name = source.text(i);
            if !known().any(|known| known == name) {
                continue;
            }
            let others = known().filter(|other| *other != name);
            edits.extend(others.map(|other| source.put(i..i + 1, other)));
        }
    }
    edits
}

/// Removes a subscript.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let found = subscripts(source).into_iter();
    found.map(|range| source.drop(range.start - 1..range.end)).collect()
}

/// Swaps the two parts of a subscript.
pub(super) fn swap(source: &Source) -> Vec<Edit> {
    let two = |range: Range<usize>| {
        let all = inner(source, &range);
        let parts = parts(source, &all);
        let [a, b] = parts.as_slice() else { return None };
        let sign = source.text(a.end);
        let swapped = [source.slice(b), sign, source.slice(a)].join(" ");
        (source.kind(a.end) != Some(Kind::Digit))
            .then(|| source.put(all, swapped))
    };
    subscripts(source).into_iter().filter_map(two).collect()
}
