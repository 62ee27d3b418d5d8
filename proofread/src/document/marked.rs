//! Statuses from comments and marks, and marks that match nothing.

use super::about::{About, Said, owns};
use super::checker::Checker;
use crate::marks::{Expected, RelationMark, holds};
use crate::span::{Problem, Span};
use crate::text::Fragment;

impl Checker<'_> {
    /// Returns the status that the text or a mark gives a relation.
    pub(super) fn expected(
        &mut self,
        fragment: &Fragment,
        about: &About,
        right: Span,
        whole: Span,
    ) -> Option<(Expected, String)> {
        heard(fragment, about, right)
            .or_else(|| self.marked(fragment, right, whole))
    }

    /// Returns the status that a mark in the marks file gives a relation.
    pub(super) fn marked(
        &mut self,
        fragment: &Fragment,
        right: Span,
        whole: Span,
    ) -> Option<(Expected, String)> {
        let file = fragment.in_file(right);
        let lines = self.line(file.start)..=self.line(file.end);
        let text = fragment.latex.get(whole.start..whole.end).unwrap_or("");
        let marks = self.marks;
        for (mark, marked) in marks.relations.iter().zip(&mut self.marked) {
            let mark: &RelationMark = mark.get_ref();
            if lines.contains(&mark.line) && holds(text, &mark.text) {
                marked.insert(file.start);
                return Some((mark.status, mark.why.clone()));
            }
        }
        None
    }

    /// Reports marks that match nothing, or several relations.
    pub(super) fn unmatched(&mut self) {
        let mut several = vec![];
        let mut stale = |span: std::ops::Range<usize>, line: usize| {
            let span = Span::new(span.start, span.end);
            let message = format!("this matches nothing on line {line}");
            let hint = "has the text changed?";
            let problem = Problem::new(span, message).hint(hint);
            self.report.mark_problems.push(problem);
        };
        for (mark, marked) in self.marks.relations.iter().zip(&self.marked) {
            match marked.len() {
                0 => stale(mark.span(), mark.get_ref().line),
                1 => {}
                _ => several.push(mark.span()),
            }
        }
        for (mark, marked) in
            self.marks.formulas.iter().zip(&self.marked_formulas)
        {
            if !marked {
                stale(mark.span(), mark.get_ref().line);
            }
        }
        for span in several {
            let span = Span::new(span.start, span.end);
            let message = "this matches several relations";
            let hint = "write more of the text of the one that is meant";
            let problem = Problem::new(span, message).hint(hint);
            self.report.mark_problems.push(problem);
        }
    }
}

/// Returns the status that a comment gives a relation.
pub(super) fn heard(
    fragment: &Fragment,
    about: &About,
    right: Span,
) -> Option<(Expected, String)> {
    let owned = |said: &&Said| owns(said.span.start, right, &fragment.latex);
    let said = about.statuses.iter().find(owned)?;
    said.heard.set(true);
    Some((said.expected, said.why.clone()))
}
