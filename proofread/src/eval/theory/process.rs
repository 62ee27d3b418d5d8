//! The steps of a process, single and composed.

pub(super) use super::mentions::{mentions, mentions_in_atom};

use super::far;
use crate::eval::Eval;
use crate::expr::{Expr, Kind, Normal, Variables};
use crate::notation::{Notation, Process};
use crate::term::{AtomKind, Combination, Term, Value};
use crate::value::Trouble;

/// The largest number of variables of a process.
const MANY: i64 = 64;

/// A variable given an earlier variable `x`: `a x + b + N(0, v I)`.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) gain: Term,
    pub(super) shift: Combination,
    pub(super) variance: Term,
}

/// A process at the sizes of a claim.
#[derive(Clone, Debug)]
pub(super) struct Chain<'a> {
    pub(super) name: String,
    pub(super) process: &'a Process,
    low: i64,
    high: i64,
}

/// Returns the concrete indices of a list of variables.
pub(super) fn expanded(
    eval: &mut Eval,
    variables: &[Variables],
) -> Result<Vec<i64>, Trouble> {
    let mut all = vec![];
    for variable in variables {
        let from = eval.whole(&variable.from)?;
        let to = match &variable.to {
            Some(to) => eval.whole(to)?,
            None => from,
        };
        if to.saturating_sub(from) > 100 {
            return Err(Trouble::Budget);
        }
        // Duplicates are dropped: at t = 1 both x_{t-1} and x_0 are x_0.
        for i in from..=to {
            if let Some(large) = &mut eval.store.large {
                large.entry(i);
            }
            if !all.contains(&i) {
                all.push(i);
            }
        }
    }
    Ok(all)
}

/// Counts the variables that a list names, with repetitions.
pub(super) fn count(
    eval: &Eval,
    variables: &[Variables],
) -> Result<usize, Trouble> {
    let mut count = 0;
    for variable in variables {
        let from = eval.whole(&variable.from)?;
        let to = variable.to.as_ref().map_or(Ok(from), |to| eval.whole(to))?;
        count += usize::try_from(to - from + 1).unwrap_or(0);
    }
    Ok(count)
}

impl<'a> Chain<'a> {
    /// Returns the process of a name.
    pub(super) fn new(
        eval: &Eval,
        notation: &'a Notation,
        name: &str,
    ) -> Result<Self, Trouble> {
        let Some(process) = notation.processes.get(name) else {
            let why = format!("unknown process {name}");
            return Err(Trouble::Unsupported(why));
        };
        let (low, high) =
            (eval.bound(&process.range.0), eval.bound(&process.range.1));
        let large = eval.store.large.is_some();
        if high < low || high - low > MANY && !large {
            return Err(Trouble::Budget);
        }
        Ok(Self { name: name.to_owned(), process, low, high })
    }

    /// Returns the index of the variable at a position in the step order.
    pub(super) fn index(&self, place: usize) -> i64 {
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        if self.process.backwards {
            self.high.saturating_sub(place)
        } else {
            self.low.saturating_add(place)
        }
    }

    /// Returns all indices in step order.
    pub(super) fn all(&self) -> Result<Vec<i64>, Trouble> {
        if self.high - self.low > MANY {
            return Err(Trouble::Budget);
        }
        let all = self.low..=self.high;
        Ok(if self.process.backwards {
            all.rev().collect()
        } else {
            all.collect()
        })
    }

    /// Returns the position of a variable in the step order.
    pub(super) fn place(&self, index: i64) -> Result<usize, Trouble> {
        let steps = if self.process.backwards {
            self.high.checked_sub(index)
        } else {
            index.checked_sub(self.low)
        };
        if (self.low..=self.high).contains(&index)
            && let Some(place) = steps.and_then(|s| usize::try_from(s).ok())
        {
            return Ok(place);
        }
        let family = &self.process.variable;
        let (first, last) = if self.process.backwards {
            (self.high, self.low)
        } else {
            (self.low, self.high)
        };
        Err(Trouble::OutOfRange(format!(
            "{} has {family}_{first} to {family}_{last} only",
            self.name
        )))
    }

    /// Returns the sorted positions of variables in the step order.
    pub(super) fn places(
        &self,
        indices: &[i64],
    ) -> Result<Vec<usize>, Trouble> {
        let places = indices.iter().map(|i| self.place(*i));
        let mut places = places.collect::<Result<Vec<_>, _>>()?;
        places.sort_unstable();
        Ok(places)
    }

    /// Returns the value of a variable at this place of the text.
    pub(super) fn value(
        &self,
        eval: &mut Eval,
        place: usize,
    ) -> Result<Combination, Trouble> {
        let key = (self.process.variable.clone(), vec![self.index(place)]);
        eval.look_up(key)?.vector(&eval.store.terms)
    }

    /// Returns the mean and variance of a variable given the one before it.
    pub(super) fn step_at(
        &self,
        eval: &mut Eval,
        place: usize,
        before: &Combination,
    ) -> Result<(Combination, Term), Trouble> {
        let normal = gaussian(&self.process.step)?;
        // The index of a step is the larger one, in either direction.
        let index = self.index(place).max(self.index(place - 1));
        let bound = vec![(self.process.index.clone(), index)];
        let key = (self.process.variable.clone(), vec![self.index(place - 1)]);
        let overlay = vec![(key, Value::Vector(before.clone()))];
        let mean = eval.inside(bound.clone(), overlay.clone(), &normal.mean)?;
        let variance = eval.inside(bound, overlay, &normal.variance)?;
        Ok((mean.vector(&eval.store.terms)?, variance.scalar()?))
    }

    /// Returns one step as an affine map with noise.
    pub(super) fn step(
        &self,
        eval: &mut Eval,
        place: usize,
    ) -> Result<Step, Trouble> {
        let kind = AtomKind::Free("the variable before".into());
        let atom = eval.store.terms.store_atom(kind);
        let before = eval.store.terms.vector_of(atom);
        let (mean, variance) = self.step_at(eval, place, &before)?;
        let gain = mean.coefficient(atom);
        let gain = gain.unwrap_or_else(|| eval.store.terms.zero());
        let shift = mean.without(atom);
        let rest = shift
            .iter()
            .any(|(other, _)| mentions_in_atom(&eval.store.terms, other, atom));
        let coefficients: Vec<Term> =
            mean.coefficients().chain([variance]).collect();
        if rest || mentions(&eval.store.terms, &coefficients, atom) {
            let why = "several steps whose mean is not affine in the variable \
                       before have no density in closed form";
            return Err(Trouble::Unsupported(why.into()));
        }
        Ok(Step { gain, shift, variance })
    }

    /// Returns the first part of a composed step, and the position where it
    /// ends: the identity for few steps, or a formula by induction for many
    /// steps. The caller composes the remaining steps one by one.
    fn begun(
        &self,
        eval: &mut Eval,
        from: usize,
        to: usize,
    ) -> Result<(Step, usize), Trouble> {
        if to - from <= 64 {
            let none = Step {
                gain: eval.store.terms.whole(1),
                shift: Combination::zero(),
                variance: eval.store.terms.zero(),
            };
            return Ok((none, from));
        }
        let large = eval.store.large.as_ref();
        let cut = large.and_then(|large| large.cut(self.index(to)));
        let (Some(cut), 0, false) = (cut, from, self.process.backwards) else {
            return Err(Trouble::Budget);
        };
        let place = self.place(cut)?;
        Ok((far::steps(self, eval, place)?, place))
    }

    /// Composes the steps from one position to a later one.
    pub(super) fn steps(
        &self,
        eval: &mut Eval,
        from: usize,
        to: usize,
    ) -> Result<Step, Trouble> {
        let (mut all, start) = self.begun(eval, from, to)?;
        for place in start + 1..=to {
            let next = self.step(eval, place)?;
            let terms = &mut eval.store.terms;
            let moved = terms.scale_vector(next.gain, &all.shift);
            let square = terms.power(next.gain, 2)?;
            let kept = terms.mul(square, all.variance);
            all = Step {
                gain: terms.mul(next.gain, all.gain),
                shift: terms.add_vectors(&moved, &next.shift),
                variance: terms.add(kept, next.variance),
            };
        }
        Ok(all)
    }

    /// Returns the mean and variance of a variable given an earlier one.
    pub(super) fn between(
        &self,
        eval: &mut Eval,
        from: usize,
        to: usize,
        before: &Combination,
    ) -> Result<(Combination, Term), Trouble> {
        if to == from + 1 {
            return self.step_at(eval, to, before);
        }
        let step = self.steps(eval, from, to)?;
        let terms = &mut eval.store.terms;
        let moved = terms.scale_vector(step.gain, before);
        Ok((terms.add_vectors(&moved, &step.shift), step.variance))
    }

    /// Returns the Gaussian at the start of the process, or `None` if the
    /// process declares no start.
    pub(super) fn start(
        &self,
        eval: &mut Eval,
    ) -> Result<Option<(Combination, Term)>, Trouble> {
        let Some(start) = &self.process.start else { return Ok(None) };
        let normal = gaussian(start)?;
        let bound = vec![(self.process.index.clone(), self.index(0))];
        let mean = eval.inside(bound.clone(), vec![], &normal.mean)?;
        let variance = eval.inside(bound, vec![], &normal.variance)?;
        Ok(Some((mean.vector(&eval.store.terms)?, variance.scalar()?)))
    }
}

fn gaussian(expr: &Expr) -> Result<&Normal, Trouble> {
    match &expr.kind {
        Kind::Normal(normal) => Ok(normal),
        _ => Err(Trouble::Unsupported("a step that is no Gaussian".into())),
    }
}
