//! Limits: `\lim_{h \to 0}`.

use super::Scope;
use super::expression::{Cursor, expression, product};
use super::extremes::reach;
use super::names::spelled;
use super::pieces::{Kind as P, Piece};
use super::relations::relation;
use super::sets::infinite;
use crate::expr::{Approach, Destination, Expr, Kind};
use crate::relation::Relation;
use crate::span::{Problem, Result};

/// Reads a limit `\lim_{h \to 0} f`, after its word. The body is the rest of
/// the term.
pub(super) fn limit(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let bad = |message: &str| {
        Problem::new(piece.extent(), message)
            .hint("write a limit as \\lim_{h \\to 0}")
    };
    let sub = piece.sub.as_deref().unwrap_or(&[]);
    let [variable, sign, place @ ..] = sub else {
        return Err(bad("where does the variable of this limit go?"));
    };
    let goes = match &sign.kind {
        P::Relation(text) => relation(text, sign.span)? == Relation::Tends,
        _ => false,
    };
    if !goes || piece.sup.is_some() {
        return Err(bad("where does the variable of this limit go?"));
    }
    let variable = std::slice::from_ref(variable);
    let by = match expression(variable, scope)?.kind {
        Kind::Symbol(symbol) if symbol.arguments.is_empty() => symbol,
        _ => return Err(bad("a limit of a variable that is no symbol")),
    };
    if scope.is_whole(&by.name) {
        let message = "the variable of this limit is a whole number";
        return Err(bad(message).hint(
            "a limit is decided for a real variable that the notation declares",
        ));
    }
    let (to, from_above) = destination(place)
        .ok_or_else(|| bad("a limit goes to a whole number, or to infinity"))?;
    if cursor.peek().is_none() {
        return Err(bad("a limit without an expression"));
    }
    let of = product(cursor, scope)?;
    reach(piece, &by, cursor)?;
    let span = piece.extent().to(of.span);
    let limit = Approach { by, to, from_above, of };
    Ok(Expr::new(Kind::Limit(Box::new(limit)), span))
}

/// Returns the destination of the variable, and the side of a one-sided limit:
/// `0^+` is from above.
fn destination(place: &[Piece]) -> Option<(Destination, Option<bool>)> {
    match infinite(place) {
        Some(false) => return Some((Destination::Infinity, None)),
        Some(true) => return Some((Destination::MinusInfinity, None)),
        None => {}
    }
    let (last, before) = place.split_last()?;
    if before.iter().any(|p| p.sub.is_some() || p.sup.is_some())
        || last.sub.is_some()
    {
        return None;
    }
    let from_above = match last.sup.as_deref().map(spelled).as_deref() {
        None => None,
        Some("+") => Some(true),
        Some("-" | "−") => Some(false),
        Some(_) => return None,
    };
    let mut digits = String::new();
    for (i, piece) in place.iter().enumerate() {
        match &piece.kind {
            P::Digit(c) => digits.push(*c),
            P::Operator(sign) if i == 0 && matches!(&**sign, "-" | "−") => {
                digits.push('-');
            }
            _ => return None,
        }
    }
    let number = digits.parse().ok()?;
    Some((Destination::Number(number), from_above))
}
