//! What a formula says of itself, in comments and in marks.

use super::checker::Checker;
use crate::claim::Limit;
use crate::define;
use crate::expr::{Expr, Kind, Rewriting, Symbol};
use crate::marks::{Expected, FormulaMark, RelationMark, holds};
use crate::read::layout::pieces;
use crate::read::{Relation, Scope, read_conditions};
use crate::span::{Problem, Span};
use crate::text::{Directive, Fragment, Key, directives};
use std::cell::Cell;
use std::sync::Arc;

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

    pub(super) fn directive(
        &mut self,
        directive: &Directive,
        about: &mut About,
    ) -> Result<(), Problem> {
        let Directive { key, value, span } = directive;
        let at = |message: String| Problem::new(*span, message);
        let moved = |mut problem: Problem| {
            problem.span = *span;
            problem
        };
        match key {
            Key::Uses => {
                for id in value.split_whitespace() {
                    let Some(offer) = self.known.get(id) else {
                        return Err(at(format!(
                            "nothing before has the id {id}"
                        ))
                        .hint("a formula may use only what stands before it"));
                    };
                    if offer.bad {
                        return Err(at(format!(
                            "{id} was not shown, so nothing may rest on it"
                        )));
                    }
                    if offer.rewritings.is_empty() && offer.in_force {
                        let message = format!(
                            "what {id} defines holds without being used"
                        );
                        return Err(at(message).hint("delete this id"));
                    }
                    if offer.rewritings.is_empty() {
                        return Err(at(format!("{id} defines no symbol")));
                    }
                    for (rewriting, _) in &offer.rewritings {
                        let symbol = &rewriting.symbol;
                        let name = &symbol.name;
                        let same =
                            about.uses.iter().find(|u| u.symbol == *symbol);
                        if same == Some(rewriting) {
                            let message = format!("{id} is used already");
                            return Err(at(message).hint("delete one"));
                        }
                        if same.is_some() {
                            let message =
                                format!("{name} is given two meanings here");
                            return Err(at(message));
                        }
                        about.uses.push(rewriting.clone());
                    }
                }
            }
            Key::For => {
                let found = pieces(value, false).map_err(moved)?;
                let mut scope = Scope::new(&self.notation);
                let all = read_conditions(&found, &mut scope);
                about.conditions.extend(all.map_err(moved)?);
            }
            Key::Define => {
                let notation = Arc::make_mut(&mut self.notation);
                define::local(value, notation).map_err(moved)?;
            }
            Key::Tolerance if about.tolerance.is_some() => {
                return Err(second(*span, "tolerance"));
            }
            Key::Varies if about.varies.is_some() => {
                return Err(second(*span, "variable"));
            }
            Key::Tolerance => match value.parse::<f64>() {
                Ok(x) if x > 0.0 && x <= 0.1 => about.tolerance = Some(x),
                _ => {
                    return Err(at("a tolerance is in (0, 0.1]".into()));
                }
            },
            Key::Varies => about.varies = Some(self.varies(value, *span)?),
            // The fragment has its id; the code is for tests to call.
            Key::Id | Key::Code => {}
            Key::Refuted | Key::Malformed | Key::Prose | Key::Definition => {
                let expected = match key {
                    Key::Refuted => Expected::Refuted,
                    Key::Malformed => Expected::Malformed,
                    Key::Prose => Expected::Prose,
                    _ => Expected::Definition,
                };
                if value.is_empty() && expected != Expected::Definition {
                    return Err(at("say why".into()));
                }
                let (span, why) = (*span, value.clone());
                let heard = Cell::new(false);
                about.statuses.push(Said { span, expected, why, heard });
            }
        }
        Ok(())
    }

    /// `x_t`, or `h \to 0`.
    pub(super) fn varies(
        &self,
        value: &str,
        span: Span,
    ) -> Result<(Symbol, Option<Limit>), Problem> {
        let bad = || {
            Problem::new(span, "this is no variable")
                .hint("write a symbol, such as x_t, or a limit, h \\to 0")
        };
        let (name, limit) = match value.split_once("\\to") {
            Some((name, limit)) => (name, Some(limit.trim())),
            None => (value, None),
        };
        let limit = match limit {
            Some("\\infty") => Some(Limit::Infinity),
            Some(number) => {
                Some(Limit::Number(number.parse().map_err(|_| bad())?))
            }
            None => None,
        };
        let found = pieces(name, false)?;
        let mut scope = Scope::new(&self.notation);
        match crate::read::expression(&found, &mut scope)?.kind {
            Kind::Symbol(symbol) => Ok((symbol, limit)),
            _ => Err(bad()),
        }
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

/// A directive or a mark that says again what a formula has one of.
fn second(span: Span, what: &str) -> Problem {
    let message = format!("a second {what} of this formula");
    Problem::new(span, message).hint("a formula has one: delete the other")
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
        let gap = between(right.end, place);
        return !gap.contains('\n');
    }
    // On a line of its own above.
    let gap = between(place, right.start);
    gap.matches('\n').count() == 1
        && latex[..place].rsplit('\n').next().unwrap_or("").trim().is_empty()
}

/// The lines that a stretch of a text stands in.
pub(super) fn in_lines(text: &str, span: Span) -> &str {
    let before = text.get(..span.start).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    let behind = text.get(span.end..).unwrap_or("");
    let end = behind.find('\n').map_or(text.len(), |i| span.end + i);
    &text[start..end]
}
