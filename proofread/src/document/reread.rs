//! A text that was checked, and can be read again with a change in it: in one
//! formula, or in the notation.

use super::checker::Checker;
use super::verdicts::Verdicts;
use super::{Report, first_pass};
use crate::marks::Marks;
use crate::notation::Notation;
use crate::outcome::{Outcome, Status};
use crate::read::Statement;
use crate::text::{self, Fragment};
use std::sync::Arc;

/// A text that was checked.
pub(crate) struct Checked<'a> {
    /// The formulas, in their order.
    pub(crate) formulas: Vec<Formula<'a>>,
    start: Checker<'a>,
}

/// A formula of a checked text.
pub(crate) struct Formula<'a> {
    pub(crate) fragment: Fragment,
    /// What was known before it.
    before: Checker<'a>,
    /// What it says, before anything is decided.
    pub(crate) read: Read,
    /// What was found of it.
    pub(crate) report: Report,
}

/// What was read of a formula, or of all.
#[derive(Debug)]
pub(crate) struct Read {
    /// What it says.
    pub(crate) said: Vec<Statement>,
    /// Its relations, each taken to hold.
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

    /// What is read of the formulas with another notation, none decided.
    pub(crate) fn read_with(&self, notation: &Notation) -> Vec<Read> {
        let mut checker = self.with(notation);
        checker.verdicts = Verdicts::default();
        self.all(checker)
    }

    /// What is found of the formulas with another notation, up to the first
    /// claim that is false.
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

    /// Decides what this formula says with other LaTeX, up to the first
    /// claim that is false.
    pub(crate) fn decide_as(&self, other: &Fragment) -> Report {
        let mut checker = self.before.clone();
        checker.formula(other);
        checker.report
    }

    /// What the notation says at this place of the text.
    pub(crate) fn notation(&self) -> &Notation {
        &self.before.notation
    }

    /// The outcomes of a report on this formula with a change that are wrong,
    /// and were not wrong before.
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

    /// The message of the first problem of a report that was none before and
    /// belongs to no relation.
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
