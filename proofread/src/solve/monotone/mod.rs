//! Inequalities by derivatives and by logarithms.
//!
//! A function of one variable that starts above zero, or at zero, and grows is
//! positive. The sum `ln u + v` has the sign of `u - exp(-v)`, and `v - ln u` has the
//! sign of `exp(v) - u`.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `growth` | signs from the value at one end and the derivative |
//! | `logs` | signs from the logarithms of the sides |
//! | `summands` | sums of functions of different variables |

mod growth;
mod logs;
mod summands;

pub(super) use logs::shown_by_logs;

use super::instance::Instance;
use crate::term::{Guard, Op, Term};
use crate::value::{Interval, Q, Signs, whole};
use growth::{by_growth, value_at};
use logs::by_logarithm;
use std::collections::BTreeSet;
use summands::by_summands;

/// The largest number of derivatives.
const DEPTH: u32 = 4;

/// Returns whether a term was shown to have one of the signs on a part of the
/// domain.
pub(super) fn shown(
    instance: &mut Instance,
    term: Term,
    signs: Signs,
    parts: &[Guard],
) -> bool {
    if signs == Signs::ZERO || crate::work::is_spent() {
        return false;
    }
    if signs == Signs::NOT_ZERO {
        return [Signs::POSITIVE, Signs::NEGATIVE]
            .into_iter()
            .any(|one| shown(instance, term, one, parts));
    }
    by_logarithm(instance, term, signs, parts)
        || by_growth(instance, term, signs, parts, DEPTH)
        || by_summands(instance, term, signs, parts)
        || from_inside(instance, term, signs, parts)
}

/// Returns whether a term has one of the signs, by its value at a point inside
/// the domain and its growth to both sides.
fn from_inside(
    instance: &mut Instance,
    term: Term,
    signs: Signs,
    parts: &[Guard],
) -> bool {
    let Some(variable) = only_variable(instance, term) else { return false };
    let domain = domain(instance, variable, parts);
    let half = Q::new(1.into(), 2.into());
    for at in [whole(0), whole(1), whole(-1), half, whole(2)] {
        let inside = domain.low.as_ref().is_none_or(|low| *low < at)
            && domain.high.as_ref().is_none_or(|high| at < *high);
        if !inside || crate::work::is_spent() {
            continue;
        }
        let there = value_at(instance, term, variable, &at);
        if !there.is_some_and(|found| found.are(signs)) {
            continue;
        }
        let terms = &mut instance.store.terms;
        let variable = terms.store(Op::Variable(variable));
        let at = terms.number(at);
        let gap = terms.sub(variable, at);
        let beside =
            [Signs::NEGATIVE, Signs::POSITIVE].into_iter().all(|side| {
                let mut parts = parts.to_vec();
                parts.push(Guard { term: gap, signs: side });
                by_growth(instance, term, signs, &parts, DEPTH)
            });
        if beside {
            return true;
        }
    }
    false
}

/// Returns the only variable of a smooth function.
fn only_variable(instance: &Instance, term: Term) -> Option<u32> {
    let terms = &instance.store.terms;
    let mut variables = BTreeSet::new();
    let mut plain = true;
    terms.visit(&[term], &mut |part| match terms.op(part) {
        Op::Variable(number) => {
            variables.insert(*number);
        }
        Op::Inner(..)
        | Op::Call(_)
        | Op::Cases(_)
        | Op::Absolute(_)
        | Op::Extremum(..)
        | Op::Integral(..) => plain = false,
        _ => {}
    });
    let mut variables = variables.into_iter();
    match (variables.next(), variables.next(), plain) {
        (Some(variable), None, true) => Some(variable),
        _ => None,
    }
}

/// Returns the domain of a variable on a part.
fn domain(instance: &Instance, variable: u32, parts: &[Guard]) -> Interval {
    let terms = &instance.store.terms;
    let normalizer = instance.normalizer_between(parts);
    let own = &terms.variables()[variable as usize].domain;
    normalizer.domains.get(&variable).unwrap_or(own).clone()
}

/// Returns whether the ring shows that a term has one of the signs on a part.
fn known(
    instance: &Instance,
    term: Term,
    signs: Signs,
    parts: &[Guard],
) -> bool {
    let mut normalizer = instance.normalizer_on(parts);
    normalizer.signs(term).is_ok_and(|found| found.are(signs))
}
