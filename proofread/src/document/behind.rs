//! Claims behind a comma that may be conditions: `|a - b| = a - b, \quad a > b`.

use super::checker::Checker;
use super::decided::doubt;
use crate::claim::Claim;
use crate::expr::Condition;
use crate::outcome::{Outcome, Status};
use crate::read::{Chain, bound_or_claim};
use crate::span::{Problem, Span};
use crate::text::Fragment;
use std::ops::Range;
use std::sync::Arc;

/// A chain that was decided: its outcomes, and its place in the formula.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    outcomes: Range<usize>,
    place: Span,
}

impl Checker<'_> {
    /// Calls false claims of a chain undecided, if what stands behind a comma may be a
    /// condition on them: they hold under it, or it was not understood. Returns the
    /// place of `chain`, whose outcomes start at `from`.
    pub(super) fn behind_a_comma(
        &mut self,
        fragment: &Fragment,
        before: Option<&Decided>,
        chain: &Chain,
        from: usize,
    ) -> Option<Decided> {
        let spans = chain.sides.iter().map(|(_, span)| *span);
        let place = spans.reduce(Span::to)?;
        let outcomes = from..self.report.outcomes.len();
        if let Some(before) = before
            && is_comma(fragment, before.place, place)
        {
            self.under_condition(
                &before.outcomes,
                outcomes.clone(),
                fragment.in_file(place),
            );
        }
        Some(Decided { outcomes, place })
    }

    /// Decides false claims `before` under what stands `behind`, at a place.
    fn under_condition(
        &mut self,
        before: &Range<usize>,
        behind: Range<usize>,
        place: Span,
    ) {
        let found = &self.report.outcomes[behind.clone()];
        if found.iter().all(|outcome| outcome.status.is_good()) {
            return;
        }
        let condition = |o: &Outcome| Some(o.claim.as_ref()?.as_condition());
        let conditions: Option<Vec<Condition>> =
            found.iter().map(condition).collect();
        let mut doubted = vec![];
        for i in before.clone() {
            let outcome = &self.report.outcomes[i];
            let Some(claim) = &outcome.claim else { continue };
            if outcome.status != Status::False {
                continue;
            }
            let problem = match &conditions {
                None => Problem::new(
                    place,
                    "this was not understood, and may be a condition on what \
                     stands before, which is false by itself",
                ),
                Some(conditions) => {
                    let mut claim = Claim::clone(claim);
                    claim.conditions.extend(conditions.iter().cloned());
                    let verdict = self.verdicts.of(&Arc::new(claim));
                    if !verdict.is_shown() {
                        continue;
                    }
                    bound_or_claim(place)
                }
            };
            doubted.push((i, problem));
        }
        // The condition is no claim, either.
        if let (Some((_, problem)), Some(_)) = (doubted.first(), &conditions) {
            let problem = problem.clone();
            doubted.extend(behind.map(|i| (i, problem.clone())));
        }
        for (i, problem) in doubted {
            doubt(&mut self.report.outcomes[i], problem);
        }
    }
}

/// Returns whether a comma alone, with spaces, stands between two places.
fn is_comma(fragment: &Fragment, before: Span, behind: Span) -> bool {
    let gap = fragment.latex.get(before.end..behind.start).unwrap_or("");
    // A comma behind an environment is one of the whole environment.
    let environment = gap.split_once("\\end{");
    let outside = environment.and_then(|(_, end)| end.split_once('}'));
    let mut rest = outside.map_or(gap, |(_, outside)| outside).to_owned();
    for space in ["\\qquad", "\\quad", "\\,", "\\;", "\\ ", "~"] {
        rest = rest.replace(space, " ");
    }
    rest.trim() == ","
}
