//! Mutations of plus and minus signs.

use super::{Edit, Source};

fn signs<'a>(source: &'a Source) -> impl Iterator<Item = usize> + 'a {
    source.named(&["+", "-"])
}

/// Checks whether a sign has no left operand.
fn leads(source: &Source, i: usize) -> bool {
    source.starts().contains(&(i + 1))
        || i.checked_sub(1).is_none_or(|before| {
            matches!(source.text(before), "=" | "(" | "[" | "{" | "&" | ",")
        })
}

/// Swaps plus and minus, and drops a leading minus.
pub(super) fn flip(source: &Source) -> Vec<Edit> {
    let one = |i: usize| match source.text(i) {
        "+" => source.put(i..i + 1, "-"),
        _ if leads(source, i) => source.drop(i..i + 1),
        _ => source.put(i..i + 1, "+"),
    };
    signs(source).map(one).collect()
}

/// Removes a sign between two terms.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let between = signs(source).filter(|&i| !leads(source, i));
    between.map(|i| source.drop(i..i + 1)).collect()
}

/// Inserts a minus at the start of an expression.
pub(super) fn add(source: &Source) -> Vec<Edit> {
    let starts = source.starts().into_iter();
    starts.map(|i| source.insert(i, "-")).collect()
}
