//! Factors: numbers, symbols, brackets, functions and big operators.

use super::brackets::bracket;
use super::expression::{Cursor, TRANSPOSED, expression};
use super::functions::word;
use super::names::head;
use super::norms::{norm, scripted_norm};
use super::numbers::number;
use super::pieces::{Kind as P, Piece};
use super::probability::process;
use super::reasons::label_states;
use super::sums::big;
use super::symbols::symbol;
use super::unexpected::unexpected;
use super::{Scope, calculus, extremes};
use crate::expr::{Expr, Kind, Symbol};
use crate::span::{Problem, Result, Span};

/// Returns another meaning that a reader may see in brackets that are not
/// round. Braces around a bracket, and square brackets around more than a name,
/// are brackets.
fn more_than_a_bracket(open: &str, inside: &[Piece]) -> Option<&'static str> {
    let is_name = |pieces: &[Piece]| {
        matches!(
            pieces.first().map(|p| &p.kind),
            Some(P::Letter(_) | P::Accent(..) | P::Styled(..) | P::Digit(_))
        ) && pieces.len() == 1
    };
    let holds_bracket = || inside.iter().any(|p| matches!(p.kind, P::Open(_)));
    match open {
        "\\langle" => Some("a mean"),
        "\\{" | "\\lbrace" if !holds_bracket() => Some("a set"),
        "[" | "\\lbrack" if is_name(inside) => Some("a whole part"),
        _ => None,
    }
}

/// The maximal nesting depth of expressions.
pub(super) const DEEPEST: usize = 100;

/// Reads the next factor with its power. Returns `None` if no factor follows.
pub(super) fn factor(
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Option<Expr>> {
    if scope.depth > DEEPEST {
        return Err(Problem::new(cursor.here(), "this nests too deep"));
    }
    scope.depth += 1;
    let start = cursor.next;
    let mut result = any_factor(cursor, scope);
    let read = cursor.pieces.get(start..cursor.next).unwrap_or_default();
    if let Some(stated) = read.iter().find_map(|p| stated(&p.label, scope)) {
        result = Err(label_states(stated));
    }
    scope.depth -= 1;
    result
}

/// Returns the span of a brace's label if the label is a formula, not a name:
/// `\underbrace{a}_{b}` says that `a` is `b`. So does `\text{equal to } b`.
fn stated(label: &[Piece], scope: &mut Scope) -> Option<Span> {
    let words = |p: &Piece| matches!(p.kind, P::Text(_));
    let parts = label.split(words).filter(|part| !part.is_empty());
    let mut formulas = parts.filter(|part| is_formula(part, scope));
    let span = formulas.next()?.iter().map(Piece::extent);
    span.reduce(Span::to)
}

fn is_formula(label: &[Piece], scope: &mut Scope) -> bool {
    let name = |p: &Piece| {
        matches!(
            p.kind,
            P::Letter(_) | P::Word(_) | P::Styled(..) | P::Accent(..)
        )
    };
    // `(1)` is the number of a term.
    let number = matches!(
        (label.first().map(|p| &p.kind), label.last().map(|p| &p.kind)),
        (Some(P::Open(_)), Some(P::Close(_)))
    ) && label.len() == 3;
    let is_name = label.iter().all(name);
    let is_process = matches!(label, [only]
        if head(only).and_then(|head| process(&head, scope)).is_some());
    let is_known = is_process || expression(label, scope).is_ok();
    !number && (is_known || !is_name)
}

pub(super) fn any_factor(
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Option<Expr>> {
    let Some(piece) = cursor.take() else { return Ok(None) };
    match &piece.kind {
        P::Digit(_) => number(piece, cursor, scope).map(Some),
        P::Open(open) => {
            let (inside, close) = cursor.until_close(piece)?;
            if matches!(&**open, "\\lfloor" | "\\lceil") {
                let span = piece.span.to(close.span);
                let message = "rounding to a whole number has no meaning here";
                return Err(Problem::new(span, message));
            }
            // The inner product ⟨x, y⟩.
            if let ("\\langle", [x, y]) =
                (open.as_str(), split_commas(inside).as_slice())
            {
                let (x, y) = (expression(x, scope)?, expression(y, scope)?);
                let span = piece.span.to(close.span);
                let kind = Kind::Inner(Box::new(x), Box::new(y));
                return scripted(Expr::new(kind, span), close, scope).map(Some);
            }
            if let Some(meant) = more_than_a_bracket(open, inside) {
                let span = piece.span.to(close.span);
                let message = format!("is this a bracket, or {meant}?");
                return Err(Problem::new(span, message)
                    .hint("write ( ) around what belongs together"));
            }
            let mut inner = expression(inside, scope)?;
            inner.span = piece.span.to(close.span);
            scripted(inner, close, scope).map(Some)
        }
        P::Group(inside)
            if matches!(
                inside.first().map(|p| &p.kind),
                Some(P::Operator(_))
            ) =>
        {
            let message = "a sign within braces: is it one of the sum?";
            Err(Problem::new(piece.extent(), message)
                .hint("write brackets, or take the braces away"))
        }
        P::Group(inside) => {
            let mut inner = expression(inside, scope)?;
            inner.span = inner.span.to(piece.span);
            // \left\| … \right\| is a group.
            scripted_norm(inner, piece, scope).map(Some)
        }
        P::Bar { double } => norm(piece, *double, cursor, scope).map(Some),
        P::Fraction(over, under) => {
            if let Some(derivative) =
                calculus::derivative(piece, over, under, cursor, scope)
            {
                return derivative.map(Some);
            }
            let (over, under) =
                (expression(over, scope)?, expression(under, scope)?);
            let span = over.span.to(under.span).to(piece.span);
            let kind = Kind::Quotient(Box::new(over), Box::new(under));
            scripted(Expr::new(kind, span), piece, scope).map(Some)
        }
        P::Root(degree, inside) => {
            let inner = Box::new(expression(inside, scope)?);
            let span = piece.span.to(inner.span);
            let kind = match degree {
                2 => Kind::Root(inner),
                degree => Kind::OddRoot(*degree, inner),
            };
            let root = Expr::new(kind, span);
            scripted(root, piece, scope).map(Some)
        }
        P::Cases(rows) => {
            let cases = extremes::cases(piece, rows, scope)?;
            scripted(cases, piece, scope).map(Some)
        }
        P::Big(name) if name == "\\int" => {
            calculus::integral(piece, cursor, scope).map(Some)
        }
        P::Big(name) => big(piece, name, cursor, scope).map(Some),
        P::Word(text) => word(piece, text, cursor, scope).map(Some),
        // The zero vector, as in \mathbf{0}.
        P::Styled(_, digits)
            if digits.iter().all(|p| matches!(p.kind, P::Digit(_))) =>
        {
            if digits.iter().any(|p| p.kind != P::Digit('0')) {
                let message = "a number in a font of its own: what is it?";
                return Err(Problem::new(piece.extent(), message).hint(
                    "write a number without a font; an indicator or a vector \
                     of ones has no meaning here",
                ));
            }
            let mut inner = expression(digits, scope)?;
            inner.span = inner.span.to(piece.span);
            scripted(inner, piece, scope).map(Some)
        }
        P::Letter(_) | P::Accent(..) | P::Styled(..) => {
            symbol(piece, cursor, scope).map(Some)
        }
        P::Text(text) => {
            let message = format!("words within an expression: {text}");
            Err(Problem::new(piece.extent(), message))
        }
        _ => Err(unexpected(piece)),
    }
}

/// Raises an expression to the power of its last piece. Refuses a subscript.
pub(super) fn scripted(
    expr: Expr,
    piece: &Piece,
    scope: &mut Scope,
) -> Result<Expr> {
    if let Some(sub) = &piece.sub {
        let span = sub.first().map_or(piece.span, |p| p.span);
        let message = "a subscript on what is not a symbol";
        return Err(Problem::new(span, message));
    }
    raised(expr, piece, scope)
}

/// Raises an expression to the power in the piece's superscript.
pub(super) fn raised(
    base: Expr,
    piece: &Piece,
    scope: &mut Scope,
) -> Result<Expr> {
    match &piece.sup {
        Some(sup) => raise(base, sup, scope),
        None => Ok(base),
    }
}

pub(super) fn raise(
    base: Expr,
    sup: &[Piece],
    scope: &mut Scope,
) -> Result<Expr> {
    if let [only] = sup
        && only.kind == P::Letter("\\top".into())
    {
        let span = base.span.to(only.span);
        let name = TRANSPOSED.to_owned();
        let symbol = Symbol { name, indices: vec![], arguments: vec![base] };
        return Ok(Expr::new(Kind::Symbol(symbol), span));
    }
    if let [open, inner @ .., close] = sup
        && matches!(open.kind, P::Open(_))
        && bracket(sup).is_some_and(|(n, _)| n == sup.len())
        && inner.len() == 1
    {
        let span = open.span.to(close.span);
        let message = "a superscript in brackets: a label or a power?";
        return Err(Problem::new(span, message)
            .hint("write a power without brackets, a label as a subscript"));
    }
    let exponent = expression(sup, scope)?;
    let span = base.span.to(exponent.span);
    let kind = Kind::Power(Box::new(base), Box::new(exponent));
    Ok(Expr::new(kind, span))
}

pub(super) fn top_commas(pieces: &[Piece]) -> usize {
    split_commas(pieces).len() - 1
}

/// Splits at the commas that are in no bracket.
pub(super) fn split_commas(pieces: &[Piece]) -> Vec<&[Piece]> {
    let (mut parts, mut depth, mut start) = (vec![], 0_i32, 0);
    for (i, piece) in pieces.iter().enumerate() {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            P::Comma(_) if depth == 0 => {
                parts.push(&pieces[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&pieces[start..]);
    parts
}
