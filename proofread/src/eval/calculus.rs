//! Cases, extrema, derivatives and integrals.

use super::covers::{Bounded, covers};
use super::{Eval, Key, named};
use crate::algebra::Normalizer;
use crate::expr::{Condition, Derivative, Expr, Extremum, Integral, Symbol};
use crate::notation::Sort;
use crate::relation::Relation;
use crate::term::{Guard, Op, Term, Value, Variable};
use crate::value::{Interval, Signs, Trouble, whole};

/// A variable that stands for a symbol in a differentiated or minimised body.
struct Place {
    number: u32,
    domain: Interval,
    overlay: (Key, Value),
}

impl Eval<'_> {
    /// Evaluates a case distinction: the first case whose conditions hold.
    pub(super) fn cases(
        &mut self,
        cases: &[(Expr, Vec<Condition>)],
    ) -> Result<Value, Trouble> {
        // A case without a value leaves the whole a value where another applies.
        let maybe = |trouble: Trouble| {
            let why = "a case, or its condition, that has no value";
            let unsupported = Trouble::Unsupported(why.into());
            if trouble.is_undefined() { unsupported } else { trouble }
        };
        let (mut all, mut bounds) = (vec![], vec![]);
        for (value, conditions) in cases {
            let (mut guards, mut bounded) = (vec![], vec![]);
            // Conditions on integers are decided here, so cases that do not
            // apply need no value.
            match self.are_met(conditions) {
                Some(false) => continue,
                Some(true) if all.is_empty() => return self.value(value),
                Some(true) | None => {}
            }
            for (left, relation, right) in conditions {
                let Some(signs) = signs_of(*relation) else {
                    let why = "a case with a condition that is no comparison";
                    return Err(Trouble::Unsupported(why.into()));
                };
                let (left, right) = (
                    self.scalar(left).map_err(maybe)?,
                    self.scalar(right).map_err(maybe)?,
                );
                let terms = &mut self.store.terms;
                bounded.push(Bounded::new(terms, left, right, signs));
                let term = terms.sub(left, right);
                guards.push(Guard { term, signs });
            }
            bounds.push(bounded);
            all.push((guards, self.scalar(value).map_err(maybe)?));
        }
        if all.is_empty() {
            let why = "cases of which none applies";
            return Err(Trouble::Undefined(why));
        }
        if !covers(&bounds) {
            let why = "cases of which none may apply: write \\text{otherwise} in the \
                       last row";
            return Err(Trouble::Unsupported(why.into()));
        }
        Ok(Value::Scalar(self.store.terms.store(Op::Cases(all))))
    }

    /// Decides conditions on integers; returns `None` if a condition compares
    /// other numbers.
    fn are_met(&mut self, conditions: &[Condition]) -> Option<bool> {
        let mut met = true;
        for (left, relation, right) in conditions {
            let (a, b) = (self.whole(left).ok()?, self.whole(right).ok()?);
            self.calculates_with(left);
            self.calculates_with(right);
            let signs = signs_of(*relation)?;
            met &= Signs::of(&whole(a.checked_sub(b)?)).are(signs);
        }
        Some(met)
    }

    /// Returns the minimum or maximum of several values, or of a quadratic
    /// function.
    pub(super) fn extremum(
        &mut self,
        extremum: &Extremum,
    ) -> Result<Term, Trouble> {
        let Extremum { maximum, over, of } = extremum;
        let Some(symbol) = over else {
            let mut parts = vec![];
            for part in of {
                parts.push(self.scalar(part)?);
            }
            return Ok(self.store.terms.store(Op::Extremum(*maximum, parts)));
        };
        let [body] = of.as_slice() else {
            let why = "an extremum of several values over a symbol";
            return Err(Trouble::Unsupported(why.into()));
        };
        let place = self.variable(symbol)?;
        let body = self.inside(vec![], vec![place.overlay], body)?.scalar()?;
        self.of_quadratic(body, place.number, &place.domain, *maximum)
    }

    fn of_quadratic(
        &mut self,
        body: Term,
        number: u32,
        domain: &Interval,
        maximum: bool,
    ) -> Result<Term, Trouble> {
        let why = || {
            let why = "an extremum of a function that is not quadratic on all \
                       real numbers";
            Trouble::Unsupported(why.into())
        };
        let terms = &mut self.store.terms;
        let slope = terms.derivative(body, number)?;
        let bend = terms.derivative(slope, number)?;
        let third = terms.derivative(bend, number)?;
        let wanted = if maximum { Signs::NEGATIVE } else { Signs::POSITIVE };
        let mut normalizer = Normalizer::new(terms);
        let quadratic = normalizer.ratio(third)?.is_zero()
            && normalizer.signs(bend)?.are(wanted);
        if !quadratic || *domain != Interval::REALS {
            return Err(why());
        }
        // The slope is zero at -f'(0) / f''.
        let zero = terms.zero();
        let at_zero = terms.substituted(slope, number, zero)?;
        let at_zero = terms.neg(at_zero);
        let place = terms.div(at_zero, bend)?;
        terms.substituted(body, number, place)
    }

    /// Returns a derivative of a number, or a gradient.
    pub(super) fn derivative(
        &mut self,
        derivative: &Derivative,
    ) -> Result<Value, Trouble> {
        if derivative.gradient {
            return super::theory::gradient(self, derivative);
        }
        let place = self.variable(&derivative.by)?;
        let here = self.symbol(&derivative.by)?.scalar()?;
        let overlay = vec![place.overlay];
        let Value::Scalar(of) = self.inside(vec![], overlay, &derivative.of)?
        else {
            let why = "a derivative of a vector";
            return Err(Trouble::Unsupported(why.into()));
        };
        let terms = &mut self.store.terms;
        let mut term = of;
        for _ in 0..derivative.order {
            term = terms.derivative(term, place.number)?;
        }
        // Adding 0 · f makes the derivative undefined where f is undefined: 1/a
        // is the derivative of ln a only for positive a.
        let zero = terms.zero();
        let nothing = terms.mul(zero, of);
        let everywhere = terms.add(term, nothing);
        terms.substituted(everywhere, place.number, here).map(Value::Scalar)
    }

    /// Creates a new variable for a free symbol or a parameter, so that
    /// quantities outside the body do not depend on it.
    fn variable(&mut self, symbol: &Symbol) -> Result<Place, Trouble> {
        let indices = symbol.indices.iter().map(|i| self.whole(i));
        let indices = indices.collect::<Result<Vec<_>, _>>()?;
        let key = (symbol.name.clone(), indices);
        let is_parameter = self.overlay.iter().any(|(known, _)| *known == key);
        let declaration = self.notation.symbols.get(&symbol.id());
        let free = declaration.filter(|d| {
            d.sort == Sort::Scalar
                && symbol.arguments.is_empty()
                && (is_parameter || d.means.is_none())
        });
        let rewritten =
            self.uses.iter().any(|used| used.symbol.name == symbol.name);
        let Some(declaration) = free.filter(|_| is_parameter || !rewritten)
        else {
            let why = format!("{} is not a free quantity", symbol.name);
            return Err(Trouble::Unsupported(why));
        };
        let domain = declaration.domain.clone();
        let number = self.store.terms.new_variable(Variable {
            name: named(&key.0, &key.1),
            domain: domain.clone(),
            draw: declaration.draw.clone(),
        });
        let value = Value::Scalar(self.store.terms.store(Op::Variable(number)));
        Ok(Place { number, domain, overlay: (key, value) })
    }

    /// Returns an integral over a new variable.
    pub(super) fn integral(
        &mut self,
        integral: &Integral,
    ) -> Result<Term, Trouble> {
        let Integral { by, from, to, body } = integral;
        let (from, to) = (self.scalar(from)?, self.scalar(to)?);
        let number = self.store.terms.new_variable(Variable {
            name: format!("{}, integrated over", by.name),
            domain: Interval::REALS,
            draw: Interval::REALS.to_draw(),
        });
        let value = Value::Scalar(self.store.terms.store(Op::Variable(number)));
        let indices = by.indices.iter().map(|i| self.whole(i));
        let indices = indices.collect::<Result<Vec<_>, _>>()?;
        let overlay = vec![((by.name.clone(), indices), value)];
        let body = self.inside(vec![], overlay, body)?.scalar()?;
        Ok(self.store.terms.store(Op::Integral(number, [from, to, body])))
    }
}

/// Returns the signs of left minus right for which a comparison holds.
pub(crate) fn signs_of(relation: Relation) -> Option<Signs> {
    Some(match relation {
        Relation::Equal | Relation::Defines => Signs::ZERO,
        Relation::NotEqual => Signs::NOT_ZERO,
        Relation::Less => Signs::NEGATIVE,
        Relation::LessEqual => Signs::NOT_POSITIVE,
        Relation::Greater => Signs::POSITIVE,
        Relation::GreaterEqual => Signs::NOT_NEGATIVE,
        _ => return None,
    })
}
