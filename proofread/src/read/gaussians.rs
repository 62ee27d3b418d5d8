//! Gaussian densities and distributions.

use super::Scope;
use super::expression::{Cursor, expression};
use super::names::spelled;
use super::pieces::{Kind as P, Piece};
use super::primary::split_commas;
use super::probability::{misplaced, plain_close};
use crate::expr::{Expr, Kind, Normal};
use crate::span::{Problem, Result};

/// The symbol name of the identity matrix, until it is taken out.
pub(super) const IDENTITY: &str = "I";

/// Reads `\mathcal N(x; m, v I)`, after its name.
pub(super) fn normal(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    if piece.sup.is_some() {
        return Err(misplaced(piece));
    }
    if piece.sub.is_some() {
        let message = "a subscript on the name of the Gaussian";
        return Err(Problem::new(piece.extent(), message)
            .hint("write \\mathcal N(x; \\mu, \\sigma^2 I)"));
    }
    let missing =
        || Problem::new(piece.extent(), "a Gaussian without mean and variance");
    let open = cursor.take().ok_or_else(missing)?;
    let (inside, close) = cursor.until_close(open)?;
    plain_close(close)?;
    let parts = split_commas(inside);
    let commas: Vec<char> = commas(inside);
    let (at, mean, covariance) = match (parts.as_slice(), commas.as_slice()) {
        ([at, mean, covariance], [';', ',']) => (Some(*at), *mean, *covariance),
        ([mean, covariance], [',']) => (None, *mean, *covariance),
        _ => {
            let span = piece.extent().to(close.span);
            let message = "a Gaussian has a mean and a covariance";
            let hint = "write \\mathcal N(x; \\mu, \\sigma^2 I)";
            return Err(Problem::new(span, message).hint(hint));
        }
    };
    let at = at.map(|at| expression(at, scope)).transpose()?;
    let mean = expression(mean, scope)?;
    let (variance, with_identity) =
        without_identity(expression(covariance, scope)?)?;
    let span = piece.extent().to(close.span);
    // N(0, 1)^d: one independent Gaussian for each dimension.
    let power = close.sup.as_ref().map(|sup| spelled(sup));
    let of_vectors = match power.as_deref() {
        None => with_identity,
        Some("d") if !with_identity => true,
        Some(_) => {
            return Err(Problem::new(span, "a power of a distribution"));
        }
    };
    let normal = Normal { at, mean, variance, of_vectors };
    Ok(Expr::new(Kind::Normal(Box::new(normal)), span))
}

/// Returns the commas and semicolons outside brackets.
pub(super) fn commas(pieces: &[Piece]) -> Vec<char> {
    let mut depth = 0_i32;
    let mut found = vec![];
    for piece in pieces {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            P::Comma(comma) if depth == 0 => found.push(comma),
            _ => {}
        }
    }
    found
}

/// Returns `v` of a covariance `v I`, and whether `I` was there.
pub(super) fn without_identity(covariance: Expr) -> Result<(Expr, bool)> {
    let is_identity =
        |e: &Expr| matches!(&e.kind, Kind::Symbol(s) if s.name == IDENTITY);
    if is_identity(&covariance) {
        return Ok((Expr::whole(1), true));
    }
    let span = covariance.span;
    // `v I + w I` is `(v + w) I`, if each summand has an `I`.
    if let Kind::Sum(terms) = &covariance.kind {
        let own = terms.iter().map(|(minus, term)| {
            let (term, with) = without_identity(term.clone()).ok()?;
            with.then_some((*minus, term))
        });
        if let Some(terms) = own.collect() {
            return Ok((Expr::new(Kind::Sum(terms), span), true));
        }
    }
    let result = match covariance.kind {
        Kind::Product(mut factors) => {
            let before = factors.len();
            factors.retain(|factor| !is_identity(factor));
            let identities = before - factors.len();
            if identities > 1 {
                return Err(Problem::new(span, "more than one I"));
            }
            let product = if factors.len() == 1 {
                factors.swap_remove(0)
            } else {
                Expr::new(Kind::Product(factors), span)
            };
            (product, identities == 1)
        }
        kind => (Expr::new(kind, span), false),
    };
    let mut left = None;
    result.0.visit(&mut |e| {
        if is_identity(e) {
            left = Some(e.span);
        }
    });
    match left {
        Some(span) => {
            Err(Problem::new(span, "I stands where it has no meaning")
                .hint("write the covariance as v I"))
        }
        None => Ok(result),
    }
}
