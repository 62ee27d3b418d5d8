//! Minima, maxima and cases.

use super::Scope;
use super::conditions::read_conditions;
use super::expression::{Cursor, expression, product};
use super::names::head;
use super::phrases::is_otherwise;
use super::pieces::{Kind as P, Piece};
use super::primary::{raise, split_commas};
use crate::expr::{Condition, Expr, Extremum, Kind, Symbol};
use crate::span::{Problem, Result, Span};

/// Reads `\min(a, b)` or `\min_a a^2`, after its word.
pub(super) fn extremum(
    piece: &Piece,
    maximum: bool,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let bad = |message: &str| Problem::new(piece.extent(), message);
    if piece.sup.is_some() {
        return Err(bad("a power before the bracket"));
    }
    let Some(sub) = &piece.sub else {
        let list = "write it as \\min(a, b), or as \\min_a a^2";
        let Some(open) = cursor.peek() else {
            return Err(
                bad("a minimum or maximum without expressions").hint(list)
            );
        };
        if !matches!(open.kind, P::Open(_)) {
            return Err(
                bad("a minimum or maximum without expressions").hint(list)
            );
        }
        cursor.take();
        let (inside, close) = cursor.until_close(open)?;
        let of = split_commas(inside)
            .into_iter()
            .map(|part| expression(part, scope))
            .collect::<Result<Vec<_>>>()?;
        if of.len() < 2 {
            return Err(bad("the least of one value").hint(list));
        }
        let span = piece.extent().to(close.span);
        if close.sub.is_some() {
            return Err(bad("a subscript on what is not a symbol"));
        }
        let extremum = Extremum { maximum, over: None, of };
        let expr = Expr::new(Kind::Extremum(Box::new(extremum)), span);
        return match &close.sup {
            Some(sup) => raise(expr, sup, scope),
            None => Ok(expr),
        };
    };
    let over = match expression(sub, scope)?.kind {
        Kind::Symbol(symbol) if !scope.is_whole(&symbol.name) => symbol,
        _ => {
            return Err(bad("what runs here must be a number of the notation")
                .hint("write \\min_a, and say in the notation where a lies"));
        }
    };
    let of = product(cursor, scope)?;
    reach(piece, &over, cursor)?;
    let span = piece.extent().to(of.span);
    let extremum = Extremum { maximum, over: Some(over), of: vec![of] };
    Ok(Expr::new(Kind::Extremum(Box::new(extremum)), span))
}

/// Refuses `\min_a a^2 - 2a`, where the end of the operand is unclear.
pub(super) fn reach(
    piece: &Piece,
    over: &Symbol,
    cursor: &Cursor,
) -> Result<()> {
    let rest = cursor.pieces.get(cursor.next..).unwrap_or(&[]);
    if speaks(rest, &over.name) {
        let message = "how far does this reach?";
        return Err(Problem::new(piece.extent(), message)
            .hint("put what it is taken of in brackets"));
    }
    Ok(())
}

/// Returns whether pieces contain a name.
fn speaks(pieces: &[Piece], name: &str) -> bool {
    pieces.iter().any(|piece| {
        let inside = match &piece.kind {
            P::Group(inner) | P::Root(_, inner) => speaks(inner, name),
            P::Fraction(a, b) => speaks(a, name) || speaks(b, name),
            _ => false,
        };
        inside || head(piece).is_some_and(|head| head.name == name)
    })
}

/// Reads the rows of `\begin{cases}`.
pub(super) fn cases(
    piece: &Piece,
    rows: &[Vec<Vec<Piece>>],
    scope: &mut Scope,
) -> Result<Expr> {
    let mut all = vec![];
    for (i, row) in rows.iter().enumerate() {
        let (value, condition) = match row.as_slice() {
            [value, condition] => (value, condition),
            [value] => (value, &vec![]),
            _ => {
                let message = "a case has a value and a condition";
                return Err(Problem::new(piece.span, message));
            }
        };
        let value = expression(bare(value), scope)?;
        let given = case(bare(condition), value.span, scope)?;
        if given.is_empty() && i + 1 < rows.len() {
            let message = "only the last case may be without a condition";
            return Err(Problem::new(value.span, message));
        }
        all.push((value, given));
    }
    Ok(Expr::new(Kind::Cases(all), piece.span))
}

/// Removes a comma or a full stop at the end.
fn bare(pieces: &[Piece]) -> &[Piece] {
    match pieces {
        [rest @ .., last]
            if matches!(last.kind, P::Comma(_) | P::Digit('.')) =>
        {
            rest
        }
        pieces => pieces,
    }
}

/// Reads the conditions of a case; `otherwise` gives none.
fn case(
    pieces: &[Piece],
    value: Span,
    scope: &mut Scope,
) -> Result<Vec<Condition>> {
    let hint = "write a condition, or \\text{otherwise} in the last row";
    match pieces {
        [] => {
            let message = "a case without a condition";
            return Err(Problem::new(value, message).hint(hint));
        }
        [only] if matches!(&only.kind, P::Text(text) | P::Word(text) if is_otherwise(text)) =>
        {
            return Ok(vec![]);
        }
        _ => {}
    }
    read_conditions(pieces, scope).map_err(|problem| problem.hint(hint))
}
