//! Lists of the values of an index: `t = 1, \dots, T`.

use super::Scope;
use super::expression::expression;
use super::names::head;
use super::pieces::{Kind as P, Piece};
use super::primary::split_commas;
use crate::expr::{Condition, Expr, Kind};
use crate::relation::Relation;
use crate::span::{Problem, Result, Span};
use std::collections::BTreeMap;

/// Returns the length of a list such as `t = 1, \dots, T`, if one starts here.
pub(super) fn list_at(pieces: &[Piece], whole: &[String]) -> Option<usize> {
    let [name, sign, rest @ ..] = pieces else { return None };
    let head = head(name)?;
    if head.sub.is_some() || head.sup.is_some() || !whole.contains(&head.name) {
        return None;
    }
    if sign.kind != P::Relation("=".into()) {
        return None;
    }
    let mut dots = None;
    let mut comma = false; // whether a comma was last
    for (i, piece) in rest.iter().enumerate() {
        match &piece.kind {
            // Pieces behind the last value are not part of the list.
            P::Comma(_) if dots.is_some_and(|dots| i > dots + 1) => {
                return Some(i + 2);
            }
            P::Comma(_) => comma = true,
            P::Dots if dots.is_none() => (dots, comma) = (Some(i), false),
            P::Dots => return None,
            P::Relation(_) | P::Text(_) | P::Tag(_) => {
                return dots.map(|_| i + 2);
            }
            P::Letter(sign) if sign == "\\forall" => {
                return dots.map(|_| i + 2);
            }
            P::Digit('.') if i + 1 == rest.len() => {
                return dots.map(|_| i + 2);
            }
            _ if piece.wide && i > 0 && !comma => {
                return dots.map(|_| i + 2);
            }
            P::Open(_) if piece.spaced && dots.is_some() && !comma => {
                return Some(i + 2);
            }
            _ => comma = false,
        }
    }
    dots.map(|_| pieces.len())
}

/// Reads the values `1, \dots, T` of an index as `1 \le t` and `t \le T`.
pub(super) fn list(
    name: &[Piece],
    values: &[Piece],
    span: Span,
    scope: &mut Scope,
) -> Result<Vec<Condition>> {
    let unclear = || {
        Problem::new(span, "which values does this list hold?")
            .hint("write t = 1, \\dots, T, in steps of one")
    };
    let name = expression(name, scope)?;
    let mut items = vec![];
    let mut dots = None;
    let mut parts = split_commas(values);
    // One comma may end the list.
    if parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
    }
    for part in parts {
        match part {
            [] => return Err(unclear()),
            [only] if only.kind == P::Dots => dots = Some(items.len()),
            part => items.push(expression(part, scope)?),
        }
    }
    let (first, last) = match (dots, items.as_slice()) {
        (Some(place), [first, .., last]) if place + 1 == items.len() => {
            (first.clone(), Some(last.clone()))
        }
        // A list without a last value.
        (Some(place), [first, ..]) if place == items.len() => {
            (first.clone(), None)
        }
        (None, [first, .., last]) => (first.clone(), Some(last.clone())),
        (None, [only]) => (only.clone(), Some(only.clone())),
        _ => return Err(unclear()),
    };
    // The values that are written out must be in steps of one.
    let written = dots.unwrap_or(items.len());
    let steps: Option<Vec<i64>> =
        items[..written].windows(2).map(|w| step(&w[0], &w[1])).collect();
    let steps = steps.ok_or_else(unclear)?;
    let falls = match steps.first() {
        Some(&step) if step.abs() == 1 && steps.iter().all(|s| *s == step) => {
            step < 0
        }
        Some(_) => return Err(unclear()),
        None => {
            let number = |e: &Expr| matches!(e.kind, Kind::Number { .. });
            last.as_ref().is_some_and(|last| !number(&first) && number(last))
        }
    };
    let (low, high) = match (falls, last) {
        (false, last) => (first, last),
        (true, Some(last)) => (last, Some(first)),
        (true, None) => return Err(unclear()),
    };
    let mut all = vec![(low, Relation::LessEqual, name.clone())];
    if let Some(high) = high {
        all.push((name, Relation::LessEqual, high));
    }
    Ok(all)
}

/// Returns the number `b - a`, if both are sums of names and numbers.
fn step(a: &Expr, b: &Expr) -> Option<i64> {
    let (mut a, mut b) = (linear(a)?, linear(b)?);
    let (x, y) = (a.remove("").unwrap_or(0), b.remove("").unwrap_or(0));
    (a == b).then(|| y.checked_sub(x)).flatten()
}

/// Returns the coefficient of each name. The constant has the empty name.
fn linear(expr: &Expr) -> Option<BTreeMap<String, i64>> {
    let mut all = BTreeMap::new();
    match &expr.kind {
        Kind::Number { digits, decimals: 0 } => {
            all.insert(String::new(), *digits);
        }
        Kind::Symbol(symbol) if symbol.indices.is_empty() => {
            all.insert(symbol.name.clone(), 1);
        }
        Kind::Sum(terms) => {
            for (minus, term) in terms {
                for (name, factor) in linear(term)? {
                    let factor = if *minus { -factor } else { factor };
                    let sum = all.entry(name).or_insert(0_i64);
                    *sum = sum.checked_add(factor)?;
                }
            }
        }
        _ => return None,
    }
    Some(all)
}
