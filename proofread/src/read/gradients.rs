//! Gradients: `\nabla_x f(x)`.

use super::Scope;
use super::calculus::operand;
use super::expression::{Cursor, expression};
use super::pieces::{Kind as P, Piece};
use crate::expr::{Derivative, Expr, Kind, names};
use crate::span::{Problem, Result};

/// Reads `\nabla_x` with its operand, after its name.
pub(super) fn gradient(
    piece: &Piece,
    by: &[Piece],
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let bad = |message: &str| {
        Problem::new(piece.extent(), message)
            .hint("write a gradient as \\nabla_x (…)")
    };
    if piece.sup.is_some() {
        return Err(bad("a power of a gradient"));
    }
    let Kind::Symbol(by) = expression(by, scope)?.kind else {
        return Err(bad("a gradient by what is no symbol"));
    };
    if !by.arguments.is_empty() {
        return Err(bad("a gradient by a function"));
    }
    let Some(next) = cursor.peek() else {
        return Err(bad("a gradient without an expression"));
    };
    let opens = matches!(next.kind, P::Open(_));
    let (of, whole) = operand(cursor, scope)?;
    // `\nabla_x f(x) g(x)`: only the last factor may contain x.
    let speaks = |factor: &Expr| {
        let mut found = false;
        factor.visit(&mut |e| found |= names(e).contains(&by.name));
        found
    };
    let unclear = match &of.kind {
        Kind::Product(factors) if !whole => {
            let last = factors.len() - 1;
            factors[..last].iter().any(speaks) || !speaks(&factors[last])
        }
        _ => false,
    };
    if opens && !whole || unclear {
        return Err(bad("how far does this gradient reach?"));
    }
    let span = piece.extent().to(of.span);
    let (order, partial, gradient) = (1, false, true);
    let derivative = Derivative { by, order, partial, gradient, of };
    Ok(Expr::new(Kind::Derivative(Box::new(derivative)), span))
}
