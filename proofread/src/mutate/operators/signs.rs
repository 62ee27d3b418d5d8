//! Plus and minus.

use super::{Edit, Source};

fn signs<'a>(source: &'a Source) -> impl Iterator<Item = usize> + 'a {
    source.named(&["+", "-"])
}

/// Whether nothing stands before a sign that it could add to.
fn leads(source: &Source, i: usize) -> bool {
    source.starts().contains(&(i + 1))
        || i.checked_sub(1).is_none_or(|before| {
            matches!(source.text(before), "=" | "(" | "[" | "{" | "&" | ",")
        })
}

/// Plus for minus, and minus for plus; a minus that leads is dropped.
pub(super) fn flip(source: &Source) -> Vec<Edit> {
    let one = |i: usize| match source.text(i) {
        "+" => source.put(i..i + 1, "-"),
        _ if leads(source, i) => source.drop(i..i + 1),
        _ => source.put(i..i + 1, "+"),
    };
    signs(source).map(one).collect()
}

/// Takes a sign away that stands between two terms.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let between = signs(source).filter(|&i| !leads(source, i));
    between.map(|i| source.drop(i..i + 1)).collect()
}

/// Writes a minus where an expression begins.
pub(super) fn add(source: &Source) -> Vec<Edit> {
    let starts = source.starts().into_iter();
    starts.map(|i| source.insert(i, "-")).collect()
}
