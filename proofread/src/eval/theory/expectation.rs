//! Expectations, term by term.

use super::moments::Means;
use super::random::{Randomness, randomness};
use crate::eval::{Eval, Manner};
use crate::expr::{Expectation, Expr, Over};
use crate::term::{Atom, AtomKind, Combination, Term, Value};
use crate::value::Trouble;

/// Evaluates an expectation.
pub(super) fn value(
    eval: &mut Eval,
    expectation: &Expectation,
) -> Result<Value, Trouble> {
    let index = expectation.over.iter().find_map(|over| match over {
        Over::Index(name, range) => Some((name.clone(), range.as_deref())),
        _ => None,
    });
    if let Some((index, range)) = index {
        return over_index(eval, expectation, &index, range);
    }
    let mut total: Option<Value> = None;
    for part in randomness(eval, expectation)? {
        let below = eval.overlay.len();
        eval.overlay.extend(part.overlay.iter().cloned());
        let body = eval.value(&expectation.body);
        eval.overlay.truncate(below);
        let mut mean = mean(eval, &part, &body?)?;
        for needed in &part.needed {
            mean = eval.kept(mean, &Value::Scalar(*needed))?;
        }
        let terms = &mut eval.store.terms;
        let mean = match part.weight {
            Some(weight) => mean.scaled(weight, terms),
            None => mean,
        };
        total = Some(match total {
            Some(total) => total.add(&mean, terms)?,
            None => mean,
        });
    }
    total.ok_or_else(|| Trouble::Unsupported("a mean over nothing".into()))
}

/// Returns the expectation over a uniformly distributed index.
fn over_index(
    eval: &mut Eval,
    expectation: &Expectation,
    index: &str,
    range: Option<&(Expr, Expr)>,
) -> Result<Value, Trouble> {
    let (low, high) = match (range, eval.notation.indices.get(index)) {
        (Some((low, high)), _) => (eval.whole(low)?, eval.whole(high)?),
        (None, Some((low, high))) => (eval.bound(low), eval.bound(high)),
        (None, None) => {
            let why = format!("the range of {index} is not known");
            return Err(Trouble::Unsupported(why));
        }
    };
    if let Some(large) = &mut eval.store.large {
        large.entry(low);
        large.entry(high);
        large.number(high);
    }
    if high < low || high - low > 1000 {
        return Err(Trouble::Budget);
    }
    let mut inner = expectation.clone();
    inner.over.retain(|o| !matches!(o, Over::Index(name, _) if name == index));
    let mut total: Option<Value> = None;
    for i in low..=high {
        eval.indices.push((index.to_owned(), i));
        let mean = if inner.over.is_empty() {
            eval.value(&inner.body)
        } else {
            value(eval, &inner)
        };
        eval.indices.pop();
        let mean = mean?;
        total = Some(match total {
            Some(total) => total.add(&mean, &mut eval.store.terms)?,
            None => mean,
        });
    }
    let total = total
        .ok_or_else(|| Trouble::Unsupported("a mean over nothing".into()))?;
    let share = crate::value::Q::new(1.into(), (high - low + 1).into());
    let share = eval.store.terms.number(share);
    Ok(total.scaled(share, &mut eval.store.terms))
}

fn mean(
    eval: &mut Eval,
    part: &Randomness,
    body: &Value,
) -> Result<Value, Trouble> {
    let dimension = eval.store.dimension();
    match body {
        Value::Scalar(term) => {
            let is_open = eval.store.manner == Manner::Any;
            let terms = &mut eval.store.terms;
            let mut means = Means::new(terms, part, dimension, is_open);
            means.of(*term).map(Value::Scalar)
        }
        Value::Vector(vector) => {
            let mut sum = Combination::zero();
            for (atom, coefficient) in vector.iter() {
                let part = along(eval, part, atom, coefficient, dimension)?;
                sum = eval.store.terms.add_vectors(&sum, &part);
            }
            Ok(Value::Vector(sum))
        }
    }
}

/// Returns the expectation of a vector times a number. The inner products with
/// an arbitrary vector determine the expectation of a random vector.
fn along(
    eval: &mut Eval,
    part: &Randomness,
    atom: Atom,
    coefficient: Term,
    dimension: Term,
) -> Result<Combination, Trouble> {
    let terms = &mut eval.store.terms;
    let any = terms.store_atom(AtomKind::Free("any direction".into()));
    let inner = terms.inner_of_atoms(any, atom);
    let product = terms.mul(coefficient, inner);
    let is_open = eval.store.manner == Manner::Any;
    let mut means = Means::new(terms, part, dimension, is_open);
    if !means.is_random_atom(atom) {
        let mean = means.of(coefficient)?;
        let vector = terms.vector_of(atom);
        return Ok(terms.scale_vector(mean, &vector));
    }
    let mut sum = Combination::zero();
    for (factors, coefficient) in means.of_terms(product)? {
        if factors.is_empty() {
            // The coefficient is 0 times a term that may be undefined. The
            // vector is then undefined, too.
            let hidden = means.terms.nowhere(coefficient);
            sum = means.terms.add_vectors(&sum, &hidden);
            continue;
        }
        let Some((atom, rest)) = means.direction(&factors, any) else {
            let why = "the mean of a vector has no closed form";
            return Err(Trouble::Unsupported(why.into()));
        };
        let all = [&[coefficient], rest.as_slice()].concat();
        let scale = means.terms.product(&all);
        let vector = means.terms.vector_of(atom);
        let scaled = means.terms.scale_vector(scale, &vector);
        sum = means.terms.add_vectors(&sum, &scaled);
    }
    Ok(sum)
}
