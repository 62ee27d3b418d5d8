//! The types of sums and products.

use super::{Type, is_zero, type_of};
use crate::expr::Expr;
use crate::notation::Notation;
use crate::span::{Problem, Result};

/// Returns the type of a sum, whose terms must all have one type.
pub(super) fn sum(terms: &[(bool, Expr)], notation: &Notation) -> Result<Type> {
    let mut sum: Option<(Type, &Expr)> = None;
    for (_, term) in terms {
        let this = type_of(term, notation)?;
        if is_zero(term) {
            continue;
        }
        match sum {
            Some((before, first)) if before != this => {
                let message = format!(
                    "{} plus {}: {first} and {term}",
                    before.name(),
                    this.name()
                );
                return Err(Problem::new(term.span, message)
                    .hint("is a factor missing?"));
            }
            _ => sum = Some((this, term)),
        }
    }
    Ok(sum.map_or(Type::Scalar, |(sum, _)| sum))
}

/// Returns the type of a product, in which at most one factor is a vector.
pub(super) fn product(factors: &[Expr], notation: &Notation) -> Result<Type> {
    let mut product = Type::Scalar;
    for factor in factors {
        match (product, type_of(factor, notation)?) {
            (_, Type::Scalar) => {}
            (Type::Scalar, Type::Vector) => product = Type::Vector,
            (Type::Vector, Type::Vector) => {
                let message = "a product of two vectors";
                return Err(Problem::new(factor.span, message)
                    .hint("write x^\\top y for the inner product"));
            }
            (_, other) => {
                let message = format!("{} as a factor", other.name());
                return Err(Problem::new(factor.span, message));
            }
        }
    }
    Ok(product)
}
