//! A claim at one choice of sizes and indices, as terms.

use super::given::given;
use super::points::Choice;
use crate::algebra::Normalizer;
use crate::claim::Claim;
use crate::eval::{Eval, Key, Manner, Store, signs_of};
use crate::expr::{Condition, Expr, Function};
use crate::term::{Guard, Op, Term, Terms, Value};
use crate::value::{Interval, Q, Signs, Trouble, whole};
use num_traits::Zero;

/// Symbols with values that stand for them.
pub(super) type Known = Vec<(Key, Value)>;

/// Both sides of a claim at one choice of sizes and indices.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) store: Store,
    pub(super) left: Result<Value, Trouble>,
    pub(super) right: Result<Value, Trouble>,
    /// The symbols that conditions give a value.
    pub(super) known: Known,
    /// What else must hold for the claim to apply.
    pub(super) guards: Vec<Guard>,
    /// Whether a condition is not met anywhere.
    vacuous: bool,
    /// The dimension of vectors, if it is not left open.
    pub(super) dimension: Option<i64>,
    /// Of a proportion, the quotient of its sides.
    pub(super) factor: Option<Term>,
}

/// What a term needs of one of its parts to have a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Obligation {
    pub(super) term: Term,
    /// The signs that the part may have.
    pub(super) signs: Signs,
    /// Of the base of a power, the exponent: a base may be 0 if the exponent is
    /// positive.
    pub(super) exponent: Option<Term>,
}

impl Instance {
    /// An equation of numbers, with the conditions under which it is claimed.
    pub(super) fn equation(
        store: Store,
        (left, right): (Term, Term),
        known: Known,
        met: Vec<(Term, Term, Signs)>,
    ) -> Self {
        let [left, right] = [left, right].map(|side| Ok(Value::Scalar(side)));
        Self::of(store, left, right, known, met)
    }

    /// The sides as terms.
    pub(super) fn new(
        claim: &Claim,
        choice: &Choice,
        manner: Manner,
    ) -> Result<Self, Trouble> {
        let mut store = choice.store(manner);
        let (known, conditions, needed) = given(claim, choice, &mut store)?;
        let mut value = |expr: &Expr| {
            let (notation, uses) = (&claim.notation, &claim.uses);
            let indices = choice.indices.clone();
            let mut eval = Eval::new(notation, uses, &mut store, indices);
            eval.overlay.extend(known.iter().cloned());
            eval.value(expr)
        };
        let left = value(&claim.left);
        let right = value(&claim.right);
        let met = guards(&conditions, value)?;
        let met = of_numbers(&mut store.terms, met)?;
        let mut instance = Self::of(store, left, right, known, met);
        instance.guards.extend(needed);
        Ok(instance)
    }

    fn of(
        store: Store,
        left: Result<Value, Trouble>,
        right: Result<Value, Trouble>,
        known: Known,
        met: Vec<(Term, Term, Signs)>,
    ) -> Self {
        let mut instance = Self {
            store,
            left,
            right,
            known,
            guards: vec![],
            vacuous: false,
            dimension: None,
            factor: None,
        };
        instance.meet(met);
        instance
    }

    /// Takes conditions to hold: the claim says nothing where they do not.
    fn meet(&mut self, conditions: Vec<(Term, Term, Signs)>) {
        let terms = &mut self.store.terms;
        for (a, b, signs) in conditions {
            let (a, b) = bare(terms, a, b, &mut self.guards);
            let term = if obligations(terms, &[a, b]).is_empty() {
                terms.bare_difference(a, b)
            } else {
                terms.sub(a, b)
            };
            match terms.as_number(term) {
                Some(number) => self.vacuous |= !Signs::of(number).are(signs),
                None => self.guards.push(Guard { term, signs }),
            }
        }
        for (term, domain) in &self.store.constraints {
            let number = self.store.terms.as_number(*term);
            self.vacuous |= number.is_some_and(|x| !domain.holds(x));
        }
    }

    /// A ring for its terms, on the part of the domain where the conditions
    /// hold.
    pub(super) fn normalizer(&self) -> Normalizer<'_> {
        self.normalizer_on(&[])
    }

    /// The same on the part of the domain where more conditions hold.
    pub(super) fn normalizer_on(&self, parts: &[Guard]) -> Normalizer<'_> {
        let mut normalizer = Normalizer::new(&self.store.terms);
        // First the domains of variables: generators take theirs from these.
        let mut open = vec![];
        for guard in self.guards.iter().chain(parts) {
            if !restrict(&mut normalizer, *guard) {
                open.push(*guard);
            }
        }
        let variable = self.store.terms.dimension_variable();
        if let (Some(d), Some(variable)) = (self.dimension, variable) {
            let at = Interval::point(&whole(d));
            normalizer.domains.insert(variable, at);
        }
        normalizer.assume(&open);
        normalizer
    }

    /// Whether it was shown that no point meets the conditions.
    pub(super) fn is_vacuous(&self) -> bool {
        let mut whole = Normalizer::new(&self.store.terms);
        let never = |guard: &Guard| {
            let signs = whole.signs(guard.term);
            signs.is_ok_and(|signs| signs.and(guard.signs) == Signs::NONE)
        };
        if self.vacuous || self.guards.iter().any(never) {
            return true;
        }
        let conditions = self.normalizer();
        conditions.domains.values().any(Interval::is_empty)
            || conditions.algebra.is_never_met()
    }

    /// All that the sides need to have values: of a side, what its divisions,
    /// roots and logarithms are of.
    pub(super) fn obligations(&self, of: &Value) -> Vec<Obligation> {
        obligations(&self.store.terms, &self.parts(of))
    }

    /// The terms that a value is made of.
    pub(super) fn parts(&self, of: &Value) -> Vec<Term> {
        let terms = &self.store.terms;
        match of {
            Value::Scalar(term) => vec![*term],
            Value::Vector(vector) => {
                let atoms = vector.iter();
                let inner = atoms.flat_map(|(a, _)| terms.atom_parts(a));
                vector.coefficients().chain(inner).collect()
            }
        }
    }
}

/// What is compared where exponentials or logarithms are: both grow. A condition
/// on logarithms is met only where they have values.
fn bare(
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

/// The sides of conditions, and the signs that their difference may have.
pub(super) fn guards(
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

/// The same with numbers as sides: vectors are equal where the square of their
/// distance is zero.
pub(super) fn of_numbers(
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

/// What terms need of their parts to have values.
pub(super) fn obligations(terms: &Terms, roots: &[Term]) -> Vec<Obligation> {
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
pub(super) fn outside_integrals(
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

/// Narrows the domain of a variable that a condition is about; tells whether it
/// is about one.
fn restrict(normalizer: &mut Normalizer, guard: Guard) -> bool {
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

/// The variable and the number of a difference `x - c` or `c - x`.
pub(super) fn bound(terms: &Terms, term: Term) -> Option<(u32, Q, bool)> {
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
    // x + c has its zero at -c, c - x at c.
    Some((number, if flips { constant } else { -constant }, flips))
}
