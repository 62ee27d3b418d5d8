//! Inequalities from theorems about the means in a claim.
//!
//! Each fact is a term that is not negative, such as `E[g²] - E[g]²`. A
//! difference is not negative if this follows once the fact is known, or if the
//! difference minus the fact is not negative.

use super::instance::Instance;
use super::prove::by_squares;
use crate::term::{Guard, Term};
use crate::value::Signs;

/// Returns whether a difference is a fact plus a number with one of the signs.
pub(super) fn stated(
    instance: &mut Instance,
    (left, right): (Term, Term),
    signs: Signs,
) -> bool {
    let facts = instance.store.known.facts.clone();
    let terms = &mut instance.store.terms;
    facts.into_iter().any(|(fact, _)| {
        [(left, right, signs), (right, left, signs.flipped())]
            .into_iter()
            .filter(|(.., signs)| is_above(*signs))
            .any(|(left, right, signs)| {
                let gap = terms.bare_difference(left, right);
                let gap = terms.bare_difference(gap, fact);
                let rest = terms.as_number(gap);
                rest.is_some_and(|rest| Signs::of(rest).are(signs))
            })
    })
}

fn is_above(signs: Signs) -> bool {
    signs == Signs::POSITIVE || signs == Signs::NOT_NEGATIVE
}

/// Returns whether facts show that a difference of two sides has one of the
/// signs.
pub(super) fn shown(
    instance: &mut Instance,
    (left, right): (Term, Term),
    signs: Signs,
    parts: &[Guard],
) -> bool {
    let facts = instance.store.known.facts.clone();
    if facts.is_empty() || crate::work::is_spent() {
        return false;
    }
    let mut gaps = vec![];
    let terms = &mut instance.store.terms;
    let difference = terms.bare_difference(left, right);
    let opposite = terms.bare_difference(right, left);
    for (difference, signs) in
        [(difference, signs), (opposite, signs.flipped())]
    {
        if !is_above(signs) {
            continue;
        }
        for (fact, _) in &facts {
            gaps.push((terms.bare_difference(difference, *fact), signs));
        }
    }
    let mut normalizer = instance.normalizer_on(parts);
    for (fact, signs) in facts {
        if let Ok(ratio) = normalizer.ratio(fact) {
            normalizer.algebra.learn(&ratio, signs);
        }
    }
    let known = normalizer.ratio(difference);
    known.is_ok_and(|gap| normalizer.algebra.signs(&gap).are(signs))
        || by_squares(&mut normalizer, (left, right), signs)
        || gaps.into_iter().any(|(gap, signs)| {
            !crate::work::is_spent()
                && normalizer.signs(gap).is_ok_and(|found| found.are(signs))
        })
}
