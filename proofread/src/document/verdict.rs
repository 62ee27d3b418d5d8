//! Outcomes from verdicts.

use super::Prepared as Claim;
use super::about::About;
use crate::claim::mentions;
use crate::expr::Kind;
use crate::marks::Expected;
use crate::needs::Needs;
use crate::notation::Sort;
use crate::outcome::{Outcome, Status};
use crate::read::Relation;
use crate::solve::{Counterexample, Evidence, SAY_WHERE, Tier, Verdict};
use crate::span::{Problem, Span};
use crate::text::Fragment;

/// Returns an outcome without a result.
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

/// Sets the outcome of a relation with a side that has no meaning.
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

/// Sets an outcome from the verdict and the expected status.
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
                let message = match evidence.only.as_deref() {
                    None | Some("no proof was found") => {
                        "a search found no counterexample".to_owned()
                    }
                    Some(why) => {
                        format!("a search found no counterexample, and {why}")
                    }
                };
                let hint = "searched = \"allow\" in the notation lets what was \
                            only searched stand";
                outcome.problem = Some(Problem::new(place, message).hint(hint));
            }
            outcome.evidence = Some(evidence);
        }
        (Verdict::Fails(mut found), Some(Expected::Refuted)) => {
            outcome.status = Status::Refuted;
            if let Some(reason) = of_limit(&mut found) {
                let given = outcome.why.take().unwrap_or_default();
                outcome.why = Some(format!("{given} ({reason})"));
            }
            outcome.counterexample = Some(found);
        }
        (Verdict::Malformed(why), Some(Expected::Malformed)) => {
            outcome.status = Status::Malformed;
            let given = outcome.why.take().unwrap_or_default();
            outcome.why = Some(format!("{given} ({why})"));
        }
        (Verdict::Fails(mut found), None) => {
            outcome.status = Status::False;
            let equation = outcome
                .claim
                .as_ref()
                .is_some_and(|claim| claim.relation == Relation::Equal);
            let message = match of_limit(&mut found) {
                Some(reason) => format!("this is not the limit: {reason}"),
                None if equation => {
                    "this is not equal to what stands before it".into()
                }
                None => "this relation does not hold".into(),
            };
            let mut problem = Problem::new(place, message);
            if let Some(free) = free(outcome) {
                problem = problem.hint(format!(
                    "the notation leaves {free} free; if this defines it, write :="
                ));
            }
            outcome.problem = Some(problem);
            outcome.counterexample = Some(found);
        }
        (Verdict::Undecided(why), _) => {
            outcome.status = Status::Undecided;
            outcome.problem = Some(with_example(outcome, place, &why));
        }
        (Verdict::Malformed(why), None) => {
            outcome.status = Status::Unknown;
            outcome.problem = Some(with_example(outcome, place, &why));
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

/// Takes the reason that refutes a limit. The reason is stored as the value of
/// the left side, and the right side has none.
fn of_limit(found: &mut Counterexample) -> Option<String> {
    let is_reason = found.right.is_empty() && !found.left.is_empty();
    is_reason.then(|| std::mem::take(&mut found.left))
}

/// Returns a problem. If the reason asks for a condition, the hint gives a
/// condition on a symbol of the claim.
fn with_example(outcome: &Outcome, place: Span, why: &str) -> Problem {
    let Some(why) = why.strip_suffix(SAY_WHERE) else {
        return Problem::new(place, why);
    };
    let problem = Problem::new(place, why);
    let about_index = |claim: &Claim| {
        let uses = &claim.uses;
        !Needs::of(&claim.expressions(), uses, &claim.notation)
            .indices
            .is_empty()
    };
    if why.contains("outside its range")
        && !outcome.claim.as_deref().is_some_and(about_index)
    {
        return problem.hint("change the index, or the range of the symbol");
    }
    let condition = outcome.claim.as_deref().and_then(condition_on);
    match condition {
        Some(on) => problem
            .hint(format!("say where it holds, as in \\text{{for }} {on}")),
        None => problem.hint("change it, or say where it holds"),
    }
}

/// Returns an example of a condition on an index or a number of the claim.
fn condition_on(claim: &Claim) -> Option<String> {
    let needs = Needs::of(&claim.expressions(), &claim.uses, &claim.notation);
    if let Some(index) = needs.indices.first() {
        return Some(format!("{index} \\ge 2"));
    }
    let number = needs.symbols.iter().find(|id| {
        let declared = claim.notation.symbols.get(id);
        id.indices + id.arguments == 0
            && declared
                .is_some_and(|d| d.sort == Sort::Scalar && d.means.is_none())
    })?;
    Some(format!("{} > 0", number.name))
}

/// Returns the symbol of a false equation that may have been meant as the symbol's
/// definition: it stands alone on the left, on the right it does not stand at all,
/// and it has no meaning.
fn free(outcome: &Outcome) -> Option<String> {
    let claim = outcome.claim.as_ref()?;
    let Kind::Symbol(symbol) = &claim.left.kind else { return None };
    let id = symbol.id();
    let declared = claim.notation.symbols.get(&id)?;
    let has_meaning = declared.means.is_some()
        || declared.standard_normal
        || claim.uses.iter().any(|used| used.symbol.id() == id);
    let again = mentions(&claim.right, &id);
    let equates = claim.relation == Relation::Equal;
    (equates && !has_meaning && !again).then(|| crate::print::symbol(symbol))
}
