//! Expectations, and the variables that they are taken over.

use super::Scope;
use super::densities::{density, family_of, variables};
use super::drawn::drawn;
use super::expression::{Cursor, expression, product};
use super::names::head;
use super::pieces::{Kind as P, Piece};
use super::primary::{raise, split_commas};
use super::probability::{misplaced, plain_close, process};
use super::symbols::symbol;
use crate::expr::{Expectation, Expr, Kind, Over, Variables};
use crate::span::{Problem, Result, Span};

/// The parts of an expectation: its subscript and its bracket.
pub(super) struct Written<'a> {
    pub(super) over: Vec<Over>,
    /// The content of the bracket before a condition; `None` without a bracket.
    pub(super) inside: Option<&'a [Piece]>,
    pub(super) given: Vec<Variables>,
    pub(super) end: Span,
    /// The superscript of the bracket.
    pub(super) power: Option<&'a [Piece]>,
}

/// Reads the subscript and the bracket of an expectation, after its name.
pub(super) fn written<'a>(
    piece: &Piece,
    cursor: &mut Cursor<'a>,
    scope: &mut Scope,
) -> Result<Written<'a>> {
    if piece.sup.is_some() {
        return Err(misplaced(piece));
    }
    let mut over = vec![];
    if let Some(sub) = &piece.sub {
        for part in split_commas(sub) {
            over.push(one_over(part, piece, scope)?);
        }
    }
    let missing =
        || Problem::new(piece.extent(), "an expectation without an expression");
    let next = cursor.peek().ok_or_else(missing)?;
    let (inside, end, power) = match &next.kind {
        P::Open(open) => {
            cursor.take();
            let (inside, close) = cursor.until_close(next)?;
            plain_close(close)?;
            if open == "(" && close.sup.is_some() {
                let span = piece.extent().to(close.extent());
                let message = "a power of the mean, or the mean of a power?";
                return Err(Problem::new(span, message)
                    .hint("write \\mathbb E[a]^2, or \\mathbb E[(a)^2]"));
            }
            (inside, close.span, &close.sup)
        }
        P::Group(inner) => {
            plain_close(next)?;
            cursor.take();
            let inner = match inner.as_slice() {
                [open, inside @ .., close]
                    if matches!(open.kind, P::Open(_))
                        && matches!(close.kind, P::Close(_)) =>
                {
                    inside
                }
                inside => inside,
            };
            (inner, next.span, &next.sup)
        }
        _ => {
            let (inside, given, power) = (None, vec![], None);
            let end = piece.extent();
            return Ok(Written { over, inside, given, end, power });
        }
    };
    let (inside, given) = split_condition(inside);
    let mut conditions = vec![];
    if let Some(given) = given {
        let close = Piece::new(P::Group(vec![]), end);
        for part in split_commas(given) {
            let name = family_of(part, scope);
            conditions.push(variables(part, &name, &close, scope)?);
        }
    }
    let (inside, power) = (Some(inside), power.as_deref());
    Ok(Written { over, inside, given: conditions, end, power })
}

/// Reads an expectation `\mathbb E_{…}[…]`, after its name.
pub(super) fn expectation(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let Written { over, inside, given, end, power } =
        written(piece, cursor, scope)?;
    let body = match inside {
        Some(inside) => expression(inside, scope),
        None => product(cursor, scope),
    }?;
    let end = if inside.is_some() { end } else { body.span };
    let span = piece.extent().to(body.span).to(end);
    let expectation = Expectation { over, body, given };
    let expr = Expr::new(Kind::Expectation(Box::new(expectation)), span);
    match power {
        Some(sup) => raise(expr, sup, scope),
        None => Ok(expr),
    }
}

/// Splits at the last single bar that is in no bracket and in no pair. The
/// condition follows this bar.
pub(super) fn split_condition(
    pieces: &[Piece],
) -> (&[Piece], Option<&[Piece]>) {
    let mut depth = 0_i32;
    let mut bars = vec![];
    for (i, piece) in pieces.iter().enumerate() {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            P::Bar { double: false } if depth == 0 => bars.push(i),
            _ => {}
        }
    }
    match bars.as_slice() {
        // A bar with a script belongs to a norm.
        [.., last]
            if bars.len() % 2 == 1
                && pieces[*last].sub.is_none()
                && pieces[*last].sup.is_none() =>
        {
            (&pieces[..*last], Some(&pieces[last + 1..]))
        }
        _ => (pieces, None),
    }
}

/// Reads one entry of the subscript of an expectation.
pub(super) fn one_over(
    part: &[Piece],
    piece: &Piece,
    scope: &mut Scope,
) -> Result<Over> {
    let bad = || {
        let place = part.iter().map(Piece::extent);
        let place = place.reduce(crate::span::Span::to);
        Problem::new(
            place.unwrap_or(piece.extent()),
            "what the expectation is over is unclear",
        )
        .hint("write a process, a density, or variables")
    };
    let sign = part.iter().position(|p| {
        matches!(&p.kind, P::Relation(sign) if matches!(&**sign, "\\sim" | "∼"))
    });
    if let Some(sign) = sign {
        let (variable, law) = (&part[..sign], &part[sign + 1..]);
        return drawn(variable, law, piece, scope)?.ok_or_else(bad);
    }
    let (first, rest) = part.split_first().ok_or_else(bad)?;
    let head = head(first).ok_or_else(bad)?;
    if let Some(name) = process(&head, scope) {
        if head.sup.is_some() {
            return Err(bad());
        }
        if rest.is_empty() {
            return Ok(Over::Process(name));
        }
        let mut cursor = Cursor::new(rest);
        let (density, close) = density(first, name, &mut cursor, scope)?;
        if cursor.peek().is_some() || close.sup.is_some() {
            return Err(bad());
        }
        return Ok(Over::Density(density));
    }
    if rest.is_empty()
        && head.sub.is_none()
        && head.sup.is_none()
        && scope.notation.indices.contains_key(&head.name)
    {
        return Ok(Over::Index(head.name, None));
    }
    let mut cursor = Cursor::new(rest);
    let expr = symbol(first, &mut cursor, scope)?;
    if cursor.peek().is_some() {
        return Err(bad());
    }
    match expr.kind {
        Kind::Symbol(symbol) if !scope.is_whole(&symbol.name) => {
            Ok(Over::Variable(symbol))
        }
        _ => Err(bad()),
    }
}
