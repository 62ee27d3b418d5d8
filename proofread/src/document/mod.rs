//! A text: its formulas in order, each relation decided.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `checker` | going through a text |
//! | `chain` | the relations of a chain |
//! | `decided` | from a relation to its status |
//! | `defines` | relations that define a symbol |
//! | `about` | what a formula says of itself |
//! | `directive` | one directive of it |
//! | `marked` | what comments and marks say that a relation is |
//! | `offer` | what a formula offers to those that use it |
//! | `domains` | whether what is defined lies in its domain |
//! | `labels` | which relations a label names |
//! | `effects` | marks and directives that change nothing |
//! | `given` | definitions of what the notation leaves free |
//! | `hidden` | symbols that are defined by what is bound around them |
//! | `granted` | conditions that the notation grants |
//! | `reread` | a checked text, to be read again with a change |
//! | `idle` | definitions that nothing rests on |
//! | `settings` | relations that claim nothing of a value |
//! | `verdicts` | deciding all claims of a text side by side |
//! | `verdict` | from what was found to what is reported |

mod about;
mod chain;
mod checker;
mod decided;
mod defines;
mod directive;
mod domains;
mod effects;
mod given;
mod granted;
mod hidden;
mod idle;
mod labels;
mod marked;
mod offer;
mod reread;
mod settings;
#[cfg(test)]
mod tests;
mod verdict;
mod verdicts;

pub(crate) use crate::claim::Claim as Prepared;
use crate::marks::Marks;
use crate::notation::Notation;
use crate::outcome::{Outcome, Status};
use crate::solve::Tier;
use crate::span::{Problem, Span};
use crate::text::{self, Fragment};
use checker::Checker;
pub(crate) use reread::{Checked, Formula, Read};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All that a run found in one text.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Every relation, in the order of the text.
    pub outcomes: Vec<Outcome>,
    /// Every formula that was read, as its extent in the text, in order. A
    /// formula may have no relation, and so no outcome.
    pub formulas: Vec<Span>,
    /// Problems that belong to no relation: formulas that are not closed or
    /// cannot be read, displays without an id, marks that match nothing.
    pub problems: Vec<Problem>,
    /// Problems of the marks file, with places in it.
    pub mark_problems: Vec<Problem>,
    /// What is not wrong, and odd: definitions that no relation uses, a text
    /// without a formula or a relation.
    pub warnings: Vec<Problem>,
    /// Whether what was only searched may stand.
    allows_searched: bool,
}

impl Report {
    /// The relations that are false, undecided or unknown. A side that cannot
    /// be read spoils two of them, and counts once.
    pub fn wrong(&self) -> impl Iterator<Item = &Outcome> {
        let mut last = None;
        self.outcomes.iter().filter(move |outcome| {
            if self.accepts(outcome) {
                return false;
            }
            let again =
                outcome.problem.is_some() && outcome.problem.as_ref() == last;
            last = outcome.problem.as_ref();
            !again
        })
    }

    /// Whether an outcome is no error: its status is good, or it was searched
    /// and the notation allows that.
    pub fn accepts(&self, outcome: &Outcome) -> bool {
        outcome.status.is_good()
            || self.allows_searched && outcome.status == Status::Searched
    }

    /// How many relations there are, and how many of each status, in words.
    pub fn totals(&self) -> String {
        let mut counts = BTreeMap::new();
        for outcome in &self.outcomes {
            *counts.entry(outcome.status).or_insert(0) += 1;
        }
        let parts = counts
            .iter()
            .map(|(status, count)| format!("{count} {}", status.name()));
        let parts: Vec<_> = parts.collect();
        let parts = parts.join(", ") + &self.sizes();
        match self.outcomes.len() {
            0 => "0 relations".into(),
            1 => format!("1 relation: {parts}"),
            all => format!("{all} relations: {parts}"),
        }
    }

    /// Of the relations that depend on sizes and were shown, how many were shown
    /// for every size, in words.
    fn sizes(&self) -> String {
        let evidence = self.outcomes.iter().filter_map(|o| o.evidence.as_ref());
        let shown: Vec<_> = evidence
            .filter(|e| e.tier != Tier::Searched && !e.ranges.is_empty())
            .collect();
        let every = shown.iter().filter(|e| e.every).count();
        match shown.len() {
            0 => String::new(),
            all => format!("; {every} of {all} for every size"),
        }
    }

    /// Whether nothing is false, undecided, unknown or unlabelled.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
            && self.mark_problems.is_empty()
            && self.outcomes.iter().all(|o| self.accepts(o))
    }
}

/// Checks a text. `name` says by its ending whether it is LaTeX or Markdown.
///
/// ```
/// let notation = proofread::Notation::read("
///     [symbols]
///     a = { kind = 'scalar' }
///     b = { kind = 'scalar' }
/// ").unwrap();
/// let marks = proofread::Marks::default();
/// let check = |text| proofread::check("a.md", text, &notation, &marks);
/// assert!(check("$(a + b)^2 = a^2 + 2ab + b^2$").is_good());
/// let report = check("$(a + b)^2 = a^2 + b^2$");
/// assert!(report.outcomes[0].counterexample.is_some());
/// ```
pub fn check(
    name: &str,
    text: &str,
    notation: &Notation,
    marks: &Marks,
) -> Report {
    let found = text::read(name, text, marks.comments);
    let mut checker = first_pass(text, notation, marks, &found.fragments);
    found.fragments.iter().for_each(|one| checker.formula(one));
    checker.unmatched();
    let mut report = checker.report;
    report.allows_searched = notation.allows_searched;
    report.problems.splice(0..0, found.problems);
    report.warnings = found.warnings;
    report.warnings.extend(idle::warnings(&report.outcomes));
    if let Some(first) = found.fragments.first()
        && report.outcomes.is_empty()
    {
        let message = "no relation was found in the formulas of this text";
        report.problems.push(Problem::new(first.span(), message));
    }
    report
}

/// A checker at the start of a text whose claims are decided.
fn first_pass<'a>(
    text: &str,
    notation: &Notation,
    marks: &'a Marks,
    fragments: &[Fragment],
) -> Checker<'a> {
    let start = Checker::new(text, Arc::new(notation.clone()), marks);
    let mut checker = start.clone();
    fragments.iter().for_each(|one| checker.formula(one));
    Checker { verdicts: checker.verdicts.decided(), ..start }
}
