//! Definitions as entries in the notation.

use crate::expr::{Expr, Kind, Symbol};
use crate::notation::{Notation, Sort, is_whole};
use crate::span::{Problem, Result};
use crate::types::{self, Type};

/// Gives a symbol without a definition the type of the expression that will
/// define it.
pub(crate) fn adopt_sort(
    symbol: &Symbol,
    right: &Expr,
    notation: &mut Notation,
) -> Result<()> {
    let sort = match types::type_of(right, notation)? {
        Type::Scalar => Sort::Scalar,
        Type::Vector => Sort::Vector,
        Type::Distribution(_) => {
            let message = "a symbol cannot stand for a distribution";
            return Err(Problem::new(right.span, message));
        }
    };
    if let Some(declaration) = notation.symbols.get_mut(&symbol.id())
        && declaration.means.is_none()
    {
        declaration.sort = sort;
    }
    Ok(())
}

/// Enters `left := right` in the notation.
pub(crate) fn enter(
    left: &Expr,
    right: &Expr,
    notation: &mut Notation,
) -> Result<()> {
    let Kind::Symbol(symbol) = &left.kind else {
        let message = "only a symbol can be defined";
        let problem = Problem::new(left.span, message);
        return Err(match left.kind {
            Kind::Density(_) => problem.hint(
                "the notation says what a density is: write = to claim this",
            ),
            _ => problem.hint("write = to claim an equality"),
        });
    };
    if is_whole(symbol, notation) || types::is_pi(symbol, notation) {
        let message = format!("{} has a meaning already", symbol.name);
        return Err(Problem::new(left.span, message)
            .hint("write = to claim an equality or to set an index"));
    }
    adopt_sort(symbol, right, notation)?;
    let id = symbol.id();
    let literal = |index: &Expr| !matches!(index.kind, Kind::Symbol(_));
    if symbol.indices.iter().any(literal) {
        let message = "this defines only one member of a family";
        return Err(Problem::new(left.span, message));
    }
    let mut again = false;
    right.visit(&mut |e| {
        again |= matches!(&e.kind, Kind::Symbol(other) if other.id() == id);
    });
    if again {
        let message = format!("{} is defined by itself", symbol.name);
        return Err(Problem::new(right.span, message)
            .hint("write = for a recursion, and define the symbol otherwise"));
    }
    if !notation.symbols.contains_key(&id) {
        let message = format!("unknown symbol {}", symbol.name);
        return Err(Problem::new(left.span, message));
    }
    if let Some((message, hint)) = notation.call_or_product(&id, Some(right)) {
        return Err(Problem::new(left.span, message).hint(hint));
    }
    let Some(declaration) = notation.symbols.get_mut(&id) else {
        return Ok(());
    };
    // The text may repeat a definition of the notation file unchanged.
    if declaration.means.as_ref() == Some(right) {
        return Ok(());
    }
    if declaration.means.is_some() {
        let message = format!("{} is defined a second time", symbol.name);
        return Err(Problem::new(left.span, message)
            .hint("a symbol is defined once; write = to claim an equality"));
    }
    declaration.means = Some(right.clone());
    notation.find_ambient();
    Ok(())
}
