//! Derivatives and integrals.

use super::Scope;
use super::brackets::bracket;
use super::expression::{Cursor, expression, product};
use super::names::head;
use super::pieces::{Kind as P, Piece};
use crate::expr::{Derivative, Expr, Integral, Kind};
use crate::span::{Problem, Result};

/// The d of a differential, by its spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum D {
    /// `d`, which may also be a symbol.
    Letter,
    /// `\mathrm d`
    Upright,
    /// `\partial`
    Partial,
}

/// Returns the spelling of a differential's d. Ignores its power.
fn differential(piece: &Piece) -> Option<D> {
    if piece.sub.is_some() {
        return None;
    }
    match &piece.kind {
        P::Letter(text) if text == "d" => Some(D::Letter),
        P::Letter(text) if text == "\\partial" => Some(D::Partial),
        P::Styled(font, body) => match body.as_slice() {
            [only]
                if matches!(&**font, "mathrm" | "rm" | "textrm")
                    && only.kind == P::Letter("d".into()) =>
            {
                Some(D::Upright)
            }
            _ => None,
        },
        P::Word(text) if text == "d" => Some(D::Upright),
        _ => None,
    }
}

/// Returns the order in a superscript.
fn order(sup: Option<&[Piece]>) -> Option<u32> {
    match sup {
        None => Some(1),
        Some([Piece { kind: P::Digit(c), sub: None, sup: None, .. }]) => {
            c.to_digit(10).filter(|order| *order > 0)
        }
        Some(_) => None,
    }
}

/// Returns whether the notation declares `d`.
fn d_is_declared(scope: &Scope) -> bool {
    scope.is_whole("d")
        || scope.notation.symbols.keys().any(|id| id.name == "d")
}

/// Reads `\frac{d}{da}` and its operand. Returns `None` for a quotient.
pub(super) fn derivative(
    piece: &Piece,
    over: &[Piece],
    under: &[Piece],
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Option<Result<Expr>> {
    let (first, rest) = over.split_first()?;
    let (second, by) = under.split_first()?;
    let (above, below) = (differential(first)?, differential(second)?);
    if by.is_empty() && below == D::Letter && d_is_declared(scope) {
        return None; // d over d
    }
    let bad = |message: &str| {
        Problem::new(piece.extent(), message)
            .hint("write a derivative as \\frac{\\mathrm d}{\\mathrm d a}")
    };
    if above != below {
        return Some(Err(bad("a derivative with two kinds of d")));
    }
    if above == D::Letter && d_is_declared(scope) {
        let sums =
            |p: &Piece| matches!(&p.kind, P::Operator(sign) if sign != "/");
        if rest.iter().any(sums) && matches!(rest[0].kind, P::Operator(_))
            || matches!(by[0].kind, P::Operator(_))
        {
            return None;
        }
        if !rest.is_empty() || by.len() != 1 || cursor.peek().is_none() {
            let message = "is d the size or a differential?";
            return Some(Err(bad(message)));
        }
    }
    if second.sup.is_some() {
        return Some(Err(bad(
            "the order stands above the d and above the variable",
        )));
    }
    Some(read_derivative(piece, first, rest, by, above, cursor, scope))
}

fn read_derivative(
    piece: &Piece,
    first: &Piece,
    rest: &[Piece],
    by: &[Piece],
    d: D,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let bad = |message: &str| {
        Problem::new(piece.extent(), message)
            .hint("write a derivative as \\frac{\\mathrm d}{\\mathrm d a}")
    };
    let [by] = by else {
        return Err(bad("a derivative by more than one symbol"));
    };
    let order_above = order(first.sup.as_deref());
    let mut by = by.clone();
    let order_below = match order_above {
        Some(1) => Some(1),
        _ => order(by.sup.take().as_deref()),
    };
    let (Some(order), true) = (order_above, order_above == order_below) else {
        return Err(bad("the orders above and below are not the same"));
    };
    let variable = expression(&[by], scope)?;
    let Kind::Symbol(by) = variable.kind else {
        return Err(bad("a derivative by what is no symbol"));
    };
    if !by.arguments.is_empty() {
        return Err(bad("a derivative by a function"));
    }
    if piece.sub.is_some() || piece.sup.is_some() {
        return Err(bad("a script on a derivative"));
    }
    let of = if rest.is_empty() {
        let Some(next) = cursor.peek() else {
            return Err(bad("a derivative without an expression"));
        };
        let opens = matches!(next.kind, P::Open(_));
        let (of, whole) = operand(cursor, scope)?;
        if opens && !whole {
            let message = "how far does this derivative reach?";
            return Err(bad(message));
        }
        of
    } else {
        expression(rest, scope)?
    };
    let span = piece.extent().to(of.span);
    let partial = d == D::Partial;
    let gradient = false;
    let derivative = Derivative { by, order, partial, gradient, of };
    Ok(Expr::new(Kind::Derivative(Box::new(derivative)), span))
}

/// Reads the operand of an operator: the product behind it. Also returns
/// whether brackets enclose the whole operand.
pub(super) fn operand(
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<(Expr, bool)> {
    let before = cursor.next;
    let of = product(cursor, scope)?;
    let taken = &cursor.pieces[before..cursor.next];
    let whole = bracket(taken).is_some_and(|(length, _)| length == taken.len());
    Ok((of, whole))
}

/// Reads an integral `\int_a^b … da`, after its sign.
pub(super) fn integral(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let bad = |message: &str| {
        Problem::new(piece.extent(), message)
            .hint("write an integral as \\int_0^1 a \\,\\mathrm{d}a")
    };
    let (Some(from), Some(to)) = (&piece.sub, &piece.sup) else {
        return Err(bad("an integral without both ends"));
    };
    let (from, to) = (expression(from, scope)?, expression(to, scope)?);
    let rest = &cursor.pieces[cursor.next..];
    let place = place_of_differential(rest, &bad)?;
    let by = rest[place + 1].clone();
    let variable = expression(&[by], scope)?;
    let Kind::Symbol(by) = variable.kind else {
        return Err(bad("an integral over what is no symbol"));
    };
    if scope.is_whole(&by.name) || !by.arguments.is_empty() {
        return Err(bad("an integral over what is no real number"));
    }
    let goes_on = rest.get(place + 2).is_some_and(|next| {
        !matches!(
            next.kind,
            P::Operator(_) | P::Relation(_) | P::Comma(_) | P::Text(_)
        ) && !next.wide
    });
    if place == 0 && goes_on {
        return Err(bad("does what follows stand under this integral?"));
    }
    let body = match &rest[..place] {
        [] => Expr::new(Expr::whole(1).kind, variable.span),
        body => expression(body, scope)?,
    };
    cursor.next += place + 2;
    let span = piece.extent().to(variable.span);
    let integral = Integral { by, from, to, body };
    Ok(Expr::new(Kind::Integral(Box::new(integral)), span))
}

/// Returns the position of an integral's d. Inner integrals end before it.
fn place_of_differential(
    rest: &[Piece],
    bad: &impl Fn(&str) -> Problem,
) -> Result<usize> {
    let mut depth = 0_i32;
    // The positions of each d and of each inner integral sign.
    let (mut places, mut signs) = (vec![], vec![]);
    for (i, piece) in rest.iter().enumerate() {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            P::Big(name) if name == "\\int" && depth == 0 => signs.push(i),
            _ => {}
        }
        let symbol = rest.get(i + 1).and_then(head);
        if depth == 0
            && piece.sup.is_none()
            && let Some(d) = differential(piece)
            && symbol.is_some()
        {
            places.push((i, d));
        }
    }
    let uprights = places.iter().filter(|(_, d)| *d == D::Upright).count();
    if uprights > 0 {
        places.retain(|(_, d)| *d == D::Upright);
    }
    if places.is_empty() {
        return Err(bad("over what is this integral?"));
    }
    let unclear = places.iter().any(|(_, d)| *d == D::Partial)
        || uprights == 0 && places.len() != signs.len() + 1;
    if unclear {
        return Err(bad("which d is the one of the integral?"));
    }
    for (i, (place, _)) in places.iter().enumerate() {
        let begun = signs.iter().filter(|sign| *sign < place).count();
        if begun == i {
            return Ok(*place);
        }
    }
    Err(bad("over what is this integral?"))
}
