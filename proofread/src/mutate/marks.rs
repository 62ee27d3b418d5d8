//! Mutants of the directives in a formula's comments.

use super::operators::OPERATORS;
use super::source::{Edit, Source};
use crate::notation::Notation;
use crate::span::Span;
use crate::text::{Directive, Key, directives};

/// Returns the edits of a formula's directives. Each directive is dropped, and
/// LaTeX in a directive is changed like the LaTeX of the formula.
pub(super) fn edits(
    latex: &str,
    notation: &Notation,
) -> Vec<(&'static str, Edit)> {
    let mut edits = vec![];
    let (found, _) = directives(latex);
    for directive in &found {
        let Directive { key, value, span } = directive;
        if matches!(key, Key::Id | Key::Code) {
            continue;
        }
        edits.push(("drop a mark", Edit { span: *span, with: "%".into() }));
        let comment = &latex[span.start..span.end];
        let start = span.start + comment.len() - value.len();
        match key {
            Key::For | Key::Define => {
                let source = Source::new(value, notation);
                for (_, operator) in OPERATORS {
                    let moved = operator(&source).into_iter().map(|edit| {
                        let Span { start: a, end: b } = edit.span;
                        let span = Span::new(start + a, start + b);
                        ("change a mark", Edit { span, ..edit })
                    });
                    edits.extend(moved);
                }
            }
            Key::Uses => {
                for id in value.split_whitespace() {
                    let Some(at) = value.find(id) else { continue };
                    let at = start + at;
                    let span = Span::new(at, at + id.len());
                    let with = String::new();
                    edits.push(("change a mark", Edit { span, with }));
                }
            }
            _ => {}
        }
    }
    edits
}
