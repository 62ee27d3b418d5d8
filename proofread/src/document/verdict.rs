//! From what was found to what is reported.

use super::about::About;
use crate::marks::Expected;
use crate::outcome::{Outcome, Status};
use crate::read::Relation;
use crate::solve::{Evidence, Tier, Verdict};
use crate::span::{Problem, Span};
use crate::text::Fragment;

/// An outcome that says nothing yet.
pub(super) fn outcome(
    fragment: &Fragment,
    about: &About,
    number: usize,
    span: Span,
    status: Status,
) -> Outcome {
    let latex = &fragment.latex;
    let end = span.end.min(latex.len());
    let text = latex.get(span.start.min(end)..end).unwrap_or("");
    Outcome {
        id: about.id.clone(),
        label: None,
        number,
        span: fragment.in_file(span),
        sign: fragment.in_file(span),
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        status,
        evidence: None,
        counterexample: None,
        why: None,
        problem: None,
        display: fragment.display,
        claim: None,
    }
}

/// A relation with a side that has no meaning.
pub(super) fn not_read(
    outcome: &mut Outcome,
    expected: Option<(Expected, String)>,
    problem: Problem,
) {
    match expected {
        Some((Expected::Malformed, why)) => {
            outcome.status = Status::Malformed;
            outcome.why = Some(format!("{why} ({})", problem.message));
        }
        Some((Expected::Prose, why)) => {
            outcome.status = Status::Prose;
            outcome.why = Some(why);
        }
        _ => outcome.problem = Some(problem),
    }
}

/// Compares what was found with what was expected.
pub(super) fn judge(
    outcome: &mut Outcome,
    verdict: Verdict,
    expected: Option<Expected>,
    place: Span,
) {
    let mismarked = |message: &str| Some(Problem::new(place, message));
    match (verdict, expected) {
        (Verdict::Holds(evidence), None) => {
            outcome.status = evidence.tier.into();
            if evidence.tier == Tier::Searched {
                let why = evidence.only.as_deref().unwrap_or_default();
                outcome.problem = mismarked(&format!(
                    "a search found no counterexample, and {why}"
                ))
                .map(|problem| {
                    problem.hint(
                        "searched = \"allow\" in the notation lets it stand",
                    )
                });
            }
            outcome.evidence = Some(evidence);
        }
        (Verdict::Fails(found), Some(Expected::Refuted)) => {
            outcome.status = Status::Refuted;
            outcome.counterexample = Some(found);
        }
        (Verdict::Malformed(why), Some(Expected::Malformed)) => {
            outcome.status = Status::Malformed;
            let given = outcome.why.take().unwrap_or_default();
            outcome.why = Some(format!("{given} ({why})"));
        }
        (Verdict::Fails(found), None) => {
            outcome.status = Status::False;
            outcome.counterexample = Some(found);
            outcome.problem =
                mismarked("this is not equal to what stands before it");
            if let Some(problem) = &mut outcome.problem
                && let Some(claim) = &outcome.claim
                && claim.relation != Relation::Equal
            {
                problem.message = "this relation does not hold".into();
            }
        }
        (Verdict::Undecided(why), _) => {
            outcome.status = Status::Undecided;
            outcome.problem = mismarked(&why);
        }
        (Verdict::Malformed(why), None) => {
            outcome.status = Status::Unknown;
            outcome.problem = mismarked(&why);
        }
        (Verdict::Holds(Evidence { tier: Tier::Searched, .. }), _) => {
            outcome.status = Status::Undecided;
            outcome.problem = mismarked(
                "neither shown nor refuted: a search found no counterexample",
            );
        }
        (Verdict::Holds(_), Some(expected)) => {
            outcome.status = Status::Mismarked;
            outcome.problem = mismarked(match expected {
                Expected::Refuted => "marked as refuted, but it holds",
                _ => "marked as malformed, but it is a claim, and holds",
            });
        }
        (Verdict::Fails(found), Some(_)) => {
            outcome.status = Status::Mismarked;
            outcome.counterexample = Some(found);
            outcome.problem =
                mismarked("marked as malformed, but it is a claim, and false");
        }
        (Verdict::Malformed(why), Some(_)) => {
            outcome.status = Status::Mismarked;
            let message =
                format!("marked as refuted, but it is no claim: {why}");
            outcome.problem = mismarked(&message);
        }
    }
}
