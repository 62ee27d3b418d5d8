//! Mutations of conditions and quantifiers.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;

/// Removes a word or a quantifier and what follows, up to the next word or the
/// end of the row. Also replaces `\forall` by `\exists`.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let begins = |&i: &usize| {
        source.in_words(i) || matches!(source.text(i), "\\forall" | "\\exists")
    };
    let gone = |i: usize| {
        let ends = |&j: &usize| {
            matches!(source.kind(j), Some(Kind::Row | Kind::Environment))
                || source.in_words(j)
        };
        let start = source.behind(i);
        let end = (start..source.tokens.len()).find(ends);
        source.drop(i..end.unwrap_or(source.tokens.len()))
    };
    let quantifiers = source.named(&["\\forall"]);
    let other = quantifiers.map(|i| source.put(i..i + 1, "\\exists"));
    let starts = (0..source.tokens.len()).filter(begins);
    starts.map(gone).chain(other).collect()
}
