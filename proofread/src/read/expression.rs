//! Sums and products.

use super::Scope;
use super::pieces::{Kind as P, Piece};
use super::primary::factor;
use super::unexpected::unexpected;
use crate::expr::{Expr, Kind};
use crate::span::{Problem, Result, Span};

/// Pieces, and the position of the next piece.
pub(crate) struct Cursor<'a> {
    pub(crate) pieces: &'a [Piece],
    pub(crate) next: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(pieces: &'a [Piece]) -> Self {
        Self { pieces, next: 0 }
    }

    pub(crate) fn peek(&self) -> Option<&'a Piece> {
        self.pieces.get(self.next)
    }

    pub(crate) fn take(&mut self) -> Option<&'a Piece> {
        let piece = self.pieces.get(self.next);
        self.next += 1;
        piece
    }

    /// Returns the span of the next piece, or the end of the last.
    pub(crate) fn here(&self) -> Span {
        match (self.peek(), self.pieces.last()) {
            (Some(piece), _) => piece.span,
            (None, Some(last)) => {
                let end = last.extent().end;
                Span::new(end, end)
            }
            (None, None) => Span::default(),
        }
    }

    /// Takes the pieces up to the bracket that closes `open`, and that bracket.
    pub(crate) fn until_close(
        &mut self,
        open: &Piece,
    ) -> Result<(&'a [Piece], &'a Piece)> {
        let start = self.next;
        let mut depth = 0_usize;
        while let Some(piece) = self.take() {
            match &piece.kind {
                P::Open(_) => depth += 1,
                P::Close(close) if depth == 0 => {
                    if !fits(open, close) {
                        let message = "this bracket closes another kind";
                        return Err(Problem::new(piece.span, message));
                    }
                    return Ok((&self.pieces[start..self.next - 1], piece));
                }
                P::Close(_) => depth -= 1,
                _ => {}
            }
        }
        let message = "this bracket is not closed";
        Err(Problem::new(open.span, message))
    }
}

/// Returns whether a bracket closes the kind that another opened.
fn fits(open: &Piece, close: &str) -> bool {
    let P::Open(open) = &open.kind else { return true };
    matches!(
        (open.as_str(), close),
        ("(", ")")
            | ("[" | "\\lbrack", "]" | "\\rbrack")
            | ("\\{" | "\\lbrace", "\\}" | "\\rbrace")
            | ("\\langle", "\\rangle")
            | ("\\lfloor", "\\rfloor")
            | ("\\lceil", "\\rceil")
    )
}

/// Reads all pieces as one expression.
pub(crate) fn expression(pieces: &[Piece], scope: &mut Scope) -> Result<Expr> {
    // Braces around a whole expression have no meaning.
    if let [only] = pieces
        && let P::Group(inner) = &only.kind
        && only.sub.is_none()
        && only.sup.is_none()
        && only.label.is_empty()
        && matches!(inner.first().map(|p| &p.kind), Some(P::Operator(_)))
    {
        return expression(inner, scope);
    }
    let mut cursor = Cursor::new(pieces);
    let result = sum(&mut cursor, scope)?;
    match cursor.peek() {
        None => Ok(result),
        Some(piece) => Err(unexpected(piece)),
    }
}

/// Reads terms with their signs.
fn sum(cursor: &mut Cursor, scope: &mut Scope) -> Result<Expr> {
    let start = cursor.here();
    let mut terms = vec![];
    let mut sign = sign(cursor)?;
    loop {
        let term = product(cursor, scope)?;
        terms.push((sign == Some(true), term));
        let leading = cursor.here();
        sign = self::sign(cursor)?;
        if sign.is_none() {
            break;
        }
        if cursor.peek().is_none() {
            return Err(Problem::new(leading, "nothing follows this sign"));
        }
    }
    let span = terms.iter().map(|(_, t)| t.span).fold(start, Span::to);
    match terms.as_slice() {
        [(false, only)] => Ok(only.clone()),
        _ => Ok(Expr::new(Kind::Sum(terms), span)),
    }
}

/// Reads a sign; true is a minus.
fn sign(cursor: &mut Cursor) -> Result<Option<bool>> {
    let Some(piece) = cursor.peek() else { return Ok(None) };
    let P::Operator(operator) = &piece.kind else { return Ok(None) };
    let minus = match operator.as_str() {
        "+" => false,
        "-" | "−" => true,
        "\\pm" | "\\mp" => {
            let message = "two signs at once are two claims";
            return Err(Problem::new(piece.span, message)
                .hint("write one line for each sign"));
        }
        _ => return Ok(None),
    };
    cursor.take();
    Ok(Some(minus))
}

/// Reads factors, side by side or with a sign between them.
pub(super) fn product(cursor: &mut Cursor, scope: &mut Scope) -> Result<Expr> {
    let mut factors: Vec<Expr> = vec![];
    let mut divided = None; // the span of a slash just before
    let mut slashes = 0;
    let mut signed = true; // whether a sign was last
    while let Some(piece) = cursor.peek() {
        match &piece.kind {
            P::Operator(op) => match op.as_str() {
                "*" | "∗" | "\\ast" | "\\cdot" | "⋅" | "\\times" | "×" => {
                    cursor.take();
                    if signed && !factors.is_empty() {
                        let message = "two signs in a row";
                        return Err(Problem::new(piece.span, message));
                    }
                    if factors.is_empty() || cursor.peek().is_none() {
                        let message = "a factor is missing beside this sign";
                        return Err(Problem::new(piece.span, message));
                    }
                    divided = None;
                    signed = true;
                    continue;
                }
                "/" => {
                    cursor.take();
                    slashes += 1;
                    if slashes > 40 {
                        let message = "too many slashes in a row";
                        return Err(Problem::new(piece.span, message));
                    }
                    slash(piece, cursor, scope, &mut factors)?;
                    divided = Some(piece.span);
                    continue;
                }
                _ => break,
            },
            P::Relation(_)
            | P::Comma(_)
            | P::Close(_)
            | P::Break
            | P::Line
            | P::Cell
            | P::Column => break,
            _ => {}
        }
        if piece.wide && !signed {
            let message = "a wide space stands before this";
            return Err(Problem::new(piece.extent(), message)
                .hint("write a sign, such as \\cdot, for a product"));
        }
        signed = false;
        if let Some(span) = divided {
            let message = "what does this slash divide by?";
            return Err(Problem::new(span, message).hint(
                "put the denominator in brackets, or write \\frac{…}{…}",
            ));
        }
        match factor(cursor, scope)? {
            Some(factor) => factors.push(factor),
            None => break,
        }
    }
    if signed && !factors.is_empty() {
        let message = "a factor is missing behind this sign";
        let last = factors.last().map_or(cursor.here(), |f| f.span);
        return Err(Problem::new(last.to(cursor.here()), message).hint(
            "put a factor with a sign in brackets, as in 2 \\cdot (-3)",
        ));
    }
    let Some(first) = factors.first() else {
        let message = match cursor.peek() {
            Some(piece) if matches!(piece.kind, P::Operator(_)) => {
                "an expression is missing before this sign"
            }
            _ => "an expression is missing here",
        };
        return Err(Problem::new(cursor.here(), message));
    };
    let span = factors.iter().map(|f| f.span).fold(first.span, Span::to);
    factors = inner_products(factors)?;
    if factors.len() == 1 {
        return Ok(factors.swap_remove(0));
    }
    Ok(Expr::new(Kind::Product(factors), span))
}

/// Divides the factors before a slash by the one factor behind: `a b / c`.
fn slash(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
    factors: &mut Vec<Expr>,
) -> Result<()> {
    if factors.is_empty() {
        let message = "nothing stands before this slash";
        return Err(Problem::new(piece.span, message));
    }
    let Some(below) = factor(cursor, scope)? else {
        return Err(Problem::new(piece.span, "nothing follows this slash"));
    };
    let above = std::mem::take(factors);
    let span = above.iter().map(|f| f.span).fold(below.span, Span::to);
    let above = match above.as_slice() {
        [only] => only.clone(),
        _ => Expr::new(Kind::Product(above), span),
    };
    let quotient = Kind::Quotient(Box::new(above), Box::new(below));
    factors.push(Expr::new(quotient, span));
    Ok(())
}

/// The symbol name of a factor with `^\top`, until its partner is found.
pub(super) const TRANSPOSED: &str = "\\top";

/// Replaces `x^\top y` by the inner product of `x` and `y`.
fn inner_products(factors: Vec<Expr>) -> Result<Vec<Expr>> {
    let mut result = vec![];
    let mut factors = factors.into_iter();
    while let Some(factor) = factors.next() {
        let Kind::Symbol(symbol) = &factor.kind else {
            result.push(factor);
            continue;
        };
        if symbol.name != TRANSPOSED {
            result.push(factor);
            continue;
        }
        let left = symbol.arguments[0].clone();
        let Some(right) = factors.next() else {
            let message = "a transposed vector without a vector behind it";
            return Err(Problem::new(factor.span, message));
        };
        let span = left.span.to(right.span);
        let inner = Kind::Inner(Box::new(left), Box::new(right));
        result.push(Expr::new(inner, span));
    }
    Ok(result)
}
