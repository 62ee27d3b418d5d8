//! The ends of what a condition says that a symbol runs over: where one is
//! missing, it runs on for ever.

use super::Scope;
use super::clauses::{Clause, Mode};
use super::expression::expression;
use super::pieces::Piece;
use super::sets::{All, within};
use crate::expr::{Condition, Expr, Kind};
use crate::relation::Relation;
use crate::span::{Problem, Result};

/// Refuses a quantifier over more than the notation has: `\forall u > 0` says
/// more than a condition `u > 0` does, for it names all values that are meant.
pub(super) fn of_quantifier(
    clause: &Clause,
    found: &[Condition],
    scope: &mut Scope,
) -> Result<()> {
    let all = matches!(clause.mode, Mode::Quantifier | Mode::All { .. });
    if !all && !clause.list {
        return Ok(());
    }
    for side in over(clause, scope) {
        if let Ok(element) = expression(side, scope) {
            ends(&element, found, scope)?;
        }
    }
    Ok(())
}

/// Refuses `for all real v` of a number that is not any real number.
pub(super) fn of_reals(
    clause: &Clause,
    name: &[Piece],
    scope: &mut Scope,
) -> Result<()> {
    if clause.mode != (Mode::All { real: true }) {
        return Ok(());
    }
    match expression(name, scope) {
        Ok(element) => {
            super::is_of(&element, All::Numbers, scope)?;
            within(&element, All::Numbers, scope)
        }
        // A family without its index.
        Err(problem) => Err(problem),
    }
}

/// The sides that a quantifier is about: `u` of `\forall u > 0`, and of
/// `\forall 0 < u < 1`.
fn over<'a>(clause: &'a Clause, scope: &mut Scope) -> Vec<&'a [Piece]> {
    let first = clause.sides.iter().find(|side| {
        matches!(
            expression(side, scope),
            Ok(Expr { kind: Kind::Symbol(_), .. })
        )
    });
    clause.also.iter().chain(first).map(Vec::as_slice).collect()
}

/// Refuses conditions that leave an end of a symbol open where the notation
/// has one: the claim would be shown for less than it says.
pub(super) fn ends(
    element: &Expr,
    found: &[Condition],
    scope: &Scope,
) -> Result<()> {
    let Kind::Symbol(symbol) = &element.kind else { return Ok(()) };
    let (mut below, mut above) = (false, false);
    for (left, relation, right) in found {
        let relation = match (left == element, right == element) {
            (true, _) => *relation,
            (_, true) => relation.flipped(),
            _ => continue,
        };
        let equal = relation == Relation::Equal;
        below |= equal
            || matches!(relation, Relation::Greater | Relation::GreaterEqual);
        above |=
            equal || matches!(relation, Relation::Less | Relation::LessEqual);
    }
    let declared = scope.notation.symbols.get(&symbol.id());
    let domain = declared.filter(|d| d.means.is_none()).map(|d| &d.domain);
    let whole = symbol.indices.is_empty() && is_declared(&symbol.name, scope);
    let low = whole || domain.is_some_and(|domain| domain.low.is_some());
    let high = whole || domain.is_some_and(|domain| domain.high.is_some());
    if (below || !low) && (above || !high) {
        return Ok(());
    }
    Err(match domain {
        Some(domain) if !whole => {
            let message = format!(
                "{element} is in {domain} by the notation, and this allows more"
            );
            Problem::new(element.span, message)
                .hint("write both ends, or \\text{for} and a condition")
        }
        _ => unbounded(element),
    })
}

/// An index or a size that is to run on for ever.
pub(super) fn unbounded(element: &Expr) -> Problem {
    let message = format!(
        "{element} has a first and a last value by the notation, and this \
         allows more"
    );
    Problem::new(element.span, message).hint(
        "write the first and the last, as in t = 1, \\dots, T, or \\text{for} \
         and a condition, as in \\text{for } t \\ge 2",
    )
}

/// The indices of the entries that a claim speaks of: these end where the ranges
/// of the entries do.
pub(super) fn ranged(claim: &Clause, scope: &mut Scope) -> Vec<String> {
    let mut names = vec![];
    for side in claim.sides.iter().chain(&claim.also) {
        let Ok(expr) = expression(side, scope) else { continue };
        expr.visit(&mut |e| {
            let Kind::Symbol(symbol) = &e.kind else { return };
            for index in &symbol.indices {
                if let Kind::Symbol(index) = &index.kind {
                    names.push(index.name.clone());
                }
            }
        });
    }
    names
}

/// Whether the notation file has an index or a size of this name, and nothing
/// else says where it ends.
pub(super) fn is_declared(name: &str, scope: &Scope) -> bool {
    let bound = scope.bound.iter().chain(&scope.ranged);
    let ends = bound.into_iter().any(|bound| bound == name);
    !ends
        && (scope.notation.indices.contains_key(name)
            || scope.notation.sizes.contains_key(name))
}
