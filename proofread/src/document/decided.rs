//! Status of a relation that was parsed.

use super::checker::Checker;
use super::verdict::judge;
use crate::claim::Claim;
use crate::define;
use crate::expr::{Expr, Kind};
use crate::marks::Expected;
use crate::outcome::{Outcome, Status};
use crate::relation::Relation;
use crate::solve::{Verdict, is_random};
use crate::span::{Problem, Span};
use std::sync::Arc;

impl Checker<'_> {
    /// Calls a claim undecided that is false, if a condition on it may not have
    /// been understood.
    pub(super) fn in_doubt(&self, outcome: &mut Outcome, place: Span) {
        if self.current.doubtful {
            doubt(outcome, not_understood(place));
        }
    }

    /// Returns a problem for a false equation between a variable of a process, which
    /// stands for every point, and an expression with noise. Papers write so of a
    /// sample, in distribution.
    fn of_a_sample(&self, claim: &Claim) -> Option<Problem> {
        let is_variable = |side: &Expr| {
            let Kind::Symbol(symbol) = &side.kind else { return false };
            let mut processes = self.notation.processes.values();
            processes.any(|process| process.variable == symbol.name)
        };
        let (left, right) = (&claim.left, &claim.right);
        let of = |a, b| is_variable(a) && is_random(b, claim);
        let equates = claim.relation == Relation::Equal;
        (equates && (of(left, right) || of(right, left))).then(|| {
            let message = "one side stands for every point, and the other is random: is \
                           this a sample?";
            Problem::new(left.span.to(right.span), message).hint(
                "write \\sim and the distribution of the sample, or define it with :=",
            )
        })
    }

    /// Sets the status of a relation's outcome.
    pub(super) fn decided(
        &mut self,
        outcome: &mut Outcome,
        prepared: &Arc<Claim>,
        expected: Option<(Expected, String)>,
        place: Span,
    ) {
        outcome.claim = Some(Arc::clone(prepared));
        if let Some((_, why)) = &expected {
            outcome.why = Some(why.clone());
        }
        let expected = expected.map(|(expected, _)| expected);
        if expected == Some(Expected::Prose) {
            outcome.status = Status::Prose;
            return;
        }
        let is_definition = prepared.relation == Relation::Defines
            || expected == Some(Expected::Definition);
        let wrong =
            matches!(expected, Some(Expected::Refuted | Expected::Malformed));
        if wrong && (is_definition || define::is_setting(prepared)) {
            outcome.status = Status::Mismarked;
            let message = "marked as what it is not: this introduces a \
                           symbol, or sets an index";
            outcome.problem = Some(Problem::new(place, message));
            return;
        }
        if is_definition {
            match self.define(prepared, outcome.id.as_ref()) {
                Ok(()) => outcome.status = Status::Definition,
                Err(problem) => outcome.problem = Some(problem),
            }
            return;
        }
        if define::is_setting(prepared) {
            outcome.status = Status::Setting;
            self.possible(outcome, prepared, place);
            // In a display, or beside a claim, a setting is a claim for every
            // index.
            if !self.current.only_sets && outcome.status == Status::Setting {
                let verdict = self.verdicts.of(prepared);
                if let Verdict::Holds(_) = verdict {
                    judge(outcome, verdict, expected, place);
                } else {
                    outcome.status = Status::Unknown;
                    let message = if let Verdict::Malformed(why)
                    | Verdict::Undecided(why) = &verdict
                    {
                        why
                    } else if prepared.conditions.is_empty() {
                        "this does not hold for every index and size, and is \
                         no condition on a claim before it"
                    } else {
                        "this does not hold for every index and size that its \
                         condition allows"
                    };
                    outcome.problem = Some(Problem::new(place, message));
                }
            }
            return;
        }
        let verdict = self.verdicts.of(prepared);
        if let Verdict::Fails(_) = verdict
            && let Some(problem) = self
                .without_given(prepared)
                .or_else(|| self.without_conditions(prepared))
                .or_else(|| self.of_a_sample(prepared))
        {
            outcome.status = Status::Undecided;
            outcome.problem = Some(Problem { span: place, ..problem });
            return;
        }
        judge(outcome, verdict, expected, place);
        if matches!(outcome.status, Status::False | Status::Unknown) {
            self.verdicts.wrong(prepared);
        }
    }
}

/// Calls a claim undecided that is false.
pub(super) fn doubt(outcome: &mut Outcome, problem: Problem) {
    if outcome.status == Status::False {
        outcome.status = Status::Undecided;
        outcome.counterexample = None;
        outcome.problem = Some(problem);
    }
}

/// Returns the problem of a false claim that may have a condition which was not
/// understood.
pub(super) fn not_understood(place: Span) -> Problem {
    let message = "this is false by itself, but a part of the formula was not \
                   understood, which may be a condition on it";
    Problem::new(place, message)
}
