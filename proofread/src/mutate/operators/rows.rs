//! Mutations of rows, columns, and the space between relations.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;

/// Removes a line break.
pub(super) fn join(source: &Source) -> Vec<Edit> {
    source.all(Kind::Row).map(|i| source.drop(i..i + 1)).collect()
}

/// Removes a row with the line break before or after it.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let ends = |i: usize| {
        matches!(source.kind(i), None | Some(Kind::Row | Kind::Environment))
    };
    let one = |i: usize| {
        let all = source.tokens.len();
        let next = (i + 1..all).find(|&j| ends(j)).unwrap_or(all);
        let before = (0..i).rev().find(|&j| ends(j)).map_or(0, |j| j + 1);
        let behind = (next > i + 1).then(|| source.drop(i..next));
        let above = (before < i).then(|| source.drop(before..i + 1));
        [above, behind].into_iter().flatten()
    };
    source.all(Kind::Row).flat_map(one).collect()
}

/// Moves `&` past the token before or after it, removes `&`, and doubles it.
pub(super) fn alignment(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for i in source.all(Kind::Cell) {
        edits.push(source.drop(i..i + 1));
        edits.push(source.put(i..i + 1, "& &"));
        let end = source.behind(i + 1);
        if end > i + 1 && source.kind(i + 1) != Some(Kind::Cell) {
            let next = source.slice(&(i + 1..end));
            edits.push(source.put(i..end, format!("{next} &")));
        }
        if i > 0 && source.kind(i - 1) == Some(Kind::Letter) {
            let before = source.text(i - 1);
            edits.push(source.put(i - 1..i + 1, format!("& {before}")));
        }
    }
    edits
}

/// Removes a wide space, a comma or a semicolon.
pub(super) fn spaces(source: &Source) -> Vec<Edit> {
    let wide = source.named(&["\\quad", "\\qquad", ",", ";"]);
    wide.map(|i| source.drop(i..i + 1)).collect()
}
