//! The types of symbols, and of the arguments of functions.

use super::{Type, is_pi, is_zero};
use crate::expr::{Expr, Kind, Symbol};
use crate::notation::Notation;
use crate::span::{Problem, Result};

/// Returns the type of a symbol, whose arguments must have the types of its
/// parameters.
pub(super) fn type_of(
    expr: &Expr,
    symbol: &Symbol,
    notation: &Notation,
) -> Result<Type> {
    let name = &symbol.name;
    if notation.sizes.contains_key(name)
        || notation.indices.contains_key(name)
        || is_pi(symbol, notation)
    {
        return Ok(Type::Scalar);
    }
    let id = symbol.id();
    let Some(declaration) = notation.symbols.get(&id) else {
        let message = format!("unknown symbol {name}");
        return Err(Problem::new(expr.span, message));
    };
    for (parameter, argument) in
        declaration.parameters.iter().zip(&symbol.arguments)
    {
        let stand_in =
            Expr::new(Kind::Symbol(parameter.clone()), argument.span);
        let wanted = super::type_of(&stand_in, notation)?;
        let found = super::type_of(argument, notation)?;
        if wanted != found && !is_zero(argument) {
            let message = format!(
                "{name} takes {} here, this is {}",
                wanted.name(),
                found.name()
            );
            return Err(Problem::new(argument.span, message));
        }
    }
    Ok(Type::of(declaration.sort))
}
