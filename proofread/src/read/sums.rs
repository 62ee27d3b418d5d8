//! `\sum` and `\prod`.

use super::Scope;
use super::expression::{Cursor, expression, product};
use super::names::{Head, head};
use super::pieces::{Kind as P, Piece};
use crate::expr::{Big, Expr, Kind};
use crate::span::{Problem, Result};

/// `\sum_{s=1}^{t} body` and `\prod`: the body is the rest of the term.
pub(super) fn big(
    piece: &Piece,
    name: &str,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let bad = |message: &str| {
        Problem::new(piece.extent(), message)
            .hint(format!("write {name}_{{s=1}}^{{T}}"))
    };
    let sub = piece.sub.as_deref().unwrap_or(&[]);
    let (first, rest) = sub
        .split_first()
        .ok_or_else(|| bad("the running index is not said"))?;
    let Some(Head { name: index, sub: None, sup: None }) = head(first) else {
        return Err(bad("this cannot be a running index"));
    };
    let declared = scope.notation.indices.get(&index).cloned();
    let mut from = match rest.split_first() {
        None => None,
        Some((relation, value)) => {
            let value = expression(value, scope)?;
            let P::Relation(text) = &relation.kind else {
                return Err(bad("the range of the index is not clear"));
            };
            match text.as_str() {
                // `_{t = 1}` alone is one value, not the first of several.
                "=" if piece.sup.is_none() => {
                    return Err(bad("the end of the range is not said"));
                }
                "=" | "\\ge" | "\\geq" | "≥" => Some(value),
                ">" => {
                    let kind = Kind::Sum(vec![
                        (false, value),
                        (false, Expr::whole(1)),
                    ]);
                    Some(Expr::new(kind, relation.span))
                }
                _ => return Err(bad("the range of the index is not clear")),
            }
        }
    };
    let mut to = match &piece.sup {
        Some(sup) => Some(expression(sup, scope)?),
        None => None,
    };
    // A range that is not written out is that of the notation.
    if let Some((low, high)) = declared {
        from = from.or_else(|| Some(low.expr()));
        to = to.or_else(|| Some(high.expr()));
    }
    let (Some(from), Some(to)) = (from, to) else {
        return Err(bad("the range of the index is not said"));
    };
    // A second product over the same index is not within the first.
    let rest = &cursor.pieces[cursor.next..];
    let mut depth = 0_i32;
    let again = |piece: &Piece| {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        let runs = piece.sub.as_deref().and_then(|sub| head(sub.first()?));
        depth == 0
            && matches!(piece.kind, P::Big(_))
            && runs.is_some_and(|head| head.name == index)
    };
    let places: Vec<bool> = rest.iter().map(again).collect();
    // Nested ones stand right behind each other.
    let nested =
        rest.iter().take_while(|p| matches!(p.kind, P::Big(_))).count();
    let end = places.iter().skip(nested).position(|&again| again);
    let end = end.map_or(rest.len(), |i| i + nested);
    scope.bound.push(index.clone());
    let mut inner = Cursor::new(&rest[..end]);
    let body = product(&mut inner, scope);
    cursor.next += inner.next.min(end);
    scope.bound.pop();
    let body = body?;
    let span = piece.extent().to(body.span);
    let product = name == "\\prod";
    let big = Big { product, index, from, to, body };
    Ok(Expr::new(Kind::Big(Box::new(big)), span))
}
