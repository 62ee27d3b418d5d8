//! Tests of a relation at a rational point, in the ring. Balls never tell that
//! two sides are equal, nor that a denominator is 0.

use super::instance::{Instance, outside_integrals};
use super::refute::Test;
use crate::algebra::Normalizer;
use crate::ball::Point;
use crate::claim::Claim;
use crate::eval::signs_of;
use crate::term::{Atom, AtomKind, Op, Term, Terms, Value};
use crate::value::{Interval, Signs};

/// Tests a relation at one point, if the sides are numbers without unknown
/// functions and the claim has no conditions.
pub(super) fn test(claim: &Claim, instance: &Instance, point: &Point) -> Test {
    crate::work::without_overflow(|| tested(claim, instance, point))
        .unwrap_or(Test::Unclear)
}

fn tested(claim: &Claim, instance: &Instance, point: &Point) -> Test {
    let (Ok(Value::Scalar(left)), Ok(Value::Scalar(right))) =
        (&instance.left, &instance.right)
    else {
        return Test::Unclear;
    };
    let Some(wanted) = signs_of(claim.relation) else { return Test::Unclear };
    let sides = [*left, *right];
    if !instance.guards.is_empty() || has_calls(&instance.store.terms, &sides) {
        return Test::Unclear;
    }
    let mut normalizer = at(instance, point, &sides);
    match is_inside(instance, &mut normalizer) {
        Some(true) => {}
        Some(false) => return Test::Outside,
        None => return Test::Unclear,
    }
    // One side may divide by exactly 0 while the other has a value.
    match sides.map(|side| has_value(instance, &mut normalizer, side)) {
        [Some(true), Some(true)] => {}
        [Some(true), Some(false)] | [Some(false), Some(true)] => {
            return Test::one_sided(claim);
        }
        [Some(false), Some(false)] => return Test::Outside,
        _ => return Test::Unclear,
    }
    let Ok(gap) = normalizer.difference(*left, *right) else {
        return Test::Unclear;
    };
    let found = normalizer.algebra.signs(&gap);
    if found.single().is_none() {
        return Test::Unclear;
    }
    if found.are(wanted) { Test::Holds } else { Test::Fails }
}

/// Returns whether a side was shown to have no value at a point.
pub(super) fn is_undefined(
    instance: &Instance,
    point: &Point,
    side: Term,
) -> bool {
    let mut normalizer = at(instance, point, &[side]);
    has_value(instance, &mut normalizer, side) == Some(false)
}

/// Returns the ring in which every variable is a number.
fn at<'a>(
    instance: &'a Instance,
    point: &Point,
    roots: &[Term],
) -> Normalizer<'a> {
    let terms = &instance.store.terms;
    let mut normalizer = Normalizer::new(terms);
    normalizer.entries.clone_from(&point.vectors);
    // The variable of an integral has no value at a point.
    let mut integrated = vec![];
    terms.visit(roots, &mut |part| {
        if let Op::Integral(number, _) = terms.op(part) {
            integrated.push(*number);
        }
    });
    let free = point.variables.iter();
    for (number, value) in free.filter(|(n, _)| !integrated.contains(n)) {
        normalizer.domains.insert(*number, Interval::point(value));
    }
    normalizer
}

/// Returns whether the point lies in the domain; none if that is not clear.
fn is_inside(instance: &Instance, normalizer: &mut Normalizer) -> Option<bool> {
    for base in &instance.store.not_negative {
        if !normalizer.signs(*base).ok()?.are(Signs::NOT_NEGATIVE) {
            return None;
        }
    }
    for (term, domain) in &instance.store.constraints {
        let ratio = normalizer.ratio(*term).ok()?;
        if !domain.holds(ratio.as_number()?) {
            return Some(false);
        }
    }
    Some(true)
}

/// Returns whether a side has a value; none if that is not clear.
fn has_value(
    instance: &Instance,
    normalizer: &mut Normalizer,
    side: Term,
) -> Option<bool> {
    if let Err(trouble) = normalizer.ratio(side) {
        return trouble.is_undefined().then_some(false);
    }
    let needed = instance.obligations(&Value::Scalar(side));
    let needed = outside_integrals(normalizer, &[side], needed);
    let met = |(term, signs): (Term, Signs)| {
        normalizer.signs(term).is_ok_and(|found| found.are(signs))
    };
    let all = needed.into_iter().map(|n| (n.term, n.signs)).all(met);
    all.then_some(true)
}

fn has_calls(terms: &Terms, roots: &[Term]) -> bool {
    let is_call = |atom: &Atom| matches!(terms.atom(*atom), AtomKind::Call(_));
    let mut found = false;
    terms.visit(roots, &mut |part| match terms.op(part) {
        Op::Inner(a, b) => found |= is_call(a) || is_call(b),
        Op::Call(_) => found = true,
        _ => {}
    });
    found
}
