//! Mutations of brackets and norms.

use super::{Edit, Source};
use crate::mutate::tokens::Kind;
use crate::span::Span;

/// Returns all pairs of brackets.
fn pairs(source: &Source) -> Vec<(usize, usize)> {
    let pair = |i: usize| Some((i, source.closing(i)?));
    source.all(Kind::Open).filter_map(pair).collect()
}

/// Returns the last character of a bracket, without its size.
fn sign<'a>(source: &Source<'a>, i: usize) -> &'a str {
    let text = source.text(i);
    let start = text.char_indices().next_back().map_or(0, |(i, _)| i);
    &text[start..]
}

/// Removes brackets around more than one token.
pub(super) fn drop(source: &Source) -> Vec<Edit> {
    let more = pairs(source).into_iter().filter(|(i, j)| j - i > 2);
    more.map(|(i, j)| {
        let inner = source.slice(&(i + 1..j));
        source.put(i..j + 1, format!(" {inner} "))
    })
    .collect()
}

/// Moves a bracket past one factor: the closing bracket in both directions, the
/// opening bracket inwards.
pub(super) fn shift(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for (i, j) in pairs(source) {
        let (open, close) = (source.text(i), source.text(j));
        let inner = source.slice(&(i + 1..j));
        // Past the next factor.
        let next = source.scripted(j + 1);
        let stands = !matches!(
            source.kind(j + 1),
            None | Some(
                Kind::End | Kind::Close | Kind::Row | Kind::Cell | Kind::Script
            )
        );
        if stands && next > j + 1 {
            let factor = source.slice(&(j + 1..next));
            let with = format!("{open} {inner} {factor} {close}");
            edits.push(source.put(i..next, with));
        }
        // Before the last factor inside.
        let mut k = i + 1;
        let mut last = k;
        while k < j {
            last = k;
            k = source.scripted(k);
        }
        if last > i + 1 && k == j {
            let rest = source.slice(&(i + 1..last));
            let factor = source.slice(&(last..j));
            let with = format!("{open} {rest} {close} {factor}");
            edits.push(source.put(i..j + 1, with));
        }
        // Behind the first factor inside.
        let first = source.scripted(i + 1);
        if first < j {
            let factor = source.slice(&(i + 1..first));
            let rest = source.slice(&(first..j));
            let with = format!("{factor} {open} {rest} {close}");
            edits.push(source.put(i..j + 1, with));
        }
    }
    edits
}

/// Swaps round and square brackets at the ends of intervals.
pub(super) fn open(source: &Source) -> Vec<Edit> {
    let mut edits = vec![];
    for (i, j) in pairs(source) {
        if i.checked_sub(1).map(|i| source.text(i)) != Some("\\in") {
            continue;
        }
        for k in [i, j] {
            let other = match sign(source, k) {
                "(" => "[",
                ")" => "]",
                "[" => "(",
                "]" => ")",
                _ => continue,
            };
            let end = source.tokens[k].span.end;
            let span = Span::new(end - 1, end);
            edits.push(Edit { span, with: other.to_owned() });
        }
    }
    edits
}

/// Removes a double bar, or replaces it by a single bar.
pub(super) fn norms(source: &Source) -> Vec<Edit> {
    let doubles: Vec<usize> = source
        .all(Kind::Bar)
        .chain(source.all(Kind::Open))
        .chain(source.all(Kind::Close))
        .filter(|&i| source.text(i).ends_with("\\|"))
        .collect();
    let gone = doubles.iter().map(|&i| source.drop(i..i + 1));
    let single = doubles.iter().map(|&i| {
        let text = source.text(i).trim_end_matches("\\|");
        source.put(i..i + 1, format!("{text}|"))
    });
    gone.chain(single).collect()
}
