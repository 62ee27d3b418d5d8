//! Mutations of roots and powers.

use super::{Edit, Source};
use crate::mutate::source::FRACTIONS;
use crate::mutate::tokens::Kind;

const TRANSPOSED: [&str; 3] = ["\\top", "\\intercal", "T"];

/// Removes a root sign and keeps the radicand.
pub(super) fn drop_root(source: &Source) -> Vec<Edit> {
    let one = |i: usize| {
        let optional = source.text(i + 1) == "[";
        let start = if optional { source.behind(i + 1) } else { i + 1 };
        source.drop(i..start)
    };
    source.named(&["\\sqrt"]).map(one).collect()
}

/// Writes a root around a fraction, a bracket, or a symbol with an index.
pub(super) fn add_root(source: &Source) -> Vec<Edit> {
    let whole = |i: usize| {
        let end = source.scripted(i);
        source.put(i..end, format!("\\sqrt{{{}}}", source.slice(&(i..end))))
    };
    let fractions = source.named(&FRACTIONS);
    let brackets = source.all(Kind::Open);
    let symbols = source.all(Kind::Letter).filter(|&i| {
        let bare = i.checked_sub(1).is_none_or(|i| {
            !matches!(source.kind(i), Some(Kind::Command | Kind::Script))
                && source.kind(i) != Some(Kind::Begin)
        });
        bare && source.text(i + 1) == "_"
    });
    fractions.chain(brackets).chain(symbols).map(whole).collect()
}

fn powers<'a>(source: &'a Source) -> impl Iterator<Item = usize> + 'a {
    source.named(&["^"])
}

fn transposes(source: &Source, i: usize) -> bool {
    TRANSPOSED.contains(&source.slice(&source.inner(i + 1)))
        && !matches!(source.text(i.saturating_sub(1)), "}")
}

/// Removes `^\top`.
pub(super) fn drop_transposition(source: &Source) -> Vec<Edit> {
    let found = powers(source).filter(|&i| transposes(source, i));
    found.map(|i| source.drop(i..source.behind(i + 1))).collect()
}

/// Removes an exponent or an upper bound.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let found = powers(source).filter(|&i| !transposes(source, i));
    found.map(|i| source.drop(i..source.behind(i + 1))).collect()
}

/// Squares a symbol, a bracket or a norm that has no exponent.
pub(super) fn add(source: &Source) -> Vec<Edit> {
    let depth = source.depths();
    let ends = (1..=source.tokens.len()).filter(|&end| {
        let before = source.kind(end - 1);
        let ends = matches!(
            before,
            Some(Kind::Letter | Kind::Close | Kind::Bar | Kind::End)
        );
        let goes_on = matches!(
            source.kind(end),
            Some(Kind::Script | Kind::Begin | Kind::End)
        );
        ends && !goes_on && depth.get(end).is_none_or(|&d| d >= 0)
    });
    ends.map(|end| {
        let at = source.tokens[end - 1].span.end;
        let span = crate::span::Span::new(at, at);
        Edit { span, with: "^2 ".into() }
    })
    .collect()
}
