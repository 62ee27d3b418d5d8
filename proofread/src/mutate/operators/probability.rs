//! Mutations of bars in densities and divergences, and of the subscripts of
//! expectations.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;

/// Returns each bar in brackets: the opening bracket, the bar, the closing one.
fn bars(source: &Source) -> Vec<(usize, usize, usize)> {
    let mut found = vec![];
    for open in source.all(Kind::Open) {
        let Some(close) = source.closing(open) else { continue };
        let mut i = open + 1;
        while i < close {
            let text = source.text(i);
            if matches!(text, "\\mid" | "|" | "\\|" | "\\middle\\|") {
                found.push((open, i, close));
            }
            i = source.behind(i);
        }
    }
    found
}

/// Swaps the parts before and after a bar.
pub(super) fn swap(source: &Source) -> Vec<Edit> {
    let one = |(open, bar, close): (usize, usize, usize)| {
        let before = source.slice(&(open + 1..bar));
        let behind = source.slice(&(bar + 1..close));
        let sign = source.text(bar);
        source.put(open + 1..close, format!("{behind} {sign} {before}"))
    };
    bars(source).into_iter().map(one).collect()
}

/// Removes a bar and the condition after it.
pub(super) fn drop_given(source: &Source) -> Vec<Edit> {
    let one = |(_, bar, close): (usize, usize, usize)| source.drop(bar..close);
    bars(source).into_iter().map(one).collect()
}

/// Replaces a bar by a comma.
pub(super) fn comma(source: &Source) -> Vec<Edit> {
    let one =
        |(_, bar, _): (usize, usize, usize)| source.put(bar..bar + 1, ",");
    bars(source).into_iter().map(one).collect()
}

/// Removes, replaces or adds the subscript of an expectation.
pub(super) fn expectation(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for i in source.named(&["\\mathbb", "\\operatorname"]) {
        let end = source.behind(i);
        if !matches!(source.slice(&source.inner(i + 1)), "E" | "Var") {
            continue;
        }
        if source.text(end) == "_" {
            let script = end + 1..source.behind(end + 1);
            edits.push(source.drop(end..script.end));
            let text = source.slice(&source.inner(end + 1));
            let processes = source.notation.processes.keys();
            let others = processes.filter(|other| *other != text);
            edits.extend(others.map(|other| {
                source.put(script.clone(), format!("{{{other}}}"))
            }));
        } else {
            let processes = source.notation.processes.keys();
            edits.extend(
                processes.map(|process| {
                    source.insert(end, &format!("_{{{process}}}"))
                }),
            );
        }
    }
    edits
}
