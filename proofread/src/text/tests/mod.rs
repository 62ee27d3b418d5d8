//! Tests of the search for formulas in whole texts.

mod any;
mod foreign;
mod macros;
mod markdown;
mod tex;
mod words;

use super::{Text, read};
use crate::span::{Span, line_column};

fn markdown(text: &str) -> Text {
    read("notes.md", text, false)
}

fn tex(text: &str) -> Text {
    read("paper.tex", text, false)
}

/// Returns the LaTeX of all formulas, with single spaces.
fn latex(text: &Text) -> Vec<String> {
    let bare = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
    text.fragments.iter().map(|f| bare(&f.latex)).collect()
}

/// Checks that a text has these formulas and no problems.
#[track_caller]
fn holds(text: &Text, formulas: &[&str]) {
    assert_eq!(latex(text), formulas);
    assert_eq!(text.problems, []);
}

/// Returns the problems of a text: line, column and message.
fn problems(text: &str, found: &Text) -> Vec<(usize, usize, String)> {
    let place = |span: Span| line_column(text, span.start);
    let all = found.problems.iter();
    all.map(|p| (place(p.span).0, place(p.span).1, p.message.clone())).collect()
}

/// Returns the part of the file for `part` of a formula.
fn in_file<'a>(text: &'a str, found: &Text, part: &str) -> &'a str {
    let of = |f: &&super::Fragment| f.latex.contains(part);
    let fragment = found.fragments.iter().find(of).unwrap();
    let start = fragment.latex.find(part).unwrap();
    let place = fragment.in_file(Span::new(start, start + part.len()));
    &text[place.start..place.end]
}
