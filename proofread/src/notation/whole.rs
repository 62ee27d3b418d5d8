//! Expressions that are indices, sizes and numbers.

use super::Notation;
use crate::expr::{Expr, Kind, Symbol};

/// Returns whether an expression contains this symbol with these indices.
pub(crate) fn mentions(expr: &Expr, symbol: &Symbol) -> bool {
    let mut found = false;
    expr.visit(&mut |e| {
        if let Kind::Symbol(other) = &e.kind {
            found |= other.name == symbol.name
                && other.indices == symbol.indices
                && other.arguments.len() == symbol.arguments.len();
        }
    });
    found
}

/// Returns whether both sides are indices, sizes and numbers, and one side is a
/// symbol.
pub(crate) fn sets_index(
    left: &Expr,
    right: &Expr,
    notation: &Notation,
) -> bool {
    let named = |e: &Expr| matches!(e.kind, Kind::Symbol(_));
    let simple = |e: &Expr| match &e.kind {
        Kind::Number { .. } => true,
        Kind::Symbol(symbol) => is_whole(symbol, notation),
        Kind::Sum(terms) => terms.iter().all(|(_, term)| match &term.kind {
            Kind::Symbol(symbol) => is_whole(symbol, notation),
            kind => matches!(kind, Kind::Number { .. }),
        }),
        _ => false,
    };
    // `t = t + 1` sets nothing: it is a false claim.
    let both = match (&left.kind, &right.kind) {
        (Kind::Symbol(a), _) => mentions(right, a),
        (_, Kind::Symbol(b)) => mentions(left, b),
        _ => false,
    };
    simple(left) && simple(right) && (named(left) || named(right)) && !both
}

pub(crate) fn is_whole(symbol: &Symbol, notation: &Notation) -> bool {
    let name = &symbol.name;
    let known = notation.indices.contains_key(name)
        || notation.sizes.contains_key(name);
    known && symbol.indices.is_empty()
}
