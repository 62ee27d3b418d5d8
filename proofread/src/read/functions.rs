//! Functions that are written as words.

use super::expression::{Cursor, expression, product};
use super::names::spelled;
use super::pieces::{Kind as P, Piece};
use super::primary::{raised, scripted};
use super::symbols::symbol;
use super::{Scope, extremes, probability};
use crate::expr::{Expr, Function, Kind};
use crate::span::{Problem, Result, Span};

/// Returns the function that a word names.
pub(super) fn function(word: &str) -> Option<Function> {
    match word {
        "log" | "ln" => Some(Function::Log),
        "exp" => Some(Function::Exp),
        "sin" => Some(Function::Sin),
        "cos" => Some(Function::Cos),
        "tanh" => Some(Function::Tanh),
        _ => None,
    }
}

/// Returns whether the notation has a symbol of this name.
fn is_declared(word: &str, scope: &Scope) -> bool {
    let name = format!("\\mathrm{{{word}}}");
    scope.notation.symbols.keys().any(|id| id.name == name)
}

/// Reads `\log`, `\exp`, `\mathrm{KL}` and similar words.
pub(super) fn word(
    piece: &Piece,
    word: &str,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let Some(function) = function(word) else {
        return match word {
            "KL" => probability::divergence(piece, cursor, scope),
            "lim" => super::approaches::limit(piece, cursor, scope),
            "E" => super::expectations::expectation(piece, cursor, scope),
            "Var" | "Cov" if !is_declared(word, scope) => {
                super::variances::variance(piece, word, cursor, scope)
            }
            "min" | "max" => {
                extremes::extremum(piece, word == "max", cursor, scope)
            }
            _ => symbol(piece, cursor, scope),
        };
    };
    if let Some(sub) = &piece.sub {
        let span = sub.first().map_or(piece.span, |p| p.span);
        return Err(Problem::new(span, "a logarithm to another base")
            .hint("divide by the logarithm of the base"));
    }
    let called = |argument: Expr, end: Span| {
        let kind = Kind::Function(function, Box::new(argument));
        Expr::new(kind, piece.span.to(end))
    };
    let Some(next) = cursor.peek() else {
        return Err(Problem::new(piece.span, "its argument is missing"));
    };
    // A power behind the bracket raises the value: f(x)^2 is (f(x))^2.
    let (value, power) = match &next.kind {
        P::Open(_) => {
            cursor.take();
            let (inside, close) = cursor.until_close(next)?;
            (called(expression(inside, scope)?, close.span), Some(close))
        }
        // Braces around the bracket: f{(x)}.
        P::Group(inside)
            if matches!(inside.first().map(|p| &p.kind), Some(P::Open(_))) =>
        {
            cursor.take();
            (called(expression(inside, scope)?, next.span), Some(next))
        }
        _ => {
            let argument = argument(cursor, scope)?;
            let end = argument.span;
            (called(argument, end), None)
        }
    };
    if piece
        .sup
        .as_deref()
        .is_some_and(|sup| spelled(sup).starts_with(['-', '−']))
    {
        let message = "an inverse function, or one over it?";
        return Err(Problem::new(piece.extent(), message));
    }
    let value = raised(value, piece, scope)?;
    match power {
        Some(close) => scripted(value, close, scope),
        None => Ok(value),
    }
}

/// Reads the argument of a function without brackets: numbers, symbols, powers
/// and roots side by side, or fractions, up to the next sign or function.
pub(super) fn argument(cursor: &mut Cursor, scope: &mut Scope) -> Result<Expr> {
    let rest = &cursor.pieces[cursor.next..];
    let is_function = |piece: &Piece| match &piece.kind {
        P::Word(word) => function(word).is_some(),
        _ => false,
    };
    // `\log \exp(a)`: a function right behind is the argument.
    let mut depth = 0_i32;
    let mut stops = |piece: &Piece| {
        match piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        depth == 0 && is_function(piece)
    };
    if let Some(first) = rest.first() {
        stops(first);
    }
    let end = rest.iter().skip(1).position(stops);
    let end = end.map_or(rest.len(), |i| i + 1);
    let mut inner = Cursor::new(&rest[..end]);
    let result = product(&mut inner, scope)?;
    let taken = &rest[..inner.next.min(end)];
    let sign = taken.iter().find(|p| {
        matches!(&p.kind, P::Operator(sign)
            if matches!(&**sign, "*" | "\\cdot" | "⋅" | "\\times" | "×" | "/"))
    });
    let factors = match &result.kind {
        Kind::Product(factors) => factors.as_slice(),
        _ => &[],
    };
    let mut quotients =
        factors.iter().map(|f| matches!(f.kind, Kind::Quotient(..)));
    let fractions = !factors.is_empty() && quotients.all(|is| is);
    if let Some(sign) = sign.filter(|_| !fractions) {
        return Err(unclear(sign.span));
    }
    if !factors.is_empty() && !fractions {
        // Brackets, calls and fractions may end the argument: `\sin a (1 - b)`.
        let opens = |f: &Expr| {
            let at = |p: &&Piece| p.span.start == f.span.start;
            let first = taken.iter().find(at).map(|p| &p.kind);
            matches!(first, Some(P::Open(_)))
        };
        let ends = |f: &&Expr| !is_simple(f) || opens(f);
        if let Some(factor) = factors.iter().find(ends) {
            return Err(unclear(factor.span));
        }
        if let Some(spaced) = taken.iter().skip(1).find(|p| p.spaced) {
            return Err(unclear(spaced.span));
        }
    }
    cursor.next += taken.len();
    Ok(result)
}

/// Returns the problem of a factor that may stand behind the argument.
fn unclear(span: Span) -> Problem {
    let message = "is this still the argument of the function before?";
    Problem::new(span, message).hint("put the argument in brackets")
}

/// Returns whether a factor goes on with the argument before it: a number, a
/// symbol, or a power or a root of these.
fn is_simple(factor: &Expr) -> bool {
    match &factor.kind {
        Kind::Number { .. } | Kind::Root(_) | Kind::OddRoot(..) => true,
        Kind::Symbol(symbol) => symbol.arguments.is_empty(),
        Kind::Power(base, _) => is_simple(base),
        _ => false,
    }
}
