//! Checked text that can be read again with a change in one formula or in the
//! notation.

use super::checker::Checker;
use super::verdicts::Verdicts;
use super::{Report, first_pass};
use crate::marks::Marks;
use crate::notation::Notation;
use crate::outcome::{Outcome, Status};
use crate::read::Statement;
use crate::text::{self, Fragment};
use std::sync::Arc;

/// A checked text.
pub(crate) struct Checked<'a> {
    /// The formulas, in order.
    pub(crate) formulas: Vec<Formula<'a>>,
    start: Checker<'a>,
}

/// A formula of a checked text.
pub(crate) struct Formula<'a> {
    pub(crate) fragment: Fragment,
    /// The checker before this formula.
    before: Checker<'a>,
    /// The reading of the formula, before anything is decided.
    pub(crate) read: Read,
    /// The results of the check of the formula.
    pub(crate) report: Report,
}

/// The reading of a formula.
#[derive(Debug)]
pub(crate) struct Read {
    /// The statements.
    pub(crate) said: Vec<Statement>,
    /// The report. Without decisions, each relation is taken to hold.
    pub(crate) report: Report,
}

impl<'a> Checked<'a> {
    /// Checks a text.
    pub(crate) fn new(
        name: &str,
        text: &str,
        notation: &Notation,
        marks: &'a Marks,
    ) -> Self {
        let found = text::read(name, text, marks.comments);
        let start = first_pass(text, notation, marks, &found.fragments);
        let mut checker = start.clone();
        let mut formulas = vec![];
        for fragment in found.fragments {
            let mut before = checker.clone();
            checker.formula(&fragment);
            let report = std::mem::take(&mut checker.report);
            before.verdicts = before.verdicts.changed();
            let read = read(&before, &fragment);
            formulas.push(Formula { fragment, before, read, report });
        }
        Self { formulas, start }
    }

    /// Reads the formulas with another notation, and decides nothing.
    pub(crate) fn read_with(&self, notation: &Notation) -> Vec<Read> {
        let mut checker = self.with(notation);
        checker.verdicts = Verdicts::default();
        self.all(checker)
    }

    /// Decides the formulas with another notation, up to the first claim that
    /// is newly wrong.
    pub(crate) fn decide_with(&self, notation: &Notation) -> Vec<Read> {
        self.all(self.with(notation))
    }

    fn with(&self, notation: &Notation) -> Checker<'a> {
        let mut checker = self.start.clone();
        checker.notation = Arc::new(notation.clone());
        checker.verdicts = checker.verdicts.changed();
        checker
    }

    fn all(&self, mut checker: Checker) -> Vec<Read> {
        let each = self.formulas.iter().map(|formula| {
            checker.formula(&formula.fragment);
            let report = std::mem::take(&mut checker.report);
            Read { said: std::mem::take(&mut checker.said), report }
        });
        each.collect()
    }
}

impl Formula<'_> {
    /// Reads this formula with other LaTeX, and decides nothing.
    pub(crate) fn read_as(&self, other: &Fragment) -> Read {
        read(&self.before, other)
    }

    /// Decides the statements of this formula with other LaTeX, up to the first
    /// claim that is newly wrong.
    pub(crate) fn decide_as(&self, other: &Fragment) -> Report {
        let mut checker = self.before.clone();
        checker.formula(other);
        checker.report
    }

    /// Returns the notation at this position of the text.
    pub(crate) fn notation(&self) -> &Notation {
        &self.before.notation
    }

    /// Returns the wrong outcomes of a report on this formula with a change,
    /// except outcomes that were wrong before.
    pub(crate) fn newly_wrong<'r>(
        &self,
        report: &'r Report,
    ) -> Vec<&'r Outcome> {
        let allowed = self.before.notation.allows_searched;
        let wrong = |outcome: &&Outcome| {
            let searched = allowed && outcome.status == Status::Searched;
            !outcome.status.is_good() && !searched
        };
        let known = |outcome: &Outcome| {
            self.report.outcomes.iter().any(|old| {
                old.status == outcome.status
                    && old.claim == outcome.claim
                    && message(old) == message(outcome)
            })
        };
        let outcomes = report.outcomes.iter();
        outcomes.filter(wrong).filter(|one| !known(one)).collect()
    }

    /// Returns the message of the first new problem in a report that belongs to
    /// no relation.
    pub(crate) fn new_problem(&self, report: &Report) -> Option<String> {
        let old = &self.report.problems;
        let new = |problem: &&crate::Problem| {
            !old.iter().any(|old| old.message == problem.message)
        };
        report.problems.iter().find(new).map(|p| p.message.clone())
    }
}

fn message(outcome: &Outcome) -> Option<&str> {
    outcome.problem.as_ref().map(|problem| problem.message.as_str())
}

fn read(before: &Checker, fragment: &Fragment) -> Read {
    let mut checker = before.clone();
    checker.verdicts = Verdicts::default();
    checker.formula(fragment);
    Read { said: checker.said, report: checker.report }
}
