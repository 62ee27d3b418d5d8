//! The domain and the conditions near a limit, and whether both sides of the
//! claim have values there.

use super::Domain;
use crate::claim::Limit;
use crate::solve::instance::{Instance, bound};
use crate::term::{Guard, Op, Term, Terms};
use crate::value::{Interval, Q, Signs, whole};

/// Returns whether a variable comes arbitrarily near to its limit within its
/// domain and the conditions.
pub(super) fn reaches(instance: &Instance, number: u32, limit: Limit) -> bool {
    let terms = &instance.store.terms;
    let mentions = |guard: &Guard| {
        bound(terms, guard.term).is_none()
            && depends(terms, &[guard.term], number)
    };
    if instance.guards.iter().any(mentions) {
        return false;
    }
    let normalizer = instance.normalizer();
    let own = &terms.variables()[number as usize].domain;
    let domain = normalizer.domains.get(&number).unwrap_or(own);
    let (low, high) = (domain.low.as_ref(), domain.high.as_ref());
    match limit {
        Limit::Infinity => high.is_none(),
        Limit::MinusInfinity => low.is_none(),
        Limit::Number(at) => {
            let at = whole(at);
            let wide = low.is_none() || high.is_none() || low < high;
            wide && low.is_none_or(|low| *low <= at)
                && high.is_none_or(|high| at <= *high)
        }
    }
}

/// Returns whether terms depend on a variable.
pub(in crate::solve) fn depends(
    terms: &Terms,
    of: &[Term],
    number: u32,
) -> bool {
    let mut found = false;
    terms.visit(of, &mut |part| {
        found |= matches!(terms.op(part), Op::Variable(n) if *n == number);
    });
    found
}

/// Returns whether both sides of the claim have values near the limit, on each
/// side of it that belongs to the domain.
pub(super) fn has_values(
    instance: &mut Instance,
    number: u32,
    limit: Limit,
) -> bool {
    let sides = [instance.left.clone(), instance.right.clone()];
    let needs: Vec<_> = sides
        .iter()
        .flatten()
        .flat_map(|side| instance.obligations(side))
        .collect();
    let terms = &mut instance.store.terms;
    let variable = terms.store(Op::Variable(number));
    let near: Vec<(Term, Signs)> = match limit {
        Limit::Infinity => {
            let large = terms.whole(1_000_000);
            vec![(terms.sub(variable, large), Signs::POSITIVE)]
        }
        Limit::MinusInfinity => {
            let large = terms.whole(-1_000_000);
            vec![(terms.sub(variable, large), Signs::NEGATIVE)]
        }
        Limit::Number(at) => {
            let little = Q::new(1.into(), 1000.into());
            let [low, high] = [whole(at) - &little, whole(at) + &little]
                .map(|end| terms.number(end));
            let at = terms.whole(at);
            let mut bound = |a, b| terms.sub(a, b);
            vec![
                (bound(variable, at), Signs::POSITIVE),
                (bound(variable, high), Signs::NEGATIVE),
                (bound(variable, at), Signs::NEGATIVE),
                (bound(variable, low), Signs::POSITIVE),
            ]
        }
    };
    near.chunks(2).all(|guards| {
        let parts: Vec<Guard> = guards
            .iter()
            .map(|(term, signs)| Guard { term: *term, signs: *signs })
            .collect();
        let mut normalizer = instance.normalizer_on(&parts);
        if normalizer.domains.values().any(Interval::is_empty) {
            return true;
        }
        needs.iter().all(|need| {
            let found = normalizer.signs(need.term);
            found.is_ok_and(|found| found.are(need.signs))
        })
    })
}

/// Returns a few points of the domain of all variables but one.
pub(super) fn some_points(
    terms: &Terms,
    but: u32,
    domain: &Domain,
) -> Vec<Domain> {
    let values = [1, 2, -1].map(whole);
    let half = Q::new(1.into(), 2.into());
    let mut points = vec![];
    for first in &values {
        let mut point = Domain::default();
        for (number, variable) in (0_u32..).zip(terms.variables()) {
            let all = [first, &half, &values[0], &values[2]];
            let own = domain.get(&number).unwrap_or(&variable.domain);
            let inside = all.into_iter().find(|x| own.holds(x));
            if let Some(inside) = inside.filter(|_| number != but) {
                point.insert(number, Interval::point(inside));
            }
        }
        points.push(point);
    }
    points
}

/// Returns the sides from which a variable can approach a number: true for
/// above, false for below.
pub(super) fn sides(
    instance: &Instance,
    domain: &Domain,
    number: u32,
    limit: Limit,
) -> Vec<bool> {
    let Limit::Number(at) = limit else { return vec![true] };
    let own = &instance.store.terms.variables()[number as usize].domain;
    let domain = domain.get(&number).unwrap_or(own);
    let at = whole(at);
    let mut sides = vec![];
    if domain.high.as_ref().is_none_or(|high| *high > at) {
        sides.push(true);
    }
    if domain.low.as_ref().is_none_or(|low| *low < at) {
        sides.push(false);
    }
    sides
}
