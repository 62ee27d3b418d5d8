//! Signs from the value at one end of the domain and the sign of the
//! derivative.

use super::{domain, only_variable};
use crate::algebra::Normalizer;
use crate::solve::instance::Instance;
use crate::term::{Guard, Term};
use crate::value::{Q, Signs};

/// Returns whether a term has one of the signs, by its value at one end of the
/// domain and the sign of its derivative.
pub(super) fn by_growth(
    instance: &mut Instance,
    term: Term,
    signs: Signs,
    parts: &[Guard],
    depth: u32,
) -> bool {
    // Growth only shows that a function stays on one side of zero.
    let sides = [
        Signs::POSITIVE,
        Signs::NOT_NEGATIVE,
        Signs::NEGATIVE,
        Signs::NOT_POSITIVE,
    ];
    if depth == 0 || !sides.contains(&signs) {
        return false;
    }
    let Some(variable) = only_variable(instance, term) else { return false };
    let terms = &instance.store.terms;
    // The term must have a value, and so be smooth, on the whole path from the end
    // of the domain, also where conditions do not hold.
    let needs = terms.obligations(&[term]);
    let smooth = {
        let mut normalizer = instance.normalizer_between(parts);
        needs.into_iter().all(|need| {
            let found = normalizer.signs(need.term);
            found.is_ok_and(|found| found.are(need.signs))
        })
    };
    if !smooth {
        return false;
    }
    let domain = domain(instance, variable, parts);
    let negative = signs.are(Signs::NOT_POSITIVE);
    let weak = if negative { Signs::NOT_POSITIVE } else { Signs::NOT_NEGATIVE };
    let strict = weak.and(Signs::NOT_ZERO);
    // The term must grow from the lower end, or fall to the upper end.
    for (end, included, flips) in [
        (&domain.low, domain.with_low, false),
        (&domain.high, domain.with_high, true),
    ] {
        let Some(end) = end else { continue };
        let Some(there) = value_at(instance, term, variable, end) else {
            continue;
        };
        // If the sign at the end is a wanted one, the function may stay there.
        // If it is not, and the end is no point of the domain, the function
        // must leave it at once.
        let slope = if there.are(signs) {
            weak
        } else if there.are(weak) && !included {
            strict
        } else {
            continue;
        };
        let slope = if flips { slope.flipped() } else { slope };
        if grows(instance, term, variable, slope, parts, depth) {
            return true;
        }
    }
    false
}

/// Returns the signs of a term where a variable is at the end of its domain;
/// none unless the term is obviously continuous there.
pub(super) fn value_at(
    instance: &mut Instance,
    term: Term,
    variable: u32,
    end: &Q,
) -> Option<Signs> {
    let terms = &mut instance.store.terms;
    let value = terms.number(end.clone());
    let there = terms.substituted(term, variable, value).ok()?;
    let mut normalizer = Normalizer::new(terms);
    let needs = terms.obligations(&[there]);
    for need in needs {
        let found = normalizer.signs(need.term).ok()?;
        if !found.are(need.signs) {
            return None;
        }
    }
    // A power of zero is not continuous, nor is a division by zero.
    let ratio = normalizer.ratio(there).ok()?;
    let found = normalizer.algebra.signs(&ratio);
    (found != Signs::NONE).then_some(found)
}

/// Returns whether a derivative has one of the signs on all paths in a part of the
/// domain.
fn grows(
    instance: &mut Instance,
    term: Term,
    variable: u32,
    slope: Signs,
    parts: &[Guard],
    depth: u32,
) -> bool {
    let Ok(derivative) = instance.store.terms.derivative(term, variable) else {
        return false;
    };
    let found = instance.normalizer_between(parts).signs(derivative);
    found.is_ok_and(|found| found.are(slope))
        || by_growth(instance, derivative, slope, parts, depth - 1)
}
