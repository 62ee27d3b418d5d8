//! Numbers, with their points, thousands and percent signs.

use super::Scope;
use super::expression::Cursor;
use super::pieces::{Kind as P, Piece};
use super::primary::scripted;
use crate::expr::{Expr, Kind};
use crate::span::{Problem, Result};

/// Reads digits with no space between them as one number. The last digit may
/// have a power.
pub(super) fn number(
    first: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let (mut text, mut span, mut last) = (String::new(), first.span, first);
    let mut next = Some(first);
    while let Some(Piece { kind: P::Digit(c), .. }) = next {
        text.push(*c);
        span = span.to(last.span);
        if last.sub.is_some() || last.sup.is_some() {
            break;
        }
        next = cursor
            .peek()
            .filter(|p| matches!(p.kind, P::Digit(_)) && !p.spaced);
        if let Some(piece) = next {
            cursor.take();
            last = piece;
        }
    }
    if text.ends_with('.') {
        let message = "a number that ends with a point";
        return Err(Problem::new(span, message));
    }
    let decimals = text.split_once('.').map_or("", |(_, after)| after);
    let digits = text.replacen('.', "", 1).parse::<i64>();
    let (Ok(digits), Ok(decimals @ 0..=18)) =
        (digits, u32::try_from(decimals.len()))
    else {
        let message = "this is not a number of at most 18 digits";
        return Err(Problem::new(span, message));
    };
    // `1\,000` looks like a thousand, `2\,3` like a product.
    let rest = cursor.pieces.get(cursor.next..).unwrap_or(&[]);
    let group = rest.iter().take_while(|p| matches!(p.kind, P::Digit(_)));
    let behind = group.count();
    let is_long = behind > 1 || text.len() > 1;
    let mut all = rest.iter().take(behind);
    let split = all.any(|p| p.kind == P::Digit('.')) || text.contains('.');
    if last.sup.is_none()
        && behind > 0
        && (is_long || split)
        && let Some(next) = rest.first().filter(|first| first.spaced)
    {
        let message = "a space between digits: one number, or a product?";
        return Err(Problem::new(span.to(next.span), message)
            .hint("write 1{,}000 for a number, \\cdot for a product"));
    }
    if last.sup.is_none()
        && let Some(next) = rest.first().filter(|next| is_fraction(next))
    {
        let message = "a number before a fraction: their sum, or a product?";
        return Err(Problem::new(span.to(next.extent()), message)
            .hint("write 1 + \\frac12 for the sum, \\cdot for the product"));
    }
    let is_e = |p: &&Piece| p.kind == P::Letter("e".into()) && !p.spaced;
    if let [e, exponent, ..] = rest
        && is_e(&e)
        && e.sup.is_none()
        && last.sup.is_none()
        && matches!(exponent.kind, P::Digit(_))
    {
        let message = "a number in floating-point notation, or a product?";
        return Err(Problem::new(span.to(exponent.span), message)
            .hint("write 10^3 for a power of ten"));
    }
    let number = Expr::new(Kind::Number { digits, decimals }, span);
    if let Some(sign) =
        cursor.peek().filter(|p| p.kind == P::Letter("\\%".into()))
    {
        cursor.take();
        if last.sub.is_some() || last.sup.is_some() {
            let message = "a power of a percentage";
            return Err(Problem::new(span.to(sign.span), message));
        }
        let hundred = Box::new(Expr::new(Expr::whole(100).kind, sign.span));
        let kind = Kind::Quotient(Box::new(number), hundred);
        return scripted(Expr::new(kind, span.to(sign.span)), sign, scope);
    }
    scripted(number, last, scope)
}

/// Returns whether a piece is a fraction of two numbers, such as `\frac12`.
fn is_fraction(piece: &Piece) -> bool {
    let number = |side: &[Piece]| {
        side.iter().all(|piece| matches!(piece.kind, P::Digit(_)))
    };
    match &piece.kind {
        P::Fraction(over, under) => number(over) && number(under),
        P::Group(inner) => {
            matches!(inner.as_slice(), [only] if is_fraction(only))
        }
        _ => false,
    }
}
