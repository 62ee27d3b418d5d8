//! The names in an expression.

use super::{Density, Expr, Kind, Over};

/// Returns the names in an expression itself, not in its subexpressions.
pub(crate) fn names(expr: &Expr) -> Vec<String> {
    let of = |density: &Density| {
        let all = density.of.iter().chain(&density.given);
        all.map(|v| v.name.clone()).collect::<Vec<_>>()
    };
    match &expr.kind {
        Kind::Symbol(symbol) => vec![symbol.name.clone()],
        Kind::Density(density) => of(density),
        Kind::Expectation(expectation) => {
            let given = expectation.given.iter().map(|v| v.name.clone());
            let over = expectation.over.iter().flat_map(|over| match over {
                Over::Process(_) => vec![],
                Over::Density(density) => of(density),
                Over::Variable(symbol) | Over::Drawn(symbol, _) => {
                    vec![symbol.name.clone()]
                }
                Over::Index(name, _) => vec![name.clone()],
            });
            given.chain(over).collect()
        }
        _ => vec![],
    }
}
