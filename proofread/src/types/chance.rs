//! Type checks of the variables of an expectation.

use super::{Type, is_zero, type_of};
use crate::expr::{Expectation, Expr, Kind, Over};
use crate::notation::Notation;
use crate::span::{Problem, Result};

/// Checks that each drawn variable has the type of its distribution, a number
/// or a vector, and that the ends of a range are numbers.
pub(super) fn drawn(
    expectation: &Expectation,
    notation: &Notation,
) -> Result<()> {
    for over in &expectation.over {
        match over {
            Over::Drawn(symbol, law) => {
                let kind = Kind::Symbol(symbol.clone());
                let variable = type_of(&Expr::new(kind, law.span), notation)?;
                let fits = match type_of(law, notation)? {
                    Type::Distribution(sort) => Type::of(sort) == variable,
                    _ => false,
                };
                if !fits {
                    let message = format!(
                        "{} is {}, and not distributed so",
                        symbol.name,
                        variable.name()
                    );
                    return Err(Problem::new(law.span, message)
                        .hint("the covariance of vectors is v I"));
                }
            }
            Over::Index(_, Some(range)) => {
                for end in [&range.0, &range.1] {
                    let is_number =
                        is_zero(end) || type_of(end, notation)? == Type::Scalar;
                    if !is_number {
                        let message = "an end of a range must be a number";
                        return Err(Problem::new(end.span, message));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}
