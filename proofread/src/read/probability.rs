//! Symbols that are not values: densities, Gaussians, expectations and
//! divergences.

use super::Scope;
use super::densities::density;
use super::expectations::expectation;
use super::expression::{Cursor, expression};
use super::gaussians::{IDENTITY, normal};
use super::gradients::gradient;
use super::names::{Head, spelled, with_sub};
use super::pieces::{Kind as P, Piece};
use super::primary::raise;
use super::variances::variance;
use crate::expr::{Expr, Function, Kind, Symbol};
use crate::span::{Problem, Result};

/// Reads a symbol that is not a value, if this is one.
pub(super) fn special(
    piece: &Piece,
    head: &Head,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Option<Result<Expr>> {
    let declared = scope.notation.symbols.keys().any(|id| id.name == head.name);
    let open = cursor.peek().is_some_and(|p| matches!(p.kind, P::Open(_)));
    match head.name.as_str() {
        "\\mathcal{N}" | "N" | "\\mathrm{N}" if open && !declared => {
            return Some(normal(piece, cursor, scope));
        }
        "e" if !declared && head.sup.is_some() && head.sub.is_none() => {
            return Some(exponential(piece, head, scope));
        }
        "e" if !declared
            && head.sup.is_none()
            && head.sub.is_none()
            && !scope.is_whole("e")
            && !scope.announced.iter().any(|id| id.name == "e") =>
        {
            let one = Expr::new(Expr::whole(1).kind, piece.span);
            let kind = Kind::Function(Function::Exp, Box::new(one));
            return Some(Ok(Expr::new(kind, piece.span)));
        }
        "\\pi" if !declared && head.sub.is_none() => {
            let name = head.name.clone();
            let symbol = Symbol { name, indices: vec![], arguments: vec![] };
            let pi = Expr::new(Kind::Symbol(symbol), piece.span);
            return Some(match &head.sup {
                Some(sup) => raise(pi, sup, scope),
                None => Ok(pi),
            });
        }
        "\\mathbb{E}" => return Some(expectation(piece, cursor, scope)),
        "\\nabla" if !declared && head.sub.is_some() => {
            let by = head.sub.as_deref().unwrap_or_default();
            return Some(gradient(piece, by, cursor, scope));
        }
        "\\mathbb{V}" if !declared => {
            return Some(variance(piece, "Var", cursor, scope));
        }
        "I" | "\\mathbf{I}" | "\\mathrm{I}" | "\\mathbb{I}" if !declared => {
            let size = head.sub.as_deref().map(spelled);
            let plain = head.sup.is_none()
                && size.is_none_or(|size| size == "d" && scope.is_whole("d"));
            if !plain {
                let message = "a script on the identity matrix";
                let hint = "write I, or I_d with the dimension d of vectors";
                let problem = Problem::new(piece.extent(), message);
                return Some(Err(problem.hint(hint)));
            }
            let name = IDENTITY.to_owned();
            let symbol = Symbol { name, indices: vec![], arguments: vec![] };
            return Some(Ok(Expr::new(Kind::Symbol(symbol), piece.span)));
        }
        "D" if !declared && head.sub.as_deref().is_some_and(is_kl) => {
            return Some(divergence(piece, cursor, scope));
        }
        _ => {}
    }
    let name = process(head, scope)?;
    if head.sup.is_some() {
        return Some(Err(misplaced(piece)));
    }
    if !open {
        let message = format!("{name} is a density without variables");
        let hint = format!("write {name}(…)");
        return Some(Err(Problem::new(piece.extent(), message).hint(hint)));
    }
    Some(density(piece, name, cursor, scope).and_then(|density| {
        let (density, close) = density;
        let span = piece.extent().to(close.span);
        let expr = Expr::new(Kind::Density(density), span);
        match &close.sup {
            Some(sup) => raise(expr, sup, scope),
            None => Ok(expr),
        }
    }))
}

/// Reads `e^x`.
pub(super) fn exponential(
    piece: &Piece,
    head: &Head,
    scope: &mut Scope,
) -> Result<Expr> {
    let exponent = expression(head.sup.as_deref().unwrap_or_default(), scope)?;
    let span = piece.span.to(exponent.span);
    let kind = Kind::Function(Function::Exp, Box::new(exponent));
    Ok(Expr::new(kind, span))
}

/// Returns the problem of a power between a name and its bracket.
pub(super) fn misplaced(piece: &Piece) -> Problem {
    Problem::new(piece.extent(), "a power before the bracket")
        .hint("write it behind: q(x)^2")
}

pub(super) fn is_kl(sub: &[Piece]) -> bool {
    let text = spelled(sub);
    text == "\\mathrm{KL}" || text == "KL"
}

/// Returns the name of a process, if the head is one.
pub(super) fn process(head: &Head, scope: &Scope) -> Option<String> {
    let name = match &head.sub {
        Some(sub) => with_sub(&head.name, sub),
        None => head.name.clone(),
    };
    scope.notation.processes.contains_key(&name).then_some(name)
}

/// Refuses a subscript behind a bracket.
pub(super) fn plain_close(close: &Piece) -> Result<()> {
    let Some(sub) = &close.sub else { return Ok(()) };
    let span = sub.iter().map(Piece::extent);
    let span = span.fold(close.span, crate::span::Span::to);
    Err(Problem::new(span, "a subscript on what is not a symbol"))
}

/// Refuses scripts on the bars of a density.
pub(super) fn plain_bars(pieces: &[Piece]) -> Result<()> {
    let scripted = pieces.iter().find(|piece| {
        matches!(piece.kind, P::Bar { .. })
            && (piece.sub.is_some() || piece.sup.is_some())
    });
    match scripted {
        Some(bar) => Err(Problem::new(bar.extent(), "a script on a bar")),
        None => Ok(()),
    }
}

/// Reads `\mathrm{KL}(p \,\|\, q)`, after its name.
pub(super) fn divergence(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let missing = || {
        Problem::new(piece.extent(), "a divergence without two distributions")
            .hint("write \\mathrm{KL}(p \\,\\|\\, q)")
    };
    if piece.sup.is_some() {
        return Err(misplaced(piece));
    }
    let named = spelled(std::slice::from_ref(piece));
    if piece.sub.is_some() && !named.starts_with('D') {
        let message = "a subscript on the name of the divergence";
        return Err(Problem::new(piece.extent(), message));
    }
    let open = cursor.take().ok_or_else(missing)?;
    let mut power = &open.sup;
    let (inside, end) = match &open.kind {
        P::Open(_) => {
            let (inside, close) = cursor.until_close(open)?;
            plain_close(close)?;
            power = &close.sup;
            (inside, close.span)
        }
        P::Group(inner) => match inner.as_slice() {
            [first, inside @ .., _] if matches!(first.kind, P::Open(_)) => {
                (inside, open.span)
            }
            _ => return Err(missing()),
        },
        _ => return Err(missing()),
    };
    plain_bars(inside)?;
    let mut parts = inside.split(|p| p.kind == P::Bar { double: true });
    let (Some(p), Some(q), None) = (parts.next(), parts.next(), parts.next())
    else {
        return Err(missing());
    };
    let (p, q) = (expression(p, scope)?, expression(q, scope)?);
    let span = piece.extent().to(end).to(q.span);
    let kind = Kind::Divergence(Box::new(p), Box::new(q));
    let expr = Expr::new(kind, span);
    match power {
        Some(sup) => raise(expr, sup, scope),
        None => Ok(expr),
    }
}
