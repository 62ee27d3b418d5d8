//! Conditions under which the sides have values, without integrands.

use crate::algebra::Normalizer;
use crate::term::{Obligation, Op, Term};

/// Returns conditions under which terms have values, without those on an
/// integrand that were shown between the ends of an integral whose value the
/// ring has.
pub(crate) fn outside_integrals(
    normalizer: &mut Normalizer,
    roots: &[Term],
    mut needs: Vec<Obligation>,
) -> Vec<Obligation> {
    let terms = normalizer.terms;
    let mut integrals = vec![];
    terms.visit(roots, &mut |part| {
        if let Op::Integral(number, [from, to, _]) = terms.op(part) {
            integrals.push((part, *number, (*from, *to)));
        }
    });
    for (integral, number, ends) in integrals {
        if normalizer.ratio(integral).is_err() {
            continue;
        }
        needs.retain(|need| {
            let mut depends = false;
            terms.visit(&[need.term], &mut |part| {
                depends |=
                    matches!(terms.op(part), Op::Variable(n) if *n == number);
            });
            let met = depends
                && need.exponent.is_none()
                && normalizer
                    .holds_between(number, ends, need.term, need.signs);
            !met
        });
    }
    needs
}
