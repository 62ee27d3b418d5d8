//! A claim at one choice of sizes and indices, as terms.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `conditions` | the conditions under which a claim applies |
//! | `obligations` | conditions for values of the sides, without integrands |

mod conditions;
mod obligations;

pub(super) use conditions::{bound, guards, of_numbers};
pub(super) use obligations::outside_integrals;

use super::given::given;
use super::points::Choice;
use crate::algebra::Normalizer;
use crate::claim::Claim;
use crate::eval::{Eval, Key, Manner, Store};
use crate::expr::Expr;
use crate::term::{Guard, Obligation, Term, Value};
use crate::value::{Interval, Signs, Trouble, whole};
use conditions::{bare, restrict};

/// Symbols with the values that replace them.
pub(super) type Known = Vec<(Key, Value)>;

/// Both sides of a claim at one choice of sizes and indices.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) store: Store,
    pub(super) left: Result<Value, Trouble>,
    pub(super) right: Result<Value, Trouble>,
    /// The symbols that conditions give a value.
    pub(super) known: Known,
    /// The other conditions under which the claim applies.
    pub(super) guards: Vec<Guard>,
    /// True if a condition is not met anywhere.
    vacuous: bool,
    /// The dimension of vectors, if it is fixed.
    pub(super) dimension: Option<i64>,
    /// The quotient of the sides of a proportion.
    pub(super) factor: Option<Term>,
}

impl Instance {
    /// Returns an equation of numbers, with the conditions under which it is
    /// claimed.
    pub(super) fn equation(
        store: Store,
        (left, right): (Term, Term),
        known: Known,
        met: Vec<(Term, Term, Signs)>,
    ) -> Self {
        let [left, right] = [left, right].map(|side| Ok(Value::Scalar(side)));
        Self::of(store, left, right, known, met)
    }

    /// Returns the sides of a claim as terms.
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

    /// Adds conditions: the claim says nothing where they do not hold.
    fn meet(&mut self, conditions: Vec<(Term, Term, Signs)>) {
        let terms = &mut self.store.terms;
        for (a, b, signs) in conditions {
            let (a, b) = bare(terms, a, b, &mut self.guards);
            let term = if terms.obligations(&[a, b]).is_empty() {
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

    /// Returns a ring for the terms, on the part of the domain where the
    /// conditions hold.
    pub(super) fn normalizer(&self) -> Normalizer<'_> {
        self.normalizer_on(&[])
    }

    /// Returns a ring for the terms, on the part where more conditions hold.
    pub(super) fn normalizer_on(&self, parts: &[Guard]) -> Normalizer<'_> {
        let (mut normalizer, open) = self.restricted(parts);
        normalizer.assume(&open);
        normalizer
    }

    /// Returns a ring for the terms, on all intervals between points where the
    /// conditions hold. Of the conditions it knows the bounds of single variables
    /// alone: a path between two such points may leave any other condition.
    pub(super) fn normalizer_between(&self, parts: &[Guard]) -> Normalizer<'_> {
        self.restricted(parts).0
    }

    /// Returns a ring whose variables have the domains that conditions leave, and
    /// the other conditions.
    fn restricted(&self, parts: &[Guard]) -> (Normalizer<'_>, Vec<Guard>) {
        let mut normalizer = Normalizer::new(&self.store.terms);
        // The domains of variables come first: generators take theirs from
        // these.
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
        (normalizer, open)
    }

    /// Returns whether it was shown that no point meets the conditions.
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

    /// Returns the conditions under which a side has a value: on its divisors,
    /// its radicands and the arguments of its logarithms.
    pub(super) fn obligations(&self, of: &Value) -> Vec<Obligation> {
        self.store.terms.obligations(&self.parts(of))
    }

    /// Returns the terms that a value is made of.
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
