//! Clauses that claim nothing, or only set or bound a symbol.

use super::Scope;
use super::clauses::{Before, Clause, Mode};
use super::conditions::conditions;
use super::expression::expression;
use super::names::head;
use super::pieces::{Kind as P, Piece};
use super::relations::{is_membership, relation};
use super::statements::Statement;
use crate::expr::{Expr, Kind};
use crate::relation::Relation;
use crate::span::{Problem, Span};

pub(super) fn defines(clause: &Clause) -> bool {
    clause
        .relations
        .iter()
        .any(|(sign, span, _)| relation(sign, *span) == Ok(Relation::Defines))
}

/// Returns whether a clause defines a symbol, at the first use of the symbol.
pub(super) fn introduces(clause: &Clause, scope: &mut Scope) -> bool {
    if !scope.notation.implicit || clause.relations.is_empty() {
        return false;
    }
    let equal = clause.relations[0].0 == "=";
    match expression(&clause.sides[0], scope) {
        Ok(Expr { kind: Kind::Symbol(symbol), .. }) => {
            equal && scope.announced.contains(&symbol.id())
        }
        _ => false,
    }
}

/// Returns the problem of a clause that needs a relation and has none.
pub(super) fn lonely(clause: &Clause) -> Problem {
    let span = clause.span();
    let dots = clause.sides.iter().flatten().any(|p| p.kind == P::Dots);
    if dots {
        let message = "what the dots stand for is not said";
        return Problem::new(span, message).hint(
            "write the statement for every index, such as t = 1, \\dots, T",
        );
    }
    if clause.leads {
        let message = "what does the colon behind this mean?";
        return Problem::new(span, message)
            .hint("write a condition with 'for' or 'if'");
    }
    if clause.before == Before::Row {
        return Problem::new(
            span,
            "this row has no relation: begin it with a sign, such as \\cdot, or with a relation",
        );
    }
    Problem::new(span, "this part has no relation").hint(
        "write a relation for each part, a sign between factors, or a condition with 'for'",
    )
}

/// Returns whether a clause only gives the values of an index.
pub(super) fn sets_index(clause: &Clause, scope: &mut Scope) -> bool {
    let [.., _] = clause.relations.as_slice() else { return false };
    if defines(clause) || !clause.also.is_empty() {
        return false;
    }
    let set = |side: &[Piece]| {
        matches!(side.first().map(|p| &p.kind), Some(P::Open(_)))
    };
    let names = |i: usize| is_membership(&clause.relations[i].0);
    (0..clause.relations.len()).all(|i| {
        let (left, right) = (&clause.sides[i], &clause.sides[i + 1]);
        if names(i) {
            let name = matches!(left.as_slice(), [only] if head(only)
                .is_some_and(|h| h.sub.is_none() && scope.is_whole(&h.name)));
            return name && set(right);
        }
        let known = relation(&clause.relations[i].0, Span::default());
        match (known, expression(left, scope), expression(right, scope)) {
            (Ok(_), Ok(left), Ok(right)) => {
                crate::notation::sets_index(&left, &right, scope.notation)
            }
            _ => false,
        }
    })
}

/// Returns whether a clause only bounds a symbol, as `a > 0` does.
pub(super) fn is_bound(clause: &Clause, scope: &mut Scope) -> bool {
    if clause.relations.is_empty() {
        return false;
    }
    let named = |side: &Vec<Piece>, scope: &mut Scope| {
        matches!(expression(side, scope),
            Ok(Expr { kind: Kind::Symbol(symbol), .. })
                if scope.notation.symbols.contains_key(&symbol.id()))
    };
    if !clause.also.iter().all(|side| named(side, scope)) {
        return false;
    }
    let order = clause.relations.iter().all(|(sign, span, _)| {
        relation(sign, *span)
            .is_ok_and(|sign| sign.is_order() || sign == Relation::NotEqual)
    });
    let mut symbols = 0;
    order
        && clause.sides.iter().all(|side| match expression(side, scope) {
            Ok(Expr { kind: Kind::Symbol(symbol), .. }) => {
                symbols += usize::from(!scope.is_whole(&symbol.name));
                symbol.indices.is_empty() && symbol.arguments.is_empty()
                    || scope.notation.symbols.contains_key(&symbol.id())
            }
            Ok(expr) => {
                let mut closed = true;
                expr.visit(&mut |e| {
                    if let Kind::Symbol(symbol) = &e.kind {
                        closed &= scope.is_whole(&symbol.name);
                    }
                });
                closed
            }
            Err(_) => false,
        })
        && symbols == 1
}

/// Reads an expression without a relation, in a formula without relations.
pub(super) fn term(clause: Clause, scope: &mut Scope) -> Option<Statement> {
    if clause.mode != Mode::Claim {
        return match conditions(&clause, scope) {
            Ok(_) => None,
            Err(problem) => Some(Statement::Term(Err(problem))),
        };
    }
    if let Before::Link(_) = clause.before {
        let message = "this sign joins statements, and here is none";
        return Some(Statement::Term(Err(Problem::new(
            clause.span(),
            message,
        ))));
    }
    let side = clause.sides.into_iter().next()?;
    // Dots in a list of terms.
    if matches!(side.as_slice(), [only] if only.kind == P::Dots) {
        return None;
    }
    // An index or a process alone, or a name such as `p_\theta`.
    if let [only] = side.as_slice()
        && let Some(head) = head(only)
        && is_name(&head, scope)
    {
        return None;
    }
    // A tuple is not an expression, but its entries are.
    if let [open, inner @ .., close] = side.as_slice()
        && matches!(open.kind, P::Open(_))
        && matches!(close.kind, P::Close(_))
        && inner.iter().any(|p| matches!(p.kind, P::Comma(_)))
    {
        let dots =
            |part: &[Piece]| matches!(part, [only] if only.kind == P::Dots);
        let bad = inner
            .split(|p| matches!(p.kind, P::Comma(_)))
            .filter(|part| !dots(part))
            .find_map(|part| expression(part, scope).err());
        return bad.map(|bad| Statement::Term(Err(bad)));
    }
    Some(Statement::Term(expression(&side, scope)))
}

/// Returns whether a symbol alone needs no value: an index, a size, a process,
/// or a family without its index.
pub(super) fn is_name(head: &super::names::Head, scope: &Scope) -> bool {
    if head.sup.is_some() {
        return false;
    }
    let name = match &head.sub {
        Some(sub) => super::names::with_sub(&head.name, sub),
        None => head.name.clone(),
    };
    let family = |id: &crate::expr::Id| id.name == name;
    scope.notation.processes.contains_key(&name)
        || scope.is_whole(&name)
        || scope.notation.symbols.keys().any(family)
}

pub(super) fn extent(pieces: &[Piece]) -> Span {
    pieces.iter().map(Piece::extent).reduce(Span::to).unwrap_or_default()
}
