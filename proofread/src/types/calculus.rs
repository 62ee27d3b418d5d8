//! The types of cases and derivatives.

use super::{Type, check, is_zero, type_of};
use crate::expr::{Condition, Derivative, Expr, Kind};
use crate::notation::Notation;
use crate::span::{Problem, Result};

/// Returns the type of `\begin{cases}`. All values must have one type, and each
/// condition must be well typed.
pub(super) fn cases(
    cases: &[(Expr, Vec<Condition>)],
    notation: &Notation,
) -> Result<Type> {
    let mut found: Option<Type> = None;
    for (value, conditions) in cases {
        let this = type_of(value, notation)?;
        if found.is_some_and(|found| found != this) && !is_zero(value) {
            let message = format!("this case is {}", this.name());
            return Err(Problem::new(value.span, message)
                .hint("all cases must be of one type"));
        }
        if found.is_none() || !is_zero(value) {
            found = Some(this);
        }
        for (left, relation, right) in conditions {
            check(left, *relation, right, notation)?;
        }
    }
    Ok(found.unwrap_or(Type::Scalar))
}

/// Returns the type of a derivative. A gradient is taken of a number by a
/// vector; any other derivative is taken by a number, of a number or of each
/// entry of a vector.
pub(super) fn derivative(
    expr: &Expr,
    derivative: &Derivative,
    notation: &Notation,
) -> Result<Type> {
    let by = Expr::new(Kind::Symbol(derivative.by.clone()), expr.span);
    let sort = type_of(&by, notation)?;
    if derivative.gradient {
        if sort != Type::Vector {
            let message = "a gradient by what is no vector";
            return Err(Problem::new(expr.span, message));
        }
        return match type_of(&derivative.of, notation)? {
            Type::Scalar => Ok(Type::Vector),
            other => {
                let message = format!("the gradient of {}", other.name());
                Err(Problem::new(derivative.of.span, message))
            }
        };
    }
    if sort != Type::Scalar {
        let message = "a derivative by what is no number";
        return Err(Problem::new(expr.span, message));
    }
    let name = &derivative.by.name;
    if notation.indices.contains_key(name) || notation.sizes.contains_key(name)
    {
        let message = format!("{name} is a whole number: no derivative by it");
        return Err(Problem::new(expr.span, message));
    }
    match type_of(&derivative.of, notation)? {
        Type::Distribution(_) => {
            let message = "a derivative of a distribution";
            Err(Problem::new(derivative.of.span, message))
        }
        found => Ok(found),
    }
}
