//! Signs of sums of functions of different variables, one by one.

use super::growth::by_growth;
use super::logs::by_logarithm;
use super::{DEPTH, known};
use crate::solve::instance::Instance;
use crate::term::{Guard, Op, Term};
use crate::value::Signs;
use std::collections::BTreeSet;

/// Returns whether a sum of functions of different variables has one of the
/// signs because each of the functions has.
pub(super) fn by_summands(
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
