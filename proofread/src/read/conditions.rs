//! Conditions: relations that must hold for a claim or a case to apply.

use super::Scope;
use super::clauses::{Before, Clause, Entry, Mode};
use super::ends::{ends, of_quantifier, of_reals};
use super::expression::expression;
use super::lists::list;
use super::pieces::Piece;
use super::relations::{is_membership, relation};
use super::rows::strands;
use super::scan::clauses;
use super::sets::within;
use super::sets::{All, Member, member};
use crate::expr::{Condition, Expr, Kind};
use crate::relation::Relation;
use crate::span::{Problem, Result};
use crate::types::{self, Type};

/// Reads all pieces as conditions.
pub(crate) fn read_conditions(
    pieces: &[Piece],
    scope: &mut Scope,
) -> Result<Vec<Condition>> {
    let mut all = vec![];
    let mut excepted = false;
    let mut is_first = true;
    for entry in clauses(&strands(pieces), scope).found {
        match entry {
            Entry::Problem(problem, _) => return Err(problem),
            Entry::Clause(clause) => {
                if let Some(problem) = on_a_condition(&clause, is_first) {
                    return Err(problem);
                }
                is_first = false;
                if excepted && clause.mode != Mode::Unless {
                    return Err(of_exception(&clause));
                }
                excepted |= clause.mode == Mode::Unless;
                let found = conditions(&clause, scope)?;
                if found.is_empty() && clause.mode == Mode::Claim {
                    let message = "this is no condition";
                    return Err(Problem::new(clause.span(), message));
                }
                all.extend(found);
            }
        }
    }
    Ok(all)
}

/// Returns the problem of a clause that makes a condition one on another condition:
/// `a > 0 \implies b > 0`, and `x_t > 0 \text{ for all } t`.
fn on_a_condition(clause: &Clause, is_first: bool) -> Option<Problem> {
    let message = match clause.mode {
        _ if matches!(clause.before, Before::Link(_)) => {
            "an implication within a condition"
        }
        Mode::Quantifier | Mode::All { .. } => {
            "a quantifier within a condition"
        }
        Mode::Condition | Mode::Where if !is_first => {
            "a condition on a condition"
        }
        _ => return None,
    };
    Some(
        Problem::new(clause.span(), message)
            .hint("write a condition that compares values, such as a > 0"),
    )
}

/// Reads a clause as conditions.
pub(super) fn conditions(
    clause: &Clause,
    scope: &mut Scope,
) -> Result<Vec<Condition>> {
    let mut all = vec![];
    let span = clause.span();
    if clause.relations.is_empty() && clause.mode == Mode::Unless {
        let message = "an exception without a relation";
        return Err(Problem::new(span, message)
            .hint("write the condition under which the claim holds"));
    }
    if clause.relations.is_empty() {
        // `for all t` sets no condition.
        for name in clause.sides.iter().chain(&clause.also) {
            if name.is_empty() {
                continue;
            }
            named(name, scope)?;
            of_reals(clause, name, scope)?;
        }
        return Ok(all);
    }
    for i in 0..clause.relations.len() {
        all.extend(one(clause, i, scope)?);
    }
    of_quantifier(clause, &all, scope)?;
    if clause.mode == Mode::Quantifier {
        let named_side = clause.sides.iter().any(|s| named(s, scope).is_ok());
        if !named_side || clause.relations.len() > 2 {
            let message = "what is this true for all of?";
            return Err(Problem::new(span, message)
                .hint("put a colon or a comma behind the quantifier"));
        }
    }
    if clause.mode == Mode::Unless {
        let [(left, relation, right)] = all.as_slice() else {
            let message = "an exception of more than one relation";
            return Err(Problem::new(span, message)
                .hint("write the condition under which the claim holds"));
        };
        let Some(negated) = relation.negated() else {
            let message = "this exception cannot be turned into a condition";
            return Err(Problem::new(span, message)
                .hint("write the condition under which the claim holds"));
        };
        return Ok(vec![(left.clone(), negated, right.clone())]);
    }
    Ok(all)
}

/// Returns the problem of a condition behind an exception. The condition may be
/// part of the exception, or a further condition on the claim.
pub(super) fn of_exception(clause: &Clause) -> Problem {
    let message = "is this a part of the exception, or one more condition?";
    Problem::new(clause.span(), message)
        .hint("write the condition under which the claim holds, with 'for'")
}

/// Reads the relation `i` of a clause, for each of its elements.
fn one(clause: &Clause, i: usize, scope: &mut Scope) -> Result<Vec<Condition>> {
    let (sign, place, _) = &clause.relations[i];
    let (left, right) = (&clause.sides[i], &clause.sides[i + 1]);
    let more = if i == 0 { clause.also.as_slice() } else { &[] };
    let mut all = vec![];
    for left in more.iter().chain([left]) {
        if left.is_empty() || right.is_empty() {
            let message = "a side of this relation is missing";
            return Err(Problem::new(*place, message));
        }
        if clause.list {
            all.extend(list(left, right, clause.span(), scope)?);
        } else if is_membership(sign) {
            match member(left, right, *place, scope)? {
                Member::Between(between) => {
                    ends(&expression(left, scope)?, &between, scope)?;
                    all.extend(between);
                }
                Member::OneOf(of) => {
                    let element = expression(left, scope)?;
                    is_of(&element, of, scope)?;
                    within(&element, of, scope)?;
                }
            }
        } else {
            let relation = relation(sign, *place)?;
            if relation == Relation::Defines {
                let message = "a definition is no condition";
                return Err(Problem::new(*place, message)
                    .hint("define it in a formula before"));
            }
            let (a, b) = (expression(left, scope)?, expression(right, scope)?);
            all.push((a, relation, b));
        }
    }
    Ok(all)
}

/// Refuses pieces that are not a name or a list of names.
fn named(pieces: &[Piece], scope: &mut Scope) -> Result<()> {
    let span = pieces.iter().map(Piece::extent).reduce(crate::span::Span::to);
    let bad = || {
        let message = "this is neither a condition nor a name";
        Problem::new(span.unwrap_or_default(), message)
    };
    let [only] = pieces else {
        return match expression(pieces, scope)?.kind {
            Kind::Symbol(_) => Ok(()),
            _ => Err(bad()),
        };
    };
    let head = super::names::head(only).ok_or_else(bad)?;
    if super::terms::is_name(&head, scope) {
        return Ok(());
    }
    match expression(pieces, scope)?.kind {
        Kind::Symbol(_) => Ok(()),
        _ => Err(bad()),
    }
}

/// Checks that an expression is an element of a set of all numbers or vectors.
pub(crate) fn is_of(element: &Expr, of: All, scope: &Scope) -> Result<()> {
    let found = types::type_of(element, scope.notation)?;
    let (fits, wanted) = match of {
        All::Numbers => (found == Type::Scalar, "numbers"),
        All::Vectors => (found == Type::Vector, "vectors"),
        All::Whole => (is_whole(element, scope), "whole numbers"),
        All::Natural => {
            (is_whole(element, scope) && !subtracts(element), "natural numbers")
        }
    };
    if fits {
        return Ok(());
    }
    let whole = matches!(of, All::Whole | All::Natural);
    let found = if whole && found == Type::Scalar {
        "not known to be whole"
    } else {
        found.name()
    };
    let message = format!("this is {found}, the set one of {wanted}");
    Err(Problem::new(element.span, message))
}

/// Returns whether an expression subtracts, so that it may be negative.
fn subtracts(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |e| {
        if let Kind::Sum(terms) = &e.kind {
            found |= terms.iter().any(|(minus, _)| *minus);
        }
    });
    found
}

fn is_whole(expr: &Expr, scope: &Scope) -> bool {
    match &expr.kind {
        Kind::Number { decimals, .. } => *decimals == 0,
        Kind::Symbol(symbol) => {
            symbol.indices.is_empty() && scope.is_whole(&symbol.name)
        }
        Kind::Sum(terms) => terms.iter().all(|(_, t)| is_whole(t, scope)),
        Kind::Product(factors) => factors.iter().all(|f| is_whole(f, scope)),
        _ => false,
    }
}
