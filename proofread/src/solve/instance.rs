//! A claim at one choice of sizes and indices, as terms.

use super::points::Choice;
use crate::algebra::{Normalizer, Q, Signs, whole};
use crate::claim::Claim;
use crate::eval::{Eval, Manner, Store, signs_of};
use crate::expr::Expr;
use crate::notation::Interval;
use crate::term::{Guard, Op, Term, Terms};
use crate::value::{Trouble, Value};
use num_traits::Zero;

/// Both sides of a claim at one choice of sizes and indices.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) store: Store,
    pub(super) left: Result<Value, Trouble>,
    pub(super) right: Result<Value, Trouble>,
    /// What must hold for the claim to apply.
    pub(super) guards: Vec<Guard>,
    /// The dimension of vectors, if it is not left open.
    pub(super) dimension: Option<i64>,
}

/// What a term needs of its parts to have a value.
pub(super) type Obligation = (Term, Signs);

impl Instance {
    /// The sides as terms.
    pub(super) fn new(
        claim: &Claim,
        choice: &Choice,
        manner: Manner,
    ) -> Result<Self, Trouble> {
        let mut store = Store::new(choice.sizes.clone(), manner);
        let value = |store: &mut Store, expr: &Expr| {
            let (notation, uses) = (&claim.notation, &claim.uses);
            let indices = choice.indices.clone();
            Eval::new(notation, uses, store, indices).value(expr)
        };
        let left = value(&mut store, &claim.left);
        let right = value(&mut store, &claim.right);
        let mut guards = vec![];
        for (a, relation, b) in &claim.conditions {
            let Some(signs) = signs_of(*relation) else {
                let why = "a condition that cannot be checked";
                return Err(Trouble::Unsupported(why.into()));
            };
            let a = value(&mut store, a)?.scalar()?;
            let b = value(&mut store, b)?.scalar()?;
            let term = store.terms.sub(a, b);
            if let Some(number) = store.terms.as_number(term) {
                if !Signs::of(number).are(signs) {
                    let why = "a condition that is not met here";
                    return Err(Trouble::OutOfRange(why.into()));
                }
                continue;
            }
            guards.push(Guard { term, signs });
        }
        let dimension = None;
        Ok(Self { store, left, right, guards, dimension })
    }

    /// A ring for its terms, on the part of the domain where the conditions
    /// hold, as far as these speak of one variable each.
    pub(super) fn normalizer(&self) -> Normalizer<'_> {
        let mut normalizer = Normalizer::new(&self.store.terms);
        for guard in &self.guards {
            restrict(&mut normalizer, *guard);
        }
        let variable = self.store.terms.dimension_variable();
        if let (Some(d), Some(variable)) = (self.dimension, variable) {
            let at = Interval::point(&whole(d));
            normalizer.domains.insert(variable, at);
        }
        normalizer
    }

    /// Whether no point meets the conditions, as far as these speak of one
    /// variable each.
    pub(super) fn is_vacuous(&self) -> bool {
        self.normalizer().domains.values().any(Interval::is_empty)
    }

    /// All that the sides need to have values: of a side, what its divisions,
    /// roots and logarithms are of.
    pub(super) fn obligations(&self, of: &Value) -> Vec<Obligation> {
        let terms = &self.store.terms;
        let roots: Vec<Term> = match of {
            Value::Scalar(term) => vec![*term],
            Value::Vector(vector) => {
                let atoms = vector.iter();
                let inner = atoms.flat_map(|(a, _)| terms.atom_parts(a));
                vector.coefficients().chain(inner).collect()
            }
        };
        obligations(terms, &roots)
    }
}

/// What terms need of their parts to have values.
pub(super) fn obligations(terms: &Terms, roots: &[Term]) -> Vec<Obligation> {
    let mut all = vec![];
    terms.visit(roots, &mut |part| match terms.op(part) {
        Op::Quotient(_, b) => all.push((*b, Signs::NOT_ZERO)),
        Op::Power(a, ..=0) => all.push((*a, Signs::NOT_ZERO)),
        Op::Root(degree, a) if degree % 2 == 0 => {
            all.push((*a, Signs::NOT_NEGATIVE));
        }
        Op::Function(crate::expr::Function::Log, a) | Op::RealPower(a, _) => {
            all.push((*a, Signs::POSITIVE));
        }
        _ => {}
    });
    all.retain(|(term, signs)| {
        let number = terms.as_number(*term);
        !number.is_some_and(|x| Signs::of(x).are(*signs))
    });
    all
}

/// Narrows the domain of a variable that a condition is about.
pub(super) fn restrict(normalizer: &mut Normalizer, guard: Guard) {
    let Some((number, at, flips)) = bound(normalizer.terms, guard.term) else {
        return;
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
        _ => return,
    };
    let variable = &normalizer.terms.variables()[number as usize];
    let before = normalizer.domains.get(&number);
    let domain = before.unwrap_or(&variable.domain).meet(&part);
    normalizer.domains.insert(number, domain);
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
                    let minus = *factor == crate::algebra::whole(-1);
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
