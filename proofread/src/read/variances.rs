//! Variances and covariances, written as expectations.

use super::Scope;
use super::expectations::{Written, written};
use super::expression::{Cursor, expression};
use super::pieces::Piece;
use super::primary::{raise, split_commas};
use crate::expr::{Expectation, Expr, Kind};
use crate::span::{Problem, Result};

/// Reads `\operatorname{Var}_q[a]` as `E[a²] - E[a]²`, or `Cov(a, b)` as
/// `E[ab] - E[a] E[b]`, after its name.
pub(super) fn variance(
    piece: &Piece,
    word: &str,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let Written { over, inside, given, end, power } =
        written(piece, cursor, scope)?;
    let span = piece.extent().to(end);
    let Some(inside) = inside else {
        let message = "a variance without an expression";
        return Err(Problem::new(piece.extent(), message)
            .hint("write \\operatorname{Var}[a]"));
    };
    let parts: Vec<&[Piece]> =
        if word == "Cov" { split_commas(inside) } else { vec![inside] };
    let (a, b) = match (word, parts.as_slice()) {
        ("Cov", [a, b]) => (expression(a, scope)?, expression(b, scope)?),
        ("Var", [a]) => {
            let a = expression(a, scope)?;
            (a.clone(), a)
        }
        _ => {
            let message = "a covariance is of two numbers";
            return Err(Problem::new(span, message)
                .hint("write \\operatorname{Cov}(a, b)"));
        }
    };
    let mean = |body: Expr| {
        let (over, given) = (over.clone(), given.clone());
        let mean = Expectation { over, body, given };
        Expr::new(Kind::Expectation(Box::new(mean)), span)
    };
    let same = a == b;
    let product = |a: Expr, b: Expr| {
        let kind = if same {
            Kind::Power(Box::new(a), Box::new(Expr::whole(2)))
        } else {
            Kind::Product(vec![a, b])
        };
        Expr::new(kind, span)
    };
    let both = mean(product(a.clone(), b.clone()));
    let means = product(mean(a), mean(b));
    let sum = Kind::Sum(vec![(false, both), (true, means)]);
    let variance = Expr::new(sum, span);
    match power {
        Some(sup) => raise(variance, sup, scope),
        None => Ok(variance),
    }
}
