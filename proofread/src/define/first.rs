//! Definitions that hold from a first value of their index.

use crate::expr::{Expr, Kind};
use crate::notation::{Bound, Notation};
use crate::relation::Relation;
use crate::span::{Problem, Result};

/// Returns the index and its first value from the one condition that a
/// definition may have, such as `t \ge 2`.
pub(crate) fn first_index(
    conditions: &[(Expr, Relation, Expr)],
) -> Option<(String, i64)> {
    let [(left, relation, right)] = conditions else { return None };
    let Kind::Symbol(index) = &left.kind else { return None };
    let Kind::Number { digits, decimals: 0 } = right.kind else { return None };
    match relation {
        Relation::GreaterEqual => Some((index.name.clone(), digits)),
        Relation::Greater => Some((index.name.clone(), digits + 1)),
        _ => None,
    }
}

/// Raises the start of the range of a symbol that was just defined.
pub(crate) fn start_at(
    left: &Expr,
    index: &str,
    first: i64,
    notation: &mut Notation,
) -> Result<()> {
    let Kind::Symbol(symbol) = &left.kind else { return Ok(()) };
    let declaration = notation.symbols.get_mut(&symbol.id());
    if let Some(declaration) = declaration
        && declaration.indices == [index]
        && let Some((low, _)) = &mut declaration.range
    {
        *low = Bound { size: None, offset: first };
        return Ok(());
    }
    let message = "the condition is not on the index of the defined symbol";
    Err(Problem::new(left.span, message))
}
