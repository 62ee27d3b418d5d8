//! Check of a text: reads the formulas in order and decides each relation.
//!
//! # Layout
//!
//! | file | content |
//! | --- | --- |
//! | `checker` | the checker that goes through a text |
//! | `current` | what is noted of a formula before its relations are decided |
//! | `chain` | the relations of a chain |
//! | `bare`, `behind` | bounds and claims behind a comma that may be conditions |
//! | `bound`, `binders` | conditions on variables that a claim binds |
//! | `decided` | the status of a relation |
//! | `defines` | relations that define a symbol |
//! | `densities` | chains of densities, as papers write them |
//! | `about` | information on a formula in comments and marks |
//! | `directive` | one directive of a formula |
//! | `marked` | statuses from comments and marks |
//! | `offer` | definitions for formulas that use a formula |
//! | `domains` | checks of definitions against declared domains |
//! | `labels` | labels, and the relations that they name |
//! | `every` | claims for every size |
//! | `effects` | marks and directives without an effect |
//! | `given` | definitions of symbols that the notation leaves free |
//! | `hidden` | symbols whose definitions contain a bound variable |
//! | `draft` | a text in which one formula at a time is checked with other LaTeX |
//! | `reread` | a checked text that is read again with a change |
//! | `idle` | definitions that no relation uses |
//! | `settings` | relations that claim nothing about a value |
//! | `verdicts` | parallel decision of all claims |
//! | `verdict` | outcomes from verdicts |

mod about;
mod bare;
mod behind;
mod binders;
mod bound;
mod chain;
mod checker;
mod current;
mod decided;
mod defines;
mod densities;
mod directive;
mod domains;
mod draft;
mod effects;
mod every;
mod given;
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
pub use draft::Draft;
pub(crate) use reread::{Checked, Formula, Read};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The results of a check of one text.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Every relation, in the order of the text.
    pub outcomes: Vec<Outcome>,
    /// The extent in the text of every formula, in order. A formula may have no
    /// relation, and so no outcome.
    pub formulas: Vec<Span>,
    /// Problems that belong to no relation: formulas that are not closed or
    /// cannot be read, displays without an id, a text whose formulas have no
    /// relation.
    pub problems: Vec<Problem>,
    /// Problems of the marks file, such as marks that match nothing.
    pub mark_problems: Vec<Problem>,
    /// Warnings, such as a definition that no relation uses, or a text without
    /// a formula.
    pub warnings: Vec<Problem>,
    /// True if the notation accepts relations that were only searched.
    allows_searched: bool,
}

impl Report {
    /// Returns the relations that are errors, such as false or undecided ones.
    /// A side that cannot be parsed affects two relations, and counts once.
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

    /// Returns whether an outcome is no error: its status is good, or it was
    /// searched and the notation allows that.
    pub fn accepts(&self, outcome: &Outcome) -> bool {
        outcome.status.is_good()
            || self.allows_searched && outcome.status == Status::Searched
    }

    /// Returns the number of relations, in total and per status, in words.
    pub fn totals(&self) -> String {
        let mut counts = BTreeMap::new();
        for outcome in &self.outcomes {
            *counts.entry(outcome.status).or_insert(0) += 1;
        }
        let parts = counts
            .iter()
            .map(|(status, count)| format!("{count} {}", status.name()));
        let parts: Vec<_> = parts.collect();
        let parts = parts.join(", ") + &self.sizes() + &self.partly();
        match self.outcomes.len() {
            0 => "0 relations".into(),
            1 => format!("1 relation: {parts}"),
            all => format!("{all} relations: {parts}"),
        }
    }

    /// Returns in words how many of the shown relations that depend on sizes
    /// were shown for every size.
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

    /// Returns in words how many relations hold only where both sides have
    /// values, which the notation allows.
    fn partly(&self) -> String {
        let evidence = self.outcomes.iter().filter_map(|o| o.evidence.as_ref());
        let partly = evidence
            .filter(|e| e.tier != Tier::Searched && e.only.is_some())
            .count();
        match partly {
            0 => String::new(),
            count => format!("; {count} only where both sides have values"),
        }
    }

    /// Returns whether there are no problems and every outcome is accepted.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
            && self.mark_problems.is_empty()
            && self.outcomes.iter().all(|o| self.accepts(o))
    }
}

/// Checks a text. The ending of `name` says whether it is LaTeX or Markdown.
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

/// Returns a checker at the start of a text, with all claims decided.
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
