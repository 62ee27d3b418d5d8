//! Parts of a domain that are proved one by one.

use super::instance::{Instance, bound};
use crate::term::{Guard, Op, Term};
use crate::value::{Interval, Signs};

/// The parts into which a domain is cut at the zero of a term.
pub(super) type Cut = Vec<Guard>;

/// Returns a cut that may help: at the zero of a variable, or of a term in an
/// absolute value, an extremum or a case.
pub(super) fn cut(
    instance: &mut Instance,
    roots: &[Term],
    parts: &[Guard],
) -> Option<Cut> {
    let three = [Signs::NEGATIVE, Signs::ZERO, Signs::POSITIVE];
    let two = [Signs::NEGATIVE, Signs::NOT_NEGATIVE];
    let found = candidates(instance, roots);
    let terms = &instance.store.terms;
    // An integral is over all values of its variable, not over a part.
    let mut integrated = vec![];
    terms.visit(roots, &mut |part| {
        if let Op::Integral(number, _) = terms.op(part) {
            integrated.push(*number);
        }
    });
    let is_bound = |term: Term| bound(terms, term).map(|(number, ..)| number);
    let is_free = |term: Term| {
        let mut free = terms.obligations(&[term]).is_empty();
        terms.visit(&[term], &mut |part| {
            free &= !matches!(terms.op(part), Op::Variable(number)
                if integrated.contains(number));
        });
        free && parts.iter().all(|part| part.term != term)
    };
    let mut normalizer = instance.normalizer_on(parts);
    // A power takes another form where its base is 0.
    for base in &found.powers {
        if is_bound(*base).is_some_and(|n| !integrated.contains(&n))
            && normalizer.signs(*base).ok() == Some(Signs::NOT_NEGATIVE)
        {
            return Some(at(*base, &three));
        }
    }
    let mut open = |term: Term| {
        normalizer.signs(term).is_ok_and(|signs| {
            !signs.are(Signs::NOT_NEGATIVE) && !signs.are(Signs::NOT_POSITIVE)
        })
    };
    let first = found.parts.iter().find(|(term, _)| {
        is_bound(*term).is_some_and(|n| !integrated.contains(&n)) && open(*term)
    });
    if let Some((term, _)) = first {
        return Some(at(*term, &three));
    }
    let next = found.parts.iter().find(|(term, _)| {
        is_bound(*term).is_none() && is_free(*term) && open(*term)
    });
    if let Some((term, exact)) = next {
        return Some(at(*term, if *exact { &three } else { &two }));
    }
    let variable = found.variables.iter().find(|term| {
        is_bound(**term).is_some_and(|n| !integrated.contains(&n))
            && open(**term)
    });
    variable.map(|term| at(*term, &three))
}

fn at(term: Term, signs: &[Signs]) -> Cut {
    signs.iter().map(|signs| Guard { term, signs: *signs }).collect()
}

/// Terms whose signs may help.
struct Candidates {
    powers: Vec<Term>,
    /// The terms in an absolute value, an extremum or a case; true if the zero
    /// of the term is a part of its own.
    parts: Vec<(Term, bool)>,
    variables: Vec<Term>,
}

fn candidates(instance: &mut Instance, roots: &[Term]) -> Candidates {
    let (mut powers, mut variables) = (vec![], vec![]);
    let (mut parts, mut pairs) = (vec![], vec![]);
    let terms = &mut instance.store.terms;
    terms.visit(roots, &mut |part| match terms.op(part) {
        Op::Absolute(inner) => parts.push((*inner, false)),
        Op::Cases(cases) => {
            let guards = cases.iter().flat_map(|(guards, _)| guards);
            parts.extend(guards.map(|guard| (guard.term, true)));
        }
        Op::Extremum(_, of) => {
            for (i, a) in of.iter().enumerate() {
                pairs.extend(of[i + 1..].iter().map(|b| (*a, *b)));
            }
        }
        Op::RealPower(base, _) => powers.push(*base),
        Op::Variable(_) => variables.push(part),
        _ => {}
    });
    for (a, b) in pairs {
        parts.push((terms.sub(a, b), false));
    }
    Candidates { powers, parts, variables }
}

/// Returns whether a part of the domain obviously contains no point.
pub(super) fn is_empty(instance: &Instance, parts: &[Guard]) -> bool {
    instance.normalizer_on(parts).domains.values().any(Interval::is_empty)
}
