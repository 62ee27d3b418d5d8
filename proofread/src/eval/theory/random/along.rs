//! The variables of a process in step order, also given some of them.

use super::super::density::{bridge, component, mixture};
use super::super::process::Chain;
use super::{Data, Randomness};
use crate::eval::{Eval, Manner};
use crate::term::{
    Argument, AtomKind, Call, Combination, Term, Unknown, Value,
};
use crate::value::{Q, Trouble};

/// Builds the variables of a process in step order, given some of them.
pub(super) fn along(
    eval: &mut Eval,
    name: &str,
    of: &[i64],
    given: &[i64],
) -> Result<Vec<Randomness>, Trouble> {
    if of.iter().any(|i| given.contains(i)) {
        let why = "a mean over what it is conditional on";
        return Err(Trouble::Unsupported(why.into()));
    }
    let notation = eval.notation;
    let chain = Chain::new(eval, notation, name)?;
    let (of, given) = (chain.places(of)?, chain.places(given)?);
    let mut known = vec![];
    for place in &given {
        let value = chain.value(eval, *place)?;
        known.push((*place, value));
    }
    let Some(first) = of.first() else {
        return Ok(vec![Randomness::default()]);
    };
    // A requested variable before every given one needs the start of the
    // process.
    let starts = given.first().is_none_or(|g| first < g);
    let mut parts = if starts {
        beginnings(eval, &chain, &known)?
    } else {
        vec![(Randomness::default(), None)]
    };
    let mut done = vec![];
    for (mut part, mut before) in parts.drain(..) {
        let family = &chain.process.variable;
        let last = of.last().copied().unwrap_or(0);
        let known_places = known.iter().map(|(place, _)| *place);
        let mut places: Vec<usize> = of
            .iter()
            .copied()
            .chain(known_places)
            .filter(|place| *place <= last)
            .collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            if let Some((_, value)) = known.iter().find(|(p, _)| *p == place) {
                before = Some((place, value.clone()));
                continue;
            }
            let value = match &before {
                Some((from, value)) if *from == place => value.clone(),
                Some((from, value)) => {
                    let (mean, variance) =
                        chain.between(eval, *from, place, value)?;
                    let right = known.iter().find(|(p, _)| *p > place);
                    let (mean, variance) = match right {
                        None => (mean, variance),
                        Some((right, value)) => bridge(
                            eval,
                            &chain,
                            (place, *right),
                            (mean, variance),
                            value,
                        )?,
                    };
                    part.gaussian(eval, &mean, variance)?
                }
                None => {
                    let why = "a variable without one before it";
                    return Err(Trouble::Unsupported(why.into()));
                }
            };
            let key = (family.clone(), vec![chain.index(place)]);
            part.overlay.push((key, Value::Vector(value.clone())));
            before = Some((place, value));
        }
        done.push(part);
    }
    Ok(done)
}

type Beginning = (Randomness, Option<(usize, Combination)>);

/// Builds the first variable of a process, given later ones.
fn beginnings(
    eval: &mut Eval,
    chain: &Chain,
    known: &[(usize, Combination)],
) -> Result<Vec<Beginning>, Trouble> {
    let mut part = Randomness::default();
    if let Some((mean, variance)) = chain.start(eval)? {
        let (mean, variance) = match known.first() {
            None => (mean, variance),
            Some((right, value)) => {
                bridge(eval, chain, (0, *right), (mean, variance), value)?
            }
        };
        let value = part.gaussian(eval, &mean, variance)?;
        return Ok(vec![(part, Some((0, value)))]);
    }
    if eval.store.manner != Manner::Any {
        return examples(eval, chain, known);
    }
    let family = chain.process.variable.clone();
    let number = eval.store.known.noises;
    eval.store.known.noises += 1;
    let kind = AtomKind::Free(format!("data {number}"));
    let atom = eval.store.terms.store_atom(kind);
    let (mean, condition) = match known.first() {
        None => {
            let name = format!("the mean of the data of {family}");
            (eval.store.terms.free_vector(&name), vec![])
        }
        Some((right, value)) => {
            let step = chain.steps(eval, 0, *right)?;
            let terms = &mut eval.store.terms;
            let offset = terms.sub_vectors(value, &step.shift);
            let arguments = vec![
                Argument::Scalar(step.gain),
                Argument::Scalar(step.variance),
                Argument::Vector(offset),
            ];
            let call = Call {
                function: Unknown::DataMean(family.clone()),
                arguments: arguments.clone(),
            };
            (eval.store.vector_call(call), arguments)
        }
    };
    part.data = Some(Data { atom, family, mean, condition });
    let value = eval.store.terms.vector_of(atom);
    Ok(vec![(part, Some((0, value)))])
}

/// Builds the data of an example: a mixture of two Gaussians, each with its
/// posterior weight given the known variables.
fn examples(
    eval: &mut Eval,
    chain: &Chain,
    known: &[(usize, Combination)],
) -> Result<Vec<Beginning>, Trouble> {
    let mut parts = vec![];
    let mut weights = vec![];
    for (name, weight, spread) in mixture() {
        let mut part = Randomness::default();
        let mean = eval.store.terms.free_vector(name);
        let variance = eval.store.terms.number(spread.clone());
        let weight = eval.store.terms.number(weight);
        let (mean, variance, weight) = match known.first() {
            None => (mean, variance, weight),
            Some((right, value)) => {
                let likelihood =
                    likelihood(eval, chain, *right, name, &spread, value)?;
                let weight = eval.store.terms.mul(weight, likelihood);
                let prior = (mean, variance);
                let (mean, variance) =
                    bridge(eval, chain, (0, *right), prior, value)?;
                (mean, variance, weight)
            }
        };
        let value = part.gaussian(eval, &mean, variance)?;
        weights.push(weight);
        parts.push((part, Some((0, value))));
    }
    let total = eval.store.terms.sum(&weights);
    for ((part, _), weight) in parts.iter_mut().zip(weights) {
        part.weight = Some(eval.store.terms.div(weight, total)?);
    }
    Ok(parts)
}

fn likelihood(
    eval: &mut Eval,
    chain: &Chain,
    right: usize,
    name: &str,
    spread: &Q,
    value: &Combination,
) -> Result<Term, Trouble> {
    let step = chain.steps(eval, 0, right)?;
    let offset = eval.store.terms.sub_vectors(value, &step.shift);
    let log = component(eval, name, spread, step.gain, step.variance, &offset)?;
    eval.store.terms.exp(log)
}
