//! Sums, products and their bounds.

use super::{Edit, Source};
use std::ops::Range;

const BIG: [&str; 3] = ["\\sum", "\\prod", "\\int"];

fn bigs<'a>(source: &'a Source) -> impl Iterator<Item = usize> + 'a {
    source.named(&BIG)
}

/// The scripts of a sum, each with its sign.
fn bounds(source: &Source, i: usize) -> Vec<Range<usize>> {
    let (mut start, end, mut all) = (i + 1, source.scripted(i), vec![]);
    while start < end {
        let next = source.behind(start + 1);
        all.push(start..next);
        start = next;
    }
    all
}

/// A sum for a product, and a product for a sum or an integral.
pub(super) fn swap(source: &Source) -> Vec<Edit> {
    let other = |i: usize| match source.text(i) {
        "\\prod" => source.put(i..i + 1, "\\sum"),
        _ => source.put(i..i + 1, "\\prod"),
    };
    bigs(source).map(other).collect()
}

/// Takes a bound away.
pub(super) fn drop_bound(source: &Source) -> Vec<Edit> {
    let all = bigs(source).flat_map(|i| bounds(source, i));
    all.map(|bound| source.drop(bound)).collect()
}

/// Takes the sign and its bounds away.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    bigs(source).map(|i| source.drop(i..source.scripted(i))).collect()
}

/// One more at the end of a bound, and one less; and another letter in both.
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
