//! Equality of two readings, apart from spans.

use crate::document::Read;
use crate::expr::Expr;
use crate::read::{Chain, Statement};
use crate::span::Result;

/// Checks whether two readings of a formula mean the same.
pub(super) fn same(a: &Read, b: &Read) -> bool {
    let (first, second) = (&a.report.outcomes, &b.report.outcomes);
    a.said.len() == b.said.len()
        && a.said.iter().zip(&b.said).all(|(a, b)| statement(a, b))
        && first.len() == second.len()
        && first.iter().zip(second).all(|(a, b)| {
            a.status == b.status
                && a.claim == b.claim
                && (&a.id, &a.label) == (&b.id, &b.label)
        })
}

fn statement(a: &Statement, b: &Statement) -> bool {
    match (a, b) {
        (Statement::Chain(a), Statement::Chain(b)) => chain(a, b),
        (Statement::Member(a, of_a, ..), Statement::Member(b, of_b, ..)) => {
            expression(a, b) && of_a == of_b
        }
        (Statement::Values(a, _), Statement::Values(b, _)) => a == b,
        (Statement::Term(a), Statement::Term(b)) => expression(a, b),
        (
            Statement::Chain(_)
            | Statement::Member(..)
            | Statement::Values(..)
            | Statement::Term(_),
            _,
        ) => false,
    }
}

fn chain(a: &Chain, b: &Chain) -> bool {
    let sides = || a.sides.iter().zip(&b.sides);
    let relations = || a.relations.iter().zip(&b.relations);
    a.sides.len() == b.sides.len()
        && sides().all(|((a, _), (b, _))| expression(a, b))
        && relations().all(|((a, _), (b, _))| both(a, b))
        && both(&a.conditions, &b.conditions)
        && a.continues == b.continues
}

fn expression(a: &Result<Expr>, b: &Result<Expr>) -> bool {
    both(a, b)
}

/// Checks whether both are equal, or neither could be read. An unreadable part
/// is already an error, or marked as malformed.
fn both<T: PartialEq>(a: &Result<T>, b: &Result<T>) -> bool {
    a.as_ref().ok() == b.as_ref().ok()
}
