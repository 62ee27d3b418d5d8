//! The proof of one goal on a part of the domain.

use super::goals::Goal;
use crate::algebra::{Normalizer, Ratio};
use crate::solve::instance::Instance;
use crate::solve::{facts, groups, monotone};
use crate::term::{Guard, Op, Term};
use crate::value::Signs;
use rustc_hash::FxHashMap as HashMap;

/// Returns a goal without the absolute values whose arguments do not change
/// their signs on a part of the domain; none if there are no such values.
fn without_bars(
    instance: &mut Instance,
    goal: &Goal,
    parts: &[Guard],
) -> Option<Goal> {
    let terms = &instance.store.terms;
    let mut inside = vec![];
    terms.visit(&[goal.difference], &mut |part| {
        if let Op::Absolute(inner) = terms.op(part) {
            inside.push(*inner);
        }
    });
    let mut normalizer = instance.normalizer_on(parts);
    let below: HashMap<Term, bool> = inside
        .into_iter()
        .filter_map(|inner| {
            let signs = normalizer.signs(inner).ok()?;
            let above = signs.are(Signs::NOT_NEGATIVE);
            (above || signs.are(Signs::NOT_POSITIVE)).then_some((inner, !above))
        })
        .collect();
    if below.is_empty() {
        return None;
    }
    let terms = &mut instance.store.terms;
    let mut plain = |term| terms.without_bars(term, &below).ok();
    let (left, right) = (plain(goal.left)?, plain(goal.right)?);
    let difference = terms.bare_difference(left, right);
    Some(Goal { left, right, difference, signs: goal.signs })
}

/// Returns whether a goal was shown on a part of the domain.
pub(super) fn shown(
    instance: &mut Instance,
    goal: &Goal,
    parts: &[Guard],
) -> bool {
    if facts::stated(instance, (goal.left, goal.right), goal.signs) {
        return true;
    }
    let mut normalizer = instance.normalizer_on(parts);
    if normalizer.algebra.is_contradictory() {
        return true;
    }
    if goal.signs == Signs::ZERO
        && groups::are_equal(&mut normalizer, goal.left, goal.right)
    {
        return true;
    }
    let Ok(difference) = normalizer.ratio(goal.difference) else {
        return false;
    };
    if normalizer.algebra.signs(&difference).are(goal.signs)
        || normalizer
            .signs(goal.difference)
            .is_ok_and(|found| found.are(goal.signs))
        || against_zero(&mut normalizer, goal)
        || by_squares(&mut normalizer, (goal.left, goal.right), goal.signs)
    {
        return true;
    }
    let plain = without_bars(instance, goal, parts);
    let goal = plain.as_ref().unwrap_or(goal);
    monotone::shown(instance, goal.difference, goal.signs, parts)
        || monotone::shown_by_logs(
            instance,
            (goal.left, goal.right),
            goal.signs,
            parts,
        )
        || facts::shown(instance, (goal.left, goal.right), goal.signs, parts)
        || instance.normalizer_on(parts).follows(goal.difference, goal.signs)
}

/// Returns whether a side that is compared with 0 shows its sign by its own
/// form.
fn against_zero(normalizer: &mut Normalizer, goal: &Goal) -> bool {
    let Goal { left, right, signs, .. } = *goal;
    let (term, signs) = if normalizer.terms.is_zero(right) {
        (left, signs)
    } else if normalizer.terms.is_zero(left) {
        (right, signs.flipped())
    } else {
        return false;
    };
    normalizer.signs(term).is_ok_and(|found| found.are(signs))
}

/// Returns whether the squares of two numbers of the same sign show which
/// number is larger.
pub(crate) fn by_squares(
    normalizer: &mut Normalizer,
    (left, right): (Term, Term),
    signs: Signs,
) -> bool {
    let sides = [left, right].map(|side| normalizer.ratio(side));
    let [Ok(left), Ok(right)] = sides else { return false };
    let algebra = &mut normalizer.algebra;
    let [a, b] = [&left, &right].map(|side| algebra.signs(side));
    let flips = if a.are(Signs::NOT_NEGATIVE) && b.are(Signs::NOT_NEGATIVE) {
        false
    } else if a.are(Signs::NOT_POSITIVE) && b.are(Signs::NOT_POSITIVE) {
        true
    } else {
        return false;
    };
    let square = |side: &Ratio| side.times(side);
    let Ok(difference) = algebra.difference(&square(&left), &square(&right))
    else {
        return false;
    };
    let signs = if flips { signs.flipped() } else { signs };
    algebra.signs(&difference).are(signs)
}
