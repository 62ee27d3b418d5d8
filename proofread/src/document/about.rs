//! Information on a formula in its comments and in marks.

use super::checker::Checker;
use super::directive::second;
use crate::claim::Limit;
use crate::expr::{Expr, Rewriting, Symbol};
use crate::marks::{Expected, FormulaMark, RelationMark, holds};
use crate::read::Relation;
use crate::span::{Problem, Span};
use crate::text::{Directive, Fragment, Key, directives};
use std::cell::Cell;

/// The information on a formula in its comments and in marks.
#[derive(Default)]
pub(super) struct About {
    pub(super) id: Option<String>,
    pub(super) uses: Vec<Rewriting>,
    pub(super) conditions: Vec<(Expr, Relation, Expr)>,
    pub(super) tolerance: Option<f64>,
    pub(super) varies: Option<(Symbol, Option<Limit>)>,
    /// The statuses in comments.
    pub(super) statuses: Vec<Said>,
    /// All directives in the comments.
    pub(super) directives: Vec<Directive>,
    /// The positions of the definitions, according to marks.
    pub(super) marked: Vec<usize>,
    /// True if a directive or a mark of the formula is in error.
    pub(super) broken: bool,
}

/// A status in a comment.
pub(super) struct Said {
    /// The span in the LaTeX.
    pub(super) span: Span,
    pub(super) expected: Expected,
    pub(super) why: String,
    /// True if the status applies to a relation.
    pub(super) heard: Cell<bool>,
}

impl Checker<'_> {
    /// Reads the directives in a formula's comments, and the marks on it.
    pub(super) fn about(&mut self, fragment: &Fragment) -> About {
        let (found, problems) = directives(&fragment.latex);
        for problem in problems {
            self.problem(fragment, problem);
        }
        let mut about = About { id: fragment.id.clone(), ..About::default() };
        for directive in &found {
            if let Err(problem) = self.directive(directive, &mut about) {
                about.broken = true;
                self.problem(fragment, problem);
            }
        }
        about.directives = found;
        let line = self.line(fragment.span().start);
        // A display may begin with a line break.
        let text = fragment.latex.trim_start();
        let skipped = fragment.latex.len() - text.len();
        let first =
            self.line(fragment.in_file(Span::new(skipped, skipped)).start);
        let marks = self.marks;
        for (i, mark) in marks.formulas.iter().enumerate() {
            let mark: &FormulaMark = mark.get_ref();
            if (line..=first).contains(&mark.line)
                && holds(&fragment.latex, &mark.text)
            {
                self.marked_formulas[i] = true;
                if let Err(problem) = self.mark(mark, &mut about) {
                    about.broken = true;
                    self.problem(fragment, problem);
                }
            }
        }
        let lines = line..=self.line(fragment.span().end);
        for mark in &marks.relations {
            let mark: &RelationMark = mark.get_ref();
            if mark.status == Expected::Definition
                && lines.contains(&mark.line)
                && holds(&fragment.latex, &mark.text)
            {
                about.marked.push(self.end_of_line(fragment, mark.line));
            }
        }
        about
    }

    /// Returns the position in the LaTeX where a line of the file ends.
    pub(super) fn end_of_line(
        &self,
        fragment: &Fragment,
        line: usize,
    ) -> usize {
        let whole = fragment.latex.len();
        let beyond = |&i: &usize| {
            self.line(fragment.in_file(Span::new(i, i)).start) > line
        };
        (0..whole).find(beyond).unwrap_or(whole)
    }

    pub(super) fn mark(
        &mut self,
        mark: &FormulaMark,
        about: &mut About,
    ) -> Result<(), Problem> {
        if let Some(id) = &mark.id
            && about.id.replace(id.clone()).is_some_and(|own| own != *id)
        {
            return Err(second(Span::default(), "id"));
        }
        let directive = |key, value: &str| Directive {
            key,
            value: value.to_owned(),
            span: Span::default(),
        };
        if let Some(tolerance) = mark.tolerance {
            let value = tolerance.to_string();
            self.directive(&directive(Key::Tolerance, &value), about)?;
        }
        for id in &mark.uses {
            self.directive(&directive(Key::Uses, id), about)?;
        }
        for definition in &mark.define {
            self.directive(&directive(Key::Define, definition), about)?;
        }
        for condition in &mark.conditions {
            self.directive(&directive(Key::For, condition), about)?;
        }
        Ok(())
    }
}

impl About {
    /// Returns the positions of the definitions, from comments and marks.
    pub(super) fn defined_places(&self) -> Vec<usize> {
        let definitions = self
            .statuses
            .iter()
            .filter(|said| said.expected == Expected::Definition);
        let places = definitions.map(|said| said.span.start);
        places.chain(self.marked.iter().copied()).collect()
    }
}

/// Returns whether a comment at `place` belongs to the relation whose sign and
/// right side are at `right`: the comment is within the right side, or behind
/// it on the same line, or on the line above.
pub(super) fn owns(place: usize, right: Span, latex: &str) -> bool {
    if (right.start..right.end).contains(&place) {
        return true;
    }
    let between = |a: usize, b: usize| latex.get(a..b).unwrap_or("");
    if place >= right.end {
        // The comment does not belong to earlier rows of its line.
        let gap = between(right.end, place);
        let rows = gap.trim_end().trim_end_matches("\\\\");
        return !gap.contains('\n') && !rows.contains("\\\\");
    }
    // The comment is alone on the line above.
    let gap = between(place, right.start);
    gap.matches('\n').count() == 1
        && latex[..place].rsplit('\n').next().unwrap_or("").trim().is_empty()
}
