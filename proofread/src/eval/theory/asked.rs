//! The variables of a process that an expression uses.
//!
//! An expectation over a whole process equals the expectation over the
//! variables that the body uses, because the other variables integrate to 1. A
//! process with a size that represents all larger ones therefore needs only a
//! few variables.

use super::process::{Chain, mentions, mentions_in_atom};
use crate::eval::Eval;
use crate::expr::Expr;
use crate::term::{Atom, Terms, Value};
use crate::value::Trouble;

/// Returns the indices of the variables that an expression depends on.
pub(super) fn asked(
    eval: &mut Eval,
    chain: &Chain,
    body: &Expr,
) -> Result<Vec<i64>, Trouble> {
    let family = &chain.process.variable;
    // An enclosing expectation over the variables binds them to other values.
    if eval.overlay.iter().any(|((name, _), _)| name == family) {
        return Err(Trouble::Budget);
    }
    let value = eval.value(body)?;
    let terms = &eval.store.terms;
    let mut found = vec![];
    for ((name, indices), known) in &eval.store.table {
        let (true, [index]) = (name == family, indices.as_slice()) else {
            continue;
        };
        let variable = known.clone().vector(terms)?;
        if variable.iter().any(|(atom, _)| depends(terms, &value, atom)) {
            found.push(*index);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Checks whether a value depends on a vector.
fn depends(terms: &Terms, value: &Value, on: Atom) -> bool {
    match value {
        Value::Scalar(term) => mentions(terms, &[*term], on),
        Value::Vector(vector) => vector.iter().any(|(atom, coefficient)| {
            mentions_in_atom(terms, atom, on)
                || mentions(terms, &[coefficient], on)
        }),
    }
}
