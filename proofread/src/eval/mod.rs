//! Evaluation of expressions to terms, at one choice of sizes and indices.
//!
//! Evaluation unfolds definitions, writes out sums and products over ranges,
//! and turns every free symbol into a variable or a vector.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `store` | the terms of a claim and their free variables |
//! | `symbols` | the values of symbols and functions |
//! | `apply` | calls of functions that have a definition |
//! | `large` | sizes that represent all larger ones |
//! | `powers` | powers with integer and other exponents |
//! | `calculus` | cases, extrema, derivatives, integrals |
//! | `covers` | the test that cases leave out no point |
//! | `trace` | sums over the entries of vectors |
//! | `theory` | densities and expectations |
//! | `whole` | expressions that are integers |

mod apply;
mod calculus;
mod covers;
mod large;
mod powers;
mod store;
mod symbols;
mod theory;
mod trace;
mod whole;

pub(crate) use calculus::signs_of;
pub(crate) use large::{LARGE, Large, running};
pub(crate) use store::{Key, Manner, Store, named};

use crate::expr::{Big, Expr, Function, Kind, Rewriting};
use crate::notation::Notation;
use crate::term::{Term, Value};
use crate::value::Trouble;

/// The largest number of expressions that one evaluation visits.
const STEPS: u32 = 200_000;
/// The largest depth of nested expressions and definitions.
const DEPTH: u32 = 200;

/// The state of an evaluation.
pub(crate) struct Eval<'a> {
    pub(crate) notation: &'a Notation,
    /// The definitions of the text that the notation does not contain.
    pub(crate) uses: Vec<&'a Rewriting>,
    pub(crate) store: &'a mut Store,
    /// The running indices, innermost last.
    pub(crate) indices: Vec<(String, i64)>,
    /// Values bound to symbols, such as the arguments of functions.
    pub(crate) overlay: Vec<(Key, Value)>,
    /// The symbols whose definitions are being evaluated.
    pending: Vec<Key>,
    steps: u32,
    depth: u32,
}

impl<'a> Eval<'a> {
    pub(crate) fn new(
        notation: &'a Notation,
        uses: &'a [Rewriting],
        store: &'a mut Store,
        indices: Vec<(String, i64)>,
    ) -> Self {
        let (overlay, pending) = (vec![], vec![]);
        let uses = uses.iter().filter(|used| !notation.says(used)).collect();
        Self {
            notation,
            uses,
            store,
            indices,
            overlay,
            pending,
            steps: 0,
            depth: 0,
        }
    }

    /// Evaluates an expression.
    pub(crate) fn value(&mut self, expr: &Expr) -> Result<Value, Trouble> {
        self.steps += 1;
        if self.steps > STEPS
            || self.depth > DEPTH
            || self.store.terms.is_full()
        {
            return Err(Trouble::Budget);
        }
        self.depth += 1;
        let value = self.compute(expr);
        self.depth -= 1;
        value
    }

    pub(crate) fn scalar(&mut self, expr: &Expr) -> Result<Term, Trouble> {
        self.value(expr)?.scalar()
    }

    fn compute(&mut self, expr: &Expr) -> Result<Value, Trouble> {
        let scalar = Value::Scalar;
        match &expr.kind {
            Kind::Number { digits, decimals } => {
                let under = num_bigint::BigInt::from(10).pow(*decimals);
                let value = crate::value::Q::new((*digits).into(), under);
                Ok(scalar(self.store.terms.number(value)))
            }
            Kind::Symbol(symbol) => self.symbol(symbol),
            Kind::Sum(terms) => {
                let mut total = Value::Scalar(self.store.terms.zero());
                for (minus, term) in terms {
                    let term = self.value(term)?;
                    let terms = &mut self.store.terms;
                    total = if *minus {
                        total.sub(&term, terms)?
                    } else {
                        total.add(&term, terms)?
                    };
                }
                Ok(total)
            }
            Kind::Product(factors) => {
                let mut total = Value::Scalar(self.store.terms.whole(1));
                for factor in factors {
                    let factor = self.value(factor)?;
                    total = total.times(&factor, &mut self.store.terms)?;
                }
                Ok(total)
            }
            Kind::Quotient(over, under) => {
                let over = self.value(over)?;
                let under = self.scalar(under)?;
                let terms = &mut self.store.terms;
                Ok(match over {
                    Value::Scalar(over) => scalar(terms.div(over, under)?),
                    Value::Vector(over) => {
                        Value::Vector(terms.divide_vector(&over, under)?)
                    }
                })
            }
            Kind::Power(base, exponent) => {
                self.power(base, exponent).map(scalar)
            }
            Kind::Root(inner) => {
                let inner = self.scalar(inner)?;
                self.store.terms.sqrt(inner).map(scalar)
            }
            Kind::Function(function, inner) => {
                let value = self.scalar(inner)?;
                let terms = &mut self.store.terms;
                if *function != Function::Log {
                    return terms.apply(*function, value).map(scalar);
                }
                let log = terms.log(value)?;
                theory::of_log(self, inner, log);
                Ok(scalar(log))
            }
            Kind::Big(big) => self.big(big),
            Kind::Norm(inner) => match self.value(inner)? {
                Value::Scalar(x) => Ok(scalar(self.store.terms.absolute(x))),
                Value::Vector(x) => self.store.terms.norm(&x).map(scalar),
            },
            Kind::Inner(a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                let terms = &mut self.store.terms;
                let (a, b) = (a.vector(terms)?, b.vector(terms)?);
                Ok(scalar(terms.inner(&a, &b)))
            }
            Kind::Normal(_)
            | Kind::Density(_)
            | Kind::Expectation(_)
            | Kind::Divergence(..) => theory::value(self, expr),
            Kind::OddRoot(degree, inner) => {
                let inner = self.scalar(inner)?;
                self.store.terms.root(*degree, inner).map(scalar)
            }
            Kind::Cases(cases) => self.cases(cases),
            Kind::Extremum(extremum) => self.extremum(extremum).map(scalar),
            Kind::Derivative(derivative) => self.derivative(derivative),
            Kind::Integral(integral) => self.integral(integral).map(scalar),
            Kind::Limit(_) => Err(Trouble::Unsupported(
                "a limit is decided where it is one side of an equation".into(),
            )),
            Kind::Entry(..) => Err(Trouble::Unsupported(
                "an entry of a vector outside of a sum over all entries".into(),
            )),
        }
    }

    /// Records that the indices and sizes in an expression are used as numbers.
    fn calculates_with(&mut self, expr: &Expr) {
        if self.store.large.is_none() {
            return;
        }
        expr.visit(&mut |e| {
            if let Kind::Symbol(symbol) = &e.kind
                && let Some(whole) = self.named_whole(&symbol.name)
                && let Some(large) = &mut self.store.large
            {
                large.number(whole);
            }
        });
    }

    fn big(&mut self, big: &Big) -> Result<Value, Trouble> {
        if let Some(sum) = self.over_entries(big)? {
            return Ok(Value::Scalar(sum));
        }
        let mut values = self.over_range(big)?;
        if values.is_empty() {
            let first = i64::from(big.product);
            return Ok(Value::Scalar(self.store.terms.whole(first)));
        }
        // Neighbours first, so that long numbers meet late and seldom.
        while values.len() > 1 {
            let terms = &mut self.store.terms;
            let pairs = values.chunks(2).map(|pair| match pair {
                [a, b] if big.product => a.times(b, terms),
                [a, b] => a.add(b, terms),
                one => Ok(one[0].clone()),
            });
            values = pairs.collect::<Result<_, _>>()?;
        }
        Ok(values.swap_remove(0))
    }

    /// Returns the values of the body of a sum or product, one for each index.
    fn over_range(&mut self, big: &Big) -> Result<Vec<Value>, Trouble> {
        let (from, to) = (self.whole(&big.from)?, self.whole(&big.to)?);
        if let Some(large) = &mut self.store.large {
            large.entry(from);
            large.entry(to);
        }
        if to.saturating_sub(from) > 10_000 {
            return Err(Trouble::Budget);
        }
        let mut values = vec![];
        for i in from..=to {
            self.indices.push((big.index.clone(), i));
            let value = self.value(&big.body);
            self.indices.pop();
            values.push(value?);
        }
        Ok(values)
    }

    /// Evaluates an expression with additional indices and symbols bound.
    pub(crate) fn inside(
        &mut self,
        bound: Vec<(String, i64)>,
        overlay: Vec<(Key, Value)>,
        expr: &Expr,
    ) -> Result<Value, Trouble> {
        let (before, below) = (self.indices.len(), self.overlay.len());
        self.indices.extend(bound);
        self.overlay.extend(overlay);
        let value = self.value(expr);
        self.indices.truncate(before);
        self.overlay.truncate(below);
        value
    }
}
