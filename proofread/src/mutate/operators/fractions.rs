//! Mutations of fractions.

use super::{Edit, Source};
use crate::mutate::source::FRACTIONS;

/// Swaps numerator and denominator.
pub(super) fn turn(source: &Source) -> Vec<Edit> {
    let one = |i: usize| {
        let middle = source.behind(i + 1);
        let end = source.behind(middle);
        let over = source.slice(&source.inner(i + 1));
        let under = source.slice(&source.inner(middle));
        source.put(i + 1..end, format!("{{{under}}}{{{over}}}"))
    };
    source.named(&FRACTIONS).map(one).collect()
}

/// Removes the denominator, or the slash.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let one = |i: usize| {
        let end = source.behind(i);
        let over = source.slice(&source.inner(i + 1));
        source.put(i..end, format!("{{{over}}}"))
    };
    let slashes = source.named(&["/"]).map(|i| source.drop(i..i + 1));
    source.named(&FRACTIONS).map(one).chain(slashes).collect()
}
