//! What a formula says of itself, in comments and in marks.

use super::checker::Checker;
use super::directive::second;
use crate::claim::Limit;
use crate::expr::{Expr, Rewriting, Symbol};
use crate::marks::{Expected, FormulaMark, RelationMark, holds};
use crate::read::Relation;
use crate::span::{Problem, Span};
use crate::text::{Directive, Fragment, Key, directives};
use std::cell::Cell;

/// What a formula says of itself.
#[derive(Default)]
pub(super) struct About {
    pub(super) id: Option<String>,
    pub(super) uses: Vec<Rewriting>,
    pub(super) conditions: Vec<(Expr, Relation, Expr)>,
    pub(super) tolerance: Option<f64>,
    pub(super) varies: Option<(Symbol, Option<Limit>)>,
    /// Statuses in comments.
    pub(super) statuses: Vec<Said>,
    /// All that the comments say.
    pub(super) directives: Vec<Directive>,
    /// Where marks say that a definition stands.
    pub(super) marked: Vec<usize>,
    /// Whether its uses are in order.
    pub(super) broken: bool,
}

/// A status in a comment.
pub(super) struct Said {
    /// Its place in the LaTeX.
    pub(super) span: Span,
    pub(super) expected: Expected,
    pub(super) why: String,
    /// Whether it speaks of a relation.
    pub(super) heard: Cell<bool>,
}

impl Checker<'_> {
    /// Reads what a formula says of itself, and what the marks say of it.
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

    /// The place in the LaTeX where a line of the file ends.
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
    /// Where comments say that a definition stands.
    pub(super) fn defined_places(&self) -> Vec<usize> {
        let definitions = self
            .statuses
            .iter()
            .filter(|said| said.expected == Expected::Definition);
        let places = definitions.map(|said| said.span.start);
        places.chain(self.marked.iter().copied()).collect()
    }
}

/// Whether a comment at `place` speaks of the relation whose sign and
/// right side are at `right`: it stands in it, or on the same line behind
/// it, or just before the first.
pub(super) fn owns(place: usize, right: Span, latex: &str) -> bool {
    if (right.start..right.end).contains(&place) {
        return true;
    }
    let between = |a: usize, b: usize| latex.get(a..b).unwrap_or("");
    if place >= right.end {
        // Not the rows before it, if a line has several.
        let gap = between(right.end, place);
        let rows = gap.trim_end().trim_end_matches("\\\\");
        return !gap.contains('\n') && !rows.contains("\\\\");
    }
    // On a line of its own above.
    let gap = between(place, right.start);
    gap.matches('\n').count() == 1
        && latex[..place].rsplit('\n').next().unwrap_or("").trim().is_empty()
}
