//! What terms need of their parts to have values.

use crate::algebra::Normalizer;
use crate::expr::Function;
use crate::term::{Op, Term, Terms};
use crate::value::Signs;

/// What a term needs of one of its parts to have a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Obligation {
    pub(crate) term: Term,
    /// The signs that the part may have.
    pub(crate) signs: Signs,
    /// Of the base of a power, the exponent: a base may be 0 if the exponent is
    /// positive.
    pub(crate) exponent: Option<Term>,
}

/// What terms need of their parts to have values.
pub(crate) fn obligations(terms: &Terms, roots: &[Term]) -> Vec<Obligation> {
    let mut all = vec![];
    let mut add = |term, signs, exponent| {
        let number = terms.as_number(term);
        if !number.is_some_and(|x| Signs::of(x).are(signs)) {
            all.push(Obligation { term, signs, exponent });
        }
    };
    terms.visit(roots, &mut |part| match terms.op(part) {
        Op::Quotient(_, b) => add(*b, Signs::NOT_ZERO, None),
        Op::Power(a, ..=0) => add(*a, Signs::NOT_ZERO, None),
        Op::Root(degree, a) if degree % 2 == 0 => {
            add(*a, Signs::NOT_NEGATIVE, None);
        }
        Op::Function(Function::Log, a) => add(*a, Signs::POSITIVE, None),
        Op::RealPower(a, b) => add(*a, Signs::POSITIVE, Some(*b)),
        _ => {}
    });
    all
}

/// What terms need to have values, without what was shown of an integrand
/// between the ends of an integral whose value the ring has.
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
