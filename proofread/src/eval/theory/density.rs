//! Densities of variables of a process, joint and conditional.

use super::gaussian::{self, Gaussian};
use super::process::{Chain, count, expanded};
use crate::eval::{Eval, Manner};
use crate::expr::Density;
use crate::term::{Argument, Call, Combination, Op, Term, Unknown, Value};
use crate::value::{Q, Trouble, whole};

/// Returns `ln q(a, b | c)`: the log-density of all variables minus the
/// log-density of the condition.
pub(super) fn log_density(
    eval: &mut Eval,
    density: &Density,
) -> Result<Term, Trouble> {
    let of = expanded(eval, &density.of)?;
    if of.len() < count(eval, &density.of)? {
        let why = "a density of a variable twice";
        return Err(Trouble::Unsupported(why.into()));
    }
    let given = expanded(eval, &density.given)?;
    if of.iter().any(|i| given.contains(i)) || of.is_empty() {
        let why = "a density of a variable that it is conditional on";
        return Err(Trouble::Unsupported(why.into()));
    }
    let notation = eval.notation;
    let chain = Chain::new(eval, notation, &density.name)?;
    let all: Vec<i64> = of.iter().chain(&given).copied().collect();
    let (all, given) = (chain.places(&all)?, chain.places(&given)?);
    // If the condition contains the first variable, its density cancels.
    let shared = all.first() == given.first();
    let joint = log_joint(eval, &chain, &all, shared)?;
    let condition = log_joint(eval, &chain, &given, shared)?;
    Ok(eval.store.terms.sub(joint, condition))
}

/// Returns the log of the joint density of variables, or the log-density of all
/// but the first given the first.
fn log_joint(
    eval: &mut Eval,
    chain: &Chain,
    places: &[usize],
    without_first: bool,
) -> Result<Term, Trouble> {
    let mut logs = vec![];
    let mut before: Option<(usize, Combination)> = None;
    for place in places {
        let value = chain.value(eval, *place)?;
        match &before {
            None if without_first => {}
            None => logs.push(log_marginal(eval, chain, *place, &value)?),
            Some((from, known)) => {
                let (mean, variance) =
                    chain.between(eval, *from, *place, known)?;
                let store = &mut *eval.store;
                logs.push(gaussian::log_density(
                    store, &value, &mean, variance,
                )?);
            }
        }
        before = Some((*place, value));
    }
    Ok(eval.store.terms.sum(&logs))
}

/// Returns the log of the marginal density of one variable.
fn log_marginal(
    eval: &mut Eval,
    chain: &Chain,
    place: usize,
    at: &Combination,
) -> Result<Term, Trouble> {
    if let Some((mean, variance)) = chain.start(eval)? {
        let (mean, variance) = match chain.steps(eval, 0, place) {
            Ok(step) => {
                let terms = &mut eval.store.terms;
                let moved = terms.scale_vector(step.gain, &mean);
                let square = terms.power(step.gain, 2)?;
                let kept = terms.mul(square, variance);
                let variance = terms.add(kept, step.variance);
                (terms.add_vectors(&moved, &step.shift), variance)
            }
            Err(Trouble::Unsupported(why)) => {
                return unknown_marginal(eval, chain, place, at, why);
            }
            Err(trouble) => return Err(trouble),
        };
        return gaussian::log_density(eval.store, at, &mean, variance);
    }
    let step = chain.steps(eval, 0, place)?;
    let at = eval.store.terms.sub_vectors(at, &step.shift);
    let family = chain.process.variable.clone();
    data_log_density(eval, family, step.gain, step.variance, &at)
}

/// Returns an unknown log-density for a variable without a closed-form density.
fn unknown_marginal(
    eval: &mut Eval,
    chain: &Chain,
    place: usize,
    at: &Combination,
    why: String,
) -> Result<Term, Trouble> {
    let variable = &chain.process.variable;
    let changed = eval.overlay.iter().any(|((name, _), _)| name != variable);
    if changed || eval.store.manner != Manner::Any {
        return Err(Trouble::Unsupported(why));
    }
    let name = format!("{}, {}", chain.name, chain.index(place));
    let call = Call {
        function: Unknown::LogDensity(name),
        arguments: vec![Argument::Vector(at.clone())],
    };
    Ok(eval.store.terms.store(Op::Call(call)))
}

/// Returns the two Gaussians of the mixture that serves as example data: the
/// name of the mean, the weight, and the variance of each.
pub(super) fn mixture() -> [(&'static str, Q, Q); 2] {
    let q = |a: i64, b: i64| Q::new(a.into(), b.into());
    [
        ("first mean of the data", q(1, 4), q(1, 2)),
        ("second mean of the data", q(3, 4), whole(2)),
    ]
}

/// Returns the log of the density of `a x_0 + N(0, v I)`.
fn data_log_density(
    eval: &mut Eval,
    family: String,
    gain: Term,
    variance: Term,
    at: &Combination,
) -> Result<Term, Trouble> {
    if eval.store.manner == Manner::Any {
        let call = Call {
            function: Unknown::DataLogDensity(family),
            arguments: vec![
                Argument::Scalar(gain),
                Argument::Scalar(variance),
                Argument::Vector(at.clone()),
            ],
        };
        return Ok(eval.store.terms.store(Op::Call(call)));
    }
    let mut densities = vec![];
    for (name, weight, spread) in mixture() {
        let log = component(eval, name, &spread, gain, variance, at)?;
        let terms = &mut eval.store.terms;
        let density = terms.exp(log)?;
        let weight = terms.number(weight);
        densities.push(terms.mul(weight, density));
    }
    let sum = eval.store.terms.sum(&densities);
    eval.store.terms.log(sum)
}

/// Returns the log-density of `a x_0 + N(0, v I)` for Gaussian data `x_0`.
pub(super) fn component(
    eval: &mut Eval,
    name: &str,
    spread: &Q,
    gain: Term,
    variance: Term,
    at: &Combination,
) -> Result<Term, Trouble> {
    let terms = &mut eval.store.terms;
    let mean = terms.free_vector(name);
    let mean = terms.scale_vector(gain, &mean);
    let square = terms.power(gain, 2)?;
    let spread = terms.number(spread.clone());
    let kept = terms.mul(square, spread);
    let variance = terms.add(kept, variance);
    gaussian::log_density(eval.store, at, &mean, variance)
}

/// Returns the mean and variance of one variable given others, if its
/// conditional distribution is Gaussian.
pub(super) fn moments(
    eval: &mut Eval,
    density: &Density,
) -> Result<Gaussian, Trouble> {
    let of = expanded(eval, &density.of)?;
    let given = expanded(eval, &density.given)?;
    let [of] = of.as_slice() else {
        let why = "a divergence between densities of several variables";
        return Err(Trouble::Unsupported(why.into()));
    };
    if given.contains(of) {
        let why = "a density of a variable that it is conditional on";
        return Err(Trouble::Unsupported(why.into()));
    }
    let notation = eval.notation;
    let chain = Chain::new(eval, notation, &density.name)?;
    let place = chain.place(*of)?;
    let given = chain.places(&given)?;
    let left = given.iter().rfind(|g| **g < place).copied();
    let right = given.iter().find(|g| **g > place).copied();
    let (mean, variance) = if let Some(left) = left {
        let known = chain.value(eval, left)?;
        chain.between(eval, left, place, &known)?
    } else {
        let Some((mean, variance)) = chain.start(eval)? else {
            let why = "a divergence from what is no Gaussian, whatever \
                       the data";
            return Err(Trouble::Unsupported(why.into()));
        };
        let step = chain.steps(eval, 0, place)?;
        let terms = &mut eval.store.terms;
        let moved = terms.scale_vector(step.gain, &mean);
        let square = terms.power(step.gain, 2)?;
        let kept = terms.mul(square, variance);
        let mean = terms.add_vectors(&moved, &step.shift);
        (mean, terms.add(kept, step.variance))
    };
    let (mean, variance) = match right {
        None => (mean, variance),
        Some(right) => {
            let known = chain.value(eval, right)?;
            bridge(eval, &chain, (place, right), (mean, variance), &known)?
        }
    };
    Ok(Gaussian { mean: Value::Vector(mean), variance })
}

/// Conditions a Gaussian variable on a later variable of the process: the
/// precisions add.
pub(super) fn bridge(
    eval: &mut Eval,
    chain: &Chain,
    (place, right): (usize, usize),
    (mean, variance): (Combination, Term),
    known: &Combination,
) -> Result<(Combination, Term), Trouble> {
    let step = chain.steps(eval, place, right)?;
    let terms = &mut eval.store.terms;
    // v' = v w / (a² v + w), m' = (w m + a v (x - b)) / (a² v + w)
    let square = terms.power(step.gain, 2)?;
    let spread = terms.mul(square, variance);
    let total = terms.add(spread, step.variance);
    let offset = terms.sub_vectors(known, &step.shift);
    let weight = terms.mul(step.gain, variance);
    let from_right = terms.scale_vector(weight, &offset);
    let from_left = terms.scale_vector(step.variance, &mean);
    let sum = terms.add_vectors(&from_left, &from_right);
    let mean = terms.divide_vector(&sum, total)?;
    let over = terms.mul(variance, step.variance);
    Ok((mean, terms.div(over, total)?))
}
