//! Norms: expressions between bars.

use super::Scope;
use super::expression::{Cursor, expression};
use super::names::spelled;
use super::pieces::{Kind as P, Piece};
use super::primary::{raised, scripted};
use crate::expr::{Expr, Kind};
use crate::span::{Problem, Result};

/// Reads a norm `|x|` or `‖x‖`.
pub(super) fn norm(
    open: &Piece,
    double: bool,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    if open.sub.is_some() || open.sup.is_some() {
        let message = "a script on a bar that opens";
        return Err(Problem::new(open.extent(), message));
    }
    let rest = &cursor.pieces[cursor.next..];
    if let Some(norm) = two_bars(open, double, rest, cursor, scope) {
        return norm;
    }
    let Some(place) = closing(rest, double) else {
        let message = "this bar is not closed by another";
        return Err(Problem::new(open.span, message));
    };
    let inner = expression(&rest[..place], scope)?;
    let close = &rest[place];
    cursor.next += place + 1;
    let span = open.span.to(close.span);
    let norm = Expr::new(Kind::Norm(Box::new(inner)), span);
    scripted_norm(norm, close, scope)
}

/// Raises an expression, such as a norm, to the power of its last piece. `‖x‖_2` is
/// the Euclidean norm, spelled out.
pub(super) fn scripted_norm(
    expr: Expr,
    close: &Piece,
    scope: &mut Scope,
) -> Result<Expr> {
    let two = |sub: &[Piece]| spelled(sub) == "2";
    let is_norm = matches!(expr.kind, Kind::Norm(_));
    if is_norm && close.sub.as_deref().is_some_and(two) {
        return raised(expr, close, scope);
    }
    scripted(expr, close, scope)
}

/// Returns the position of the closing bar. A bar at the beginning or behind a
/// sign opens another norm: it has no expression to close.
fn closing(rest: &[Piece], double: bool) -> Option<usize> {
    let (mut depth, mut bars) = (0_i32, 0);
    let mut opens = true;
    for (place, piece) in rest.iter().enumerate() {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            P::Bar { double: other } if depth == 0 && *other == double => {
                if opens {
                    bars += 1;
                    continue;
                }
                if bars == 0 {
                    return Some(place);
                }
                bars -= 1;
            }
            _ => {}
        }
        opens = matches!(piece.kind, P::Operator(_));
    }
    None
}

/// Reads `||x||`, with two single bars at each side.
pub(super) fn two_bars(
    open: &Piece,
    double: bool,
    rest: &[Piece],
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Option<Result<Expr>> {
    let bar = |piece: &Piece| piece.kind == P::Bar { double: false };
    let first = rest.first().filter(|first| bar(first) && !double)?;
    if first.span.start != open.span.end {
        return None;
    }
    let mut depth = 0_i32;
    let place = rest.iter().skip(1).position(|piece| {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        depth == 0 && bar(piece)
    })? + 1;
    let (third, fourth) = (rest.get(place)?, rest.get(place + 1)?);
    if !bar(fourth) || third.span.end != fourth.span.start {
        return None;
    }
    let bare = |piece: &Piece| piece.sub.is_none() && piece.sup.is_none();
    let span = open.span.to(fourth.span);
    if !bare(first) || !bare(third) {
        let message = "a script within a norm";
        return Some(Err(Problem::new(span, message)));
    }
    cursor.next += place + 2;
    let inner = match expression(&rest[1..place], scope) {
        Ok(inner) => inner,
        Err(problem) => return Some(Err(problem)),
    };
    let norm = Expr::new(Kind::Norm(Box::new(inner)), span);
    let two = |sub: &[Piece]| spelled(sub) == "2";
    if fourth.sub.as_deref().is_some_and(two) {
        return Some(raised(norm, fourth, scope));
    }
    Some(scripted(norm, fourth, scope))
}
