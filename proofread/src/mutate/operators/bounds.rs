//! Mutations of sums, products and their bounds.

use super::{Edit, Source};
use std::ops::Range;

const BIG: [&str; 3] = ["\\sum", "\\prod", "\\int"];

fn bigs<'a>(source: &'a Source) -> impl Iterator<Item = usize> + 'a {
    source.named(&BIG)
}

/// Returns the scripts of a sum, each with its `_` or `^`.
fn bounds(source: &Source, i: usize) -> Vec<Range<usize>> {
    let (mut start, end, mut all) = (i + 1, source.scripted(i), vec![]);
    while start < end {
        let next = source.behind(start + 1);
        all.push(start..next);
        start = next;
    }
    all
}

/// Replaces a product by a sum, and a sum or an integral by a product.
pub(super) fn swap(source: &Source) -> Vec<Edit> {
    let other = |i: usize| match source.text(i) {
        "\\prod" => source.put(i..i + 1, "\\sum"),
        _ => source.put(i..i + 1, "\\prod"),
    };
    bigs(source).map(other).collect()
}

/// Removes a bound.
pub(super) fn drop_bound(source: &Source) -> Vec<Edit> {
    let all = bigs(source).flat_map(|i| bounds(source, i));
    all.map(|bound| source.drop(bound)).collect()
}

/// Removes a sum, product or integral sign with its bounds.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    bigs(source).map(|i| source.drop(i..source.scripted(i))).collect()
}

/// Moves a bound by one in both directions, and renames the index of a lower
/// bound.
pub(super) fn shift(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for bound in bigs(source).flat_map(|i| bounds(source, i)) {
        let inner = source.inner(bound.start + 1);
        let text = source.slice(&inner);
        for more in ["- 1", "+ 1"] {
            let with = format!("{{{text} {more}}}");
            edits.push(source.put(bound.start + 1..bound.end, with));
        }
        let letters = source.notation.indices.keys();
        let first = source.text(inner.start);
        if source.text(bound.start) == "_" {
            let others = letters.filter(|letter| *letter != first);
            let place = inner.start..inner.start + 1;
            edits.extend(others.map(|one| source.put(place.clone(), one)));
        }
    }
    edits
}
