//! Means, term by term.

use super::moments::Means;
use super::random::{Randomness, randomness};
use crate::eval::Eval;
use crate::expr::Expectation;
use crate::term::{AtomKind, Combination};
use crate::value::{Trouble, Value};

/// The value of an expectation.
pub(super) fn value(
    eval: &mut Eval,
    expectation: &Expectation,
) -> Result<Value, Trouble> {
    let mut total: Option<Value> = None;
    for part in randomness(eval, expectation)? {
        let below = eval.overlay.len();
        eval.overlay.extend(part.overlay.iter().cloned());
        let body = eval.value(&expectation.body);
        eval.overlay.truncate(below);
        let mean = mean(eval, &part, &body?)?;
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

fn mean(
    eval: &mut Eval,
    part: &Randomness,
    body: &Value,
) -> Result<Value, Trouble> {
    let dimension = eval.store.dimension();
    match body {
        Value::Scalar(term) => {
            let mut means = Means::new(&mut eval.store.terms, part, dimension);
            means.of(*term).map(Value::Scalar)
        }
        // A vector is known by its inner products.
        Value::Vector(vector) => {
            let terms = &mut eval.store.terms;
            let kind = AtomKind::Free("any direction".into());
            let any = terms.store_atom(kind);
            let direction = terms.vector_of(any);
            let inner = terms.inner(&direction, vector);
            let mut means = Means::new(terms, part, dimension);
            let mut sum = Combination::zero();
            for (factors, coefficient) in means.of_terms(inner)? {
                let along = means.direction(&factors, any)?;
                let Some((atom, rest)) = along else {
                    let why = "the mean of a vector has no closed form";
                    return Err(Trouble::Unsupported(why.into()));
                };
                let scale = terms_product(&mut means, coefficient, &rest);
                let vector = means.terms.vector_of(atom);
                let scaled = means.terms.scale_vector(scale, &vector);
                sum = means.terms.add_vectors(&sum, &scaled);
            }
            Ok(Value::Vector(sum))
        }
    }
}

fn terms_product(
    means: &mut Means,
    coefficient: crate::term::Term,
    rest: &[crate::term::Term],
) -> crate::term::Term {
    let mut all = vec![coefficient];
    all.extend(rest);
    means.terms.product(&all)
}
