//! The conditions under which a claim applies.

use crate::algebra::Normalizer;
use crate::eval::signs_of;
use crate::expr::{Condition, Expr, Function};
use crate::term::{Guard, Op, Term, Terms, Value};
use crate::value::{Interval, Q, Signs, Trouble};
use num_traits::Zero;

/// Returns the arguments of two exponentials or two logarithms, which compare
/// as the functions do, since both grow; any other terms unchanged. A condition
/// on logarithms is met only where they have values.
pub(super) fn bare(
    terms: &mut Terms,
    a: Term,
    b: Term,
    guards: &mut Vec<Guard>,
) -> (Term, Term) {
    if let (Op::Function(f, x), Op::Function(g, y)) = (terms.op(a), terms.op(b))
        && f == g
        && matches!(f, Function::Log | Function::Exp)
    {
        let (x, y, is_log) = (*x, *y, *f == Function::Log);
        if is_log {
            let signs = Signs::POSITIVE;
            guards.extend([x, y].map(|term| Guard { term, signs }));
        }
        return (x, y);
    }
    (a, b)
}

/// Returns the sides of conditions, and the signs that their difference may
/// have.
pub(crate) fn guards(
    conditions: &[&Condition],
    mut value: impl FnMut(&Expr) -> Result<Value, Trouble>,
) -> Result<Vec<(Value, Value, Signs)>, Trouble> {
    let mut all = vec![];
    for (a, relation, b) in conditions {
        let Some(signs) = signs_of(*relation) else {
            let why = "a condition that cannot be checked";
            return Err(Trouble::Unsupported(why.into()));
        };
        all.push((value(a)?, value(b)?, signs));
    }
    Ok(all)
}

/// Returns conditions with numbers as sides: vectors are equal where the square
/// of their distance is zero.
pub(crate) fn of_numbers(
    terms: &mut Terms,
    guards: Vec<(Value, Value, Signs)>,
) -> Result<Vec<(Term, Term, Signs)>, Trouble> {
    let mut all = vec![];
    for (a, b, signs) in guards {
        if let (Value::Scalar(a), Value::Scalar(b)) = (&a, &b) {
            all.push((*a, *b, signs));
            continue;
        }
        let signs = match signs {
            Signs::ZERO => Signs::ZERO,
            Signs::NOT_ZERO => Signs::POSITIVE,
            _ => {
                let why = "a condition that says which vector is larger";
                return Err(Trouble::Unsupported(why.into()));
            }
        };
        let (a, b) = (a.vector(terms)?, b.vector(terms)?);
        let gap = terms.sub_vectors(&a, &b);
        all.push((terms.inner(&gap, &gap), terms.zero(), signs));
    }
    Ok(all)
}

/// Narrows the domain of a variable that a condition is about; returns whether
/// the condition is about one variable.
pub(super) fn restrict(normalizer: &mut Normalizer, guard: Guard) -> bool {
    let Some((number, at, flips)) = bound(normalizer.terms, guard.term) else {
        return false;
    };
    let signs = if flips { guard.signs.flipped() } else { guard.signs };
    let part = match signs {
        Signs::POSITIVE => Interval::from(at, false),
        Signs::NOT_NEGATIVE => Interval::from(at, true),
        Signs::ZERO => Interval::point(&at),
        Signs::NEGATIVE | Signs::NOT_POSITIVE => Interval {
            high: Some(at),
            with_high: signs == Signs::NOT_POSITIVE,
            ..Interval::REALS
        },
        _ => return false,
    };
    let variable = &normalizer.terms.variables()[number as usize];
    let before = normalizer.domains.get(&number);
    let domain = before.unwrap_or(&variable.domain).meet(&part);
    normalizer.domains.insert(number, domain);
    true
}

/// Returns the variable and the number of a difference `x - c`, or, with true,
/// of `c - x`.
pub(crate) fn bound(terms: &Terms, term: Term) -> Option<(u32, Q, bool)> {
    let one = |term: Term| -> Option<(u32, bool)> {
        match terms.op(term) {
            Op::Variable(number) => Some((*number, false)),
            Op::Product(factors) => match factors.as_slice() {
                [a, b] => {
                    let factor = terms.as_number(*a)?;
                    let Op::Variable(number) = terms.op(*b) else {
                        return None;
                    };
                    let minus = *factor == crate::value::whole(-1);
                    minus.then_some((*number, true))
                }
                _ => None,
            },
            _ => None,
        }
    };
    if let Some((number, flips)) = one(term) {
        return Some((number, Q::zero(), flips));
    }
    let Op::Sum(parts) = terms.op(term) else { return None };
    let [a, b] = parts.as_slice() else { return None };
    let (number, flips) = one(*a)?;
    let constant = terms.as_number(*b)?.clone();
    // x + c is zero at -c, and c - x is zero at c.
    Some((number, if flips { constant } else { -constant }, flips))
}
