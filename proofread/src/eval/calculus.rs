//! Cases, extrema, derivatives and integrals.

use super::Eval;
use crate::algebra::{Normalizer, Signs};
use crate::expr::{Condition, Derivative, Expr, Extremum, Integral, Symbol};
use crate::notation::Interval;
use crate::relation::Relation;
use crate::term::{Guard, Op, Term, Variable};
use crate::value::{Trouble, Value};

impl Eval<'_> {
    /// The value of the first case whose conditions hold.
    pub(super) fn cases(
        &mut self,
        cases: &[(Expr, Vec<Condition>)],
    ) -> Result<Term, Trouble> {
        let mut all = vec![];
        for (value, conditions) in cases {
            let mut guards = vec![];
            for (left, relation, right) in conditions {
                let Some(signs) = signs_of(*relation) else {
                    let why = "a case with a condition that is no comparison";
                    return Err(Trouble::Unsupported(why.into()));
                };
                let (left, right) = (self.scalar(left)?, self.scalar(right)?);
                let term = self.store.terms.sub(left, right);
                guards.push(Guard { term, signs });
            }
            all.push((guards, self.scalar(value)?));
        }
        Ok(self.store.terms.store(Op::Cases(all)))
    }

    /// The least or largest of several values, or of a quadratic function.
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
        let (number, domain) = self.variable(symbol)?;
        let body = self.scalar(body)?;
        self.of_quadratic(body, number, &domain, *maximum)
    }

    fn of_quadratic(
        &mut self,
        body: Term,
        number: u32,
        domain: &Interval,
        maximum: bool,
    ) -> Result<Term, Trouble> {
        let why = || {
            let why = "an extremum of what is no quadratic function on all \
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

    /// A derivative; of a vector, that of its coefficients.
    pub(super) fn derivative(
        &mut self,
        derivative: &Derivative,
    ) -> Result<Value, Trouble> {
        let (number, _) = self.variable(&derivative.by)?;
        let Value::Scalar(of) = self.value(&derivative.of)? else {
            let why = "a derivative of a vector";
            return Err(Trouble::Unsupported(why.into()));
        };
        let terms = &mut self.store.terms;
        let mut term = of;
        for _ in 0..derivative.order {
            term = terms.derivative(term, number)?;
        }
        // Where a function has no value it has no derivative: 1/a is that of
        // ln a for positive a only.
        let zero = terms.zero();
        let nothing = terms.mul(zero, of);
        Ok(Value::Scalar(terms.add(term, nothing)))
    }

    /// The free quantity that a symbol stands for, and its domain.
    fn variable(
        &mut self,
        symbol: &Symbol,
    ) -> Result<(u32, Interval), Trouble> {
        let why = || {
            let name = &symbol.name;
            let why = format!("{name} is not a free quantity");
            Trouble::Unsupported(why)
        };
        let Value::Scalar(term) = self.symbol(symbol)? else {
            return Err(why());
        };
        let Op::Variable(number) = self.store.terms.op(term) else {
            return Err(why());
        };
        let variables = self.store.terms.variables();
        Ok((*number, variables[*number as usize].domain.clone()))
    }

    /// An integral over a variable of its own.
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

/// The signs that the difference of the sides of a comparison may have.
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
