//! The terms of a claim at one choice of sizes and indices, and the values of
//! its symbols.

use super::Large;
use super::theory::Known;
use crate::notation::{Declaration, Sort};
use crate::term::Value;
use crate::term::{
    Argument, AtomKind, Call, Combination, Op, Term, Terms, Unknown, Variable,
};
use crate::value::{Interval, Q, Trouble, whole};
use rustc_hash::FxHashMap as HashMap;
use std::collections::BTreeMap;

/// A symbol at concrete indices.
pub(crate) type Key = (String, Vec<i64>);

/// The meaning of functions without a definition, and of unspecified data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Any function or distribution: a proof holds for all of them.
    Any,
    /// Polynomials with coefficients from this seed, of degree 1 if `affine`
    /// and 2 otherwise, and a mixture of two Gaussians: an example to find
    /// counterexamples with.
    Example { seed: u64, affine: bool },
}

/// The terms of a claim and its symbols.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) terms: Terms,
    pub(crate) sizes: BTreeMap<String, i64>,
    pub(crate) manner: Manner,
    /// The record of large sizes that represent all larger ones.
    pub(crate) large: Option<Large>,
    /// The values of symbols at concrete indices.
    pub(crate) table: HashMap<Key, Value>,
    /// The constraints on defined symbols: each lies in its domain.
    pub(crate) constraints: Vec<(Term, Interval)>,
    /// The bases of fractional powers. Conventions for powers of negative bases
    /// differ, so a point with a negative base refutes nothing.
    pub(crate) not_negative: Vec<Term>,
    /// The facts known about the processes.
    pub(crate) known: Known,
}

impl Store {
    pub(crate) fn new(sizes: BTreeMap<String, i64>, manner: Manner) -> Self {
        Self {
            terms: Terms::default(),
            sizes,
            manner,
            large: None,
            table: HashMap::default(),
            constraints: vec![],
            not_negative: vec![],
            known: Known::default(),
        }
    }

    /// Returns a variable or a vector for a symbol without a definition.
    pub(crate) fn free(
        &mut self,
        declaration: &Declaration,
        key: &Key,
    ) -> Value {
        if let Some(known) = self.table.get(key) {
            return known.clone();
        }
        let name = named(&key.0, &key.1);
        let value = match declaration.sort {
            Sort::Scalar => {
                let number = self.terms.new_variable(Variable {
                    name,
                    domain: declaration.domain.clone(),
                    draw: declaration.draw.clone(),
                });
                Value::Scalar(self.terms.store(Op::Variable(number)))
            }
            Sort::Vector => Value::Vector(self.terms.free_vector(&name)),
        };
        self.table.insert(key.clone(), value.clone());
        value
    }

    /// Returns the value of a function without a definition.
    pub(crate) fn unknown(
        &mut self,
        declaration: &Declaration,
        indices: &[i64],
        arguments: Vec<Argument>,
    ) -> Result<Value, Trouble> {
        let name = named(&declaration.name, indices);
        if let Manner::Example { seed, affine } = self.manner {
            let sort = declaration.sort;
            let value = self.example(&name, sort, &arguments, seed, affine)?;
            return match value {
                Value::Scalar(term) => {
                    let own = self.within(term, &declaration.domain)?;
                    Ok(Value::Scalar(own))
                }
                vector @ Value::Vector(_) => Ok(vector),
            };
        }
        let function = Unknown::Open(format!("{name}/{}", arguments.len()));
        if declaration.domain != Interval::REALS {
            self.terms.set_range(&function, &declaration.domain);
        }
        let call = Call { function, arguments };
        Ok(match declaration.sort {
            Sort::Scalar => Value::Scalar(self.terms.store(Op::Call(call))),
            Sort::Vector => Value::Vector(self.vector_call(call)),
        })
    }

    /// Maps any number into a domain, so that an example function satisfies its
    /// declared range. The result may be near each end of the domain.
    fn within(&mut self, of: Term, domain: &Interval) -> Result<Term, Trouble> {
        let fraction = |top: i64, of: i64| Q::new(top.into(), of.into());
        let square = self.terms.power(of, 2)?;
        let least = self.terms.number(fraction(1, 100));
        let positive = self.terms.add(least, square);
        match (&domain.low, &domain.high) {
            (None, None) => Ok(of),
            (Some(low), None) => {
                let low = self.terms.number(low.clone());
                Ok(self.terms.add(low, positive))
            }
            (None, Some(high)) => {
                let high = self.terms.number(high.clone());
                Ok(self.terms.sub(high, positive))
            }
            (Some(low), Some(high)) => {
                // The value of x/(1 + x²) lies between -1/2 and 1/2.
                let one = self.terms.whole(1);
                let below = self.terms.add(one, square);
                let share = self.terms.div(of, below)?;
                let middle =
                    self.terms.number((low + high) / Q::from_integer(2.into()));
                let gap = self.terms.number((high - low) * fraction(99, 100));
                let away = self.terms.mul(gap, share);
                Ok(self.terms.add(middle, away))
            }
        }
    }

    /// Returns the vector that a function call stands for.
    pub(crate) fn vector_call(&mut self, call: Call) -> Combination {
        let atom = self.terms.store_atom(AtomKind::Call(call));
        self.terms.vector_of(atom)
    }

    /// Returns a random polynomial in the arguments. Numeric arguments select
    /// the polynomial, as a timestep selects a network.
    fn example(
        &mut self,
        name: &str,
        sort: Sort,
        arguments: &[Argument],
        seed: u64,
        affine: bool,
    ) -> Result<Value, Trouble> {
        let mut key = format!("{name}/{}", arguments.len());
        for argument in arguments {
            if let Argument::Scalar(term) = argument
                && let Some(number) = self.terms.as_number(*term)
            {
                key = format!("{key}, {number}");
            }
        }
        let mut rng = fastrand::Rng::with_seed(seed ^ crate::value::hash(&key));
        let mut coefficient = move || {
            let sign = if rng.bool() { 1 } else { -1 };
            Q::new((sign * rng.i64(1..=5)).into(), 4.into())
        };
        let mut terms: Vec<Term> = vec![];
        let mut vector = Combination::zero();
        let constant = self.terms.number(coefficient());
        terms.push(constant);
        if sort == Sort::Vector {
            let along = self.terms.free_vector(&format!("{key}: at 0"));
            vector = self.terms.add_vectors(&vector, &along);
        }
        for (i, argument) in arguments.iter().enumerate() {
            let along = format!("{key}: along {i}");
            // The linear and the quadratic part in this argument, as numbers.
            let parts = match argument {
                Argument::Scalar(x) if self.terms.as_number(*x).is_some() => {
                    continue;
                }
                Argument::Scalar(x) => {
                    let square = self.terms.power(*x, 2)?;
                    [*x, square]
                }
                Argument::Vector(x) => {
                    let direction = self.terms.free_vector(&along);
                    let linear = self.terms.inner(&direction, x);
                    let square = self.terms.inner(x, x);
                    if sort == Sort::Vector {
                        let gain = self.terms.number(coefficient());
                        let moved = self.terms.scale_vector(gain, x);
                        vector = self.terms.add_vectors(&vector, &moved);
                    }
                    [linear, square]
                }
            };
            let both = if affine { &parts[..1] } else { &parts[..] };
            for (k, part) in both.iter().enumerate() {
                // An affine map of a vector only scales and translates the
                // vector.
                let is_vector = matches!(argument, Argument::Vector(_));
                if sort == Sort::Vector && affine && is_vector {
                    continue;
                }
                let factor = self.terms.number(coefficient());
                let part = self.terms.mul(factor, *part);
                match sort {
                    Sort::Scalar => terms.push(part),
                    Sort::Vector => {
                        let name = format!("{along}, degree {k}");
                        let along = self.terms.free_vector(&name);
                        let along = self.terms.scale_vector(part, &along);
                        vector = self.terms.add_vectors(&vector, &along);
                    }
                }
            }
        }
        Ok(match sort {
            Sort::Scalar => Value::Scalar(self.terms.sum(&terms)),
            Sort::Vector => Value::Vector(vector),
        })
    }

    /// Returns the dimension of vectors: the size `d` if chosen, else a
    /// symbolic dimension.
    pub(crate) fn dimension(&mut self) -> Term {
        match self.sizes.get("d") {
            Some(d) => self.terms.number(whole(*d)),
            None => self.terms.dimension(),
        }
    }
}

/// Returns a name with its indices, as LaTeX.
pub(crate) fn named(name: &str, indices: &[i64]) -> String {
    if indices.is_empty() {
        return name.to_owned();
    }
    let indices: Vec<String> = indices.iter().map(i64::to_string).collect();
    format!("{name}_{{{}}}", indices.join(","))
}
