//! Mutations of terms and factors.

use super::{Edit, Source};
use crate::mutate::source::is_relation;
use crate::mutate::tokens::Kind;

/// Removes a term with the sign before it.
pub(super) fn drop_term(source: &Source) -> Vec<Edit> {
    let depths = source.depths();
    let signs = source.named(&["+", "-"]);
    let term = |i: usize| {
        let depth = depths[i];
        let ends = |&j: &usize| {
            let text = source.text(j);
            let sign = matches!(text, "+" | "-" | "," | ";");
            let row = matches!(
                source.kind(j),
                Some(Kind::Row | Kind::Cell | Kind::Environment)
            );
            let ends = sign || row || is_relation(text);
            depths[j] < depth || depths[j] == depth && ends
        };
        let end = (i + 1..source.tokens.len()).find(ends);
        source.drop(i..end.unwrap_or(source.tokens.len()))
    };
    signs.map(term).collect()
}

/// Removes a factor: a symbol with its scripts, a bracket, a fraction, a root.
pub(super) fn drop_factor(source: &Source) -> Vec<Edit> {
    let starts = (0..source.tokens.len()).filter(|&i| {
        let script = i
            .checked_sub(1)
            .is_some_and(|i| source.kind(i) == Some(Kind::Script));
        let takes = matches!(
            source.kind(i),
            Some(Kind::Letter | Kind::Digit | Kind::Open | Kind::Command)
        );
        takes && !script && !is_relation(source.text(i)) && !source.in_words(i)
    });
    let gone = |i: usize| source.drop(i..source.scripted(i));
    starts.map(gone).collect()
}
