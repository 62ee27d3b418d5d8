//! `\sum` and `\prod`.

use super::Scope;
use super::expression::{Cursor, product};
use super::names::head;
use super::pieces::{Kind as P, Piece};
use super::running::{Running, running};
use crate::expr::{Big, Expr, Kind, Symbol};
use crate::relation::Relation;
use crate::span::{Problem, Result};

/// Reads `\sum_{s=1}^{t} body` or `\prod`. The body is the rest of the term.
pub(super) fn big(
    piece: &Piece,
    name: &str,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let running = running(piece, name, scope)?;
    let product_of = name == "\\prod";
    // A second product over the same index ends the body of the first.
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
            && runs.is_some_and(|head| {
                running.iter().any(|r| r.index == head.name)
            })
    };
    let places: Vec<bool> = rest.iter().map(again).collect();
    // Nested signs come directly behind each other.
    let nested =
        rest.iter().take_while(|p| matches!(p.kind, P::Big(_))).count();
    let end = places.iter().skip(nested).position(|&again| again);
    let end = end.map_or(rest.len(), |i| i + nested);
    let bound = scope.bound.len();
    scope.bound.extend(running.iter().map(|r| r.index.clone()));
    let mut inner = Cursor::new(&rest[..end]);
    let body = product(&mut inner, scope);
    cursor.next += inner.next.min(end);
    scope.bound.truncate(bound);
    let mut body = body?;
    let span = piece.extent().to(body.span);
    for one in running.into_iter().rev() {
        let Running { index, from, to, without, beside } = one;
        if let Some(beside) = beside.filter(|name| speaks_of(&body, name)) {
            let message = format!("does {beside} run here, too?");
            return Err(Problem::new(piece.extent(), message).hint(format!(
                "write both ends, as in {name}_{{1 \\le s < r \\le T}}"
            )));
        }
        if !without.is_empty() {
            body = left_out(body, &index, without, product_of);
        }
        let big = Big { product: product_of, index, from, to, body };
        body = Expr::new(Kind::Big(Box::new(big)), span);
    }
    Ok(body)
}

/// Returns whether an expression contains an index.
fn speaks_of(body: &Expr, name: &str) -> bool {
    let mut found = false;
    body.visit(&mut |e| {
        found |= matches!(&e.kind, Kind::Symbol(s) if s.name == name);
    });
    found
}

/// Returns the body where the index differs from some values, and elsewhere the
/// neutral element: 0 in a sum, 1 in a product.
fn left_out(
    body: Expr,
    index: &str,
    without: Vec<Expr>,
    product: bool,
) -> Expr {
    let span = body.span;
    let symbol =
        Symbol { name: index.to_owned(), indices: vec![], arguments: vec![] };
    let index = Expr::new(Kind::Symbol(symbol), span);
    let conditions = without
        .into_iter()
        .map(|value| (index.clone(), Relation::NotEqual, value))
        .collect();
    let nothing = Expr::new(Expr::whole(i64::from(product)).kind, span);
    let cases = vec![(body, conditions), (nothing, vec![])];
    Expr::new(Kind::Cases(cases), span)
}
