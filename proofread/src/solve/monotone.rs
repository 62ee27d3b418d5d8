//! Inequalities by derivatives and by logarithms.
//!
//! A function of one variable that starts above zero, or at it, and grows is
//! positive. And `c ln u + v` has the sign of `u - exp(-v/c)`.

use super::instance::Instance;
use crate::algebra::Normalizer;
use crate::expr::Function;
use crate::term::{Guard, Op, Term};
use crate::value::{Interval, Q, Signs, whole};
use std::collections::BTreeSet;

/// How often a derivative is taken.
const DEPTH: u32 = 4;

/// Whether a term was shown to have one of the signs on a part of the domain.
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

/// By the value at a point inside of the domain, and growth to both sides.
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

/// The variable of a smooth function of one.
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

/// The domain of a variable on a part.
fn domain(instance: &Instance, variable: u32, parts: &[Guard]) -> Interval {
    let terms = &instance.store.terms;
    let normalizer = instance.normalizer_on(parts);
    let own = &terms.variables()[variable as usize].domain;
    normalizer.domains.get(&variable).unwrap_or(own).clone()
}

/// Of two positive products the logarithms tell which is larger.
pub(super) fn shown_by_logs(
    instance: &mut Instance,
    (left, right): (Term, Term),
    signs: Signs,
    parts: &[Guard],
) -> bool {
    let [Some(left), Some(right)] =
        [left, right].map(|side| log(instance, side, parts))
    else {
        return false;
    };
    let gap = instance.store.terms.bare_difference(left, right);
    by_summands(instance, gap, signs, parts)
}

/// The logarithm of a product of positive factors, as a sum.
fn log(instance: &mut Instance, of: Term, parts: &[Guard]) -> Option<Term> {
    match instance.store.terms.op(of).clone() {
        Op::Function(Function::Exp, inner) => Some(inner),
        Op::Product(factors) => {
            let mut logs = vec![];
            for factor in factors {
                logs.push(log(instance, factor, parts)?);
            }
            Some(instance.store.terms.sum(&logs))
        }
        _ if known(instance, of, Signs::POSITIVE, parts) => {
            instance.store.terms.log(of).ok()
        }
        _ => None,
    }
}

/// A sum of functions of different variables, one by one.
fn by_summands(
    instance: &mut Instance,
    term: Term,
    signs: Signs,
    parts: &[Guard],
) -> bool {
    // Numbers that are not zero may add up to zero.
    if signs == Signs::NOT_ZERO {
        return false;
    }
    let Op::Sum(summands) = instance.store.terms.op(term).clone() else {
        return false;
    };
    let mut groups: Vec<(BTreeSet<u32>, Vec<Term>)> = vec![];
    for summand in summands {
        let mut own = BTreeSet::new();
        let terms = &instance.store.terms;
        terms.visit(&[summand], &mut |part| {
            if let Op::Variable(number) = terms.op(part) {
                own.insert(*number);
            }
        });
        let (with, without): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|(names, _)| names.iter().any(|n| own.contains(n)));
        let mut joined = (own, vec![summand]);
        for (names, list) in with {
            joined.0.extend(names);
            joined.1.extend(list);
        }
        groups = without;
        groups.push(joined);
    }
    if groups.len() < 2 {
        return false;
    }
    groups.into_iter().all(|(_, list)| {
        let sum = instance.store.terms.sum(&list);
        known(instance, sum, signs, parts)
            || by_logarithm(instance, sum, signs, parts)
            || by_growth(instance, sum, signs, parts, DEPTH)
    })
}

fn known(
    instance: &Instance,
    term: Term,
    signs: Signs,
    parts: &[Guard],
) -> bool {
    let mut normalizer = instance.normalizer_on(parts);
    normalizer.signs(term).is_ok_and(|found| found.are(signs))
}

/// `ln u + v > 0` where `u > exp(-v)`.
fn by_logarithm(
    instance: &mut Instance,
    term: Term,
    signs: Signs,
    parts: &[Guard],
) -> bool {
    let Op::Sum(summands) = instance.store.terms.op(term).clone() else {
        return false;
    };
    let terms = &mut instance.store.terms;
    for (i, summand) in summands.iter().enumerate() {
        let (inner, minus) = match terms.op(*summand).clone() {
            Op::Function(Function::Log, inner) => (inner, false),
            Op::Product(factors) => match factors.as_slice() {
                [a, b] if terms.as_number(*a) == Some(&whole(-1)) => {
                    match terms.op(*b) {
                        Op::Function(Function::Log, inner) => (*inner, true),
                        _ => continue,
                    }
                }
                _ => continue,
            },
            _ => continue,
        };
        let mut rest = summands.clone();
        rest.remove(i);
        let rest = terms.sum(&rest);
        // ±ln u + v: compared is u with exp(∓v).
        let exponent = if minus { rest } else { terms.neg(rest) };
        let Ok(other) = terms.exp(exponent) else { continue };
        let gap = terms.sub(inner, other);
        let wanted = if minus { signs.flipped() } else { signs };
        if known(instance, gap, wanted, parts)
            || by_growth(instance, gap, wanted, parts, DEPTH)
        {
            return true;
        }
        return false;
    }
    false
}

/// By the value at one end of the domain and the sign of the derivative.
fn by_growth(
    instance: &mut Instance,
    term: Term,
    signs: Signs,
    parts: &[Guard],
    depth: u32,
) -> bool {
    // Growth keeps a function on one side of zero, and shows nothing else.
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
    // It must have a value, and so be smooth, on the whole domain.
    let needs = super::instance::obligations(terms, &[term]);
    let smooth = {
        let mut normalizer = instance.normalizer_on(parts);
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
    // From the lower end it must grow, to the upper end it must fall.
    for (end, included, flips) in [
        (&domain.low, domain.with_low, false),
        (&domain.high, domain.with_high, true),
    ] {
        let Some(end) = end else { continue };
        let Some(there) = value_at(instance, term, variable, end) else {
            continue;
        };
        // If the sign at the end is all that is wanted, the function may stay
        // there; if it is not, and the end is no point of the domain, the
        // function must leave it at once.
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

/// The signs of a term where a variable is at the end of its domain; nothing if
/// the term is not continuous there, for all to see.
fn value_at(
    instance: &mut Instance,
    term: Term,
    variable: u32,
    end: &Q,
) -> Option<Signs> {
    let terms = &mut instance.store.terms;
    let value = terms.number(end.clone());
    let there = terms.substituted(term, variable, value).ok()?;
    let mut normalizer = Normalizer::new(terms);
    let needs = super::instance::obligations(terms, &[there]);
    for need in needs {
        let found = normalizer.signs(need.term).ok()?;
        if !found.are(need.signs) {
            return None;
        }
    }
    // A power of zero is not continuous, nor what divides by it.
    let ratio = normalizer.ratio(there).ok()?;
    let found = normalizer.algebra.signs(&ratio);
    (found != Signs::NONE).then_some(found)
}

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
    known(instance, derivative, slope, parts)
        || by_growth(instance, derivative, slope, parts, depth - 1)
}
