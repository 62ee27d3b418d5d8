//! Densities, Gaussians, expectations and divergences.

use super::expression::{Cursor, expression, product};
use super::names::{Head, head, spelled, with_sub};
use super::pieces::{Kind as P, Piece};
use super::primary::{indices, raise, split_commas};
use super::{Scope, primary};
use crate::expr::{
    Density, Expectation, Expr, Function, Id, Kind, Normal, Over, Symbol,
    Variables,
};
use crate::span::{Problem, Result};

/// Reads a symbol that stands for more than a value, if this is one.
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
        "e" if !declared && head.sup.is_some() => {
            return Some(exponential(piece, head, scope));
        }
        "\\pi" if !declared => {
            let name = head.name.clone();
            let symbol = Symbol { name, indices: vec![], arguments: vec![] };
            let pi = Expr::new(Kind::Symbol(symbol), piece.span);
            return Some(match &head.sup {
                Some(sup) => raise(pi, sup, scope),
                None => Ok(pi),
            });
        }
        "\\mathbb{E}" => return Some(expectation(piece, cursor, scope)),
        "I" | "\\mathbf{I}" | "\\mathrm{I}" if !declared => {
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
        let message = format!("{name} is a density; of what?");
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

/// `e^x`.
fn exponential(piece: &Piece, head: &Head, scope: &mut Scope) -> Result<Expr> {
    let exponent = expression(head.sup.as_deref().unwrap_or_default(), scope)?;
    let span = piece.span.to(exponent.span);
    let kind = Kind::Function(Function::Exp, Box::new(exponent));
    Ok(Expr::new(kind, span))
}

/// A power between a name and its bracket.
fn misplaced(piece: &Piece) -> Problem {
    Problem::new(piece.extent(), "a power before the bracket")
        .hint("write it behind: q(x)^2")
}

/// What the identity matrix is called until the covariance takes it out.
const IDENTITY: &str = "I";

fn is_kl(sub: &[Piece]) -> bool {
    let text = spelled(sub);
    text == "\\mathrm{KL}" || text == "KL"
}

/// The name of a process, if this is one.
fn process(head: &Head, scope: &Scope) -> Option<String> {
    let name = match &head.sub {
        Some(sub) => with_sub(&head.name, sub),
        None => head.name.clone(),
    };
    scope.notation.processes.contains_key(&name).then_some(name)
}

/// `q(…)`: the name is read, the bracket is next.
fn density<'a>(
    piece: &Piece,
    name: String,
    cursor: &mut Cursor<'a>,
    scope: &mut Scope,
) -> Result<(Density, &'a Piece)> {
    let missing = || Problem::new(piece.extent(), "a density of what?");
    let open = cursor.take().ok_or_else(missing)?;
    let (inside, close) = cursor.until_close(open)?;
    let family = scope.notation.processes[&name].variable.clone();
    let mut parts = inside.split(|p| p.kind == P::Bar { double: false });
    let of = parts.next().unwrap_or(&[]);
    let given = parts.next();
    if let Some(third) = parts.next() {
        let span = third.first().map_or(close.span, |p| p.span);
        return Err(Problem::new(span, "a second bar in one density"));
    }
    let mut read = |part: &[Piece]| -> Result<Vec<Variables>> {
        split_commas(part)
            .into_iter()
            .map(|part| variables(part, &family, close, scope))
            .collect()
    };
    let of = read(of)?;
    let given = match given {
        Some(given) => read(given)?,
        None => vec![],
    };
    Ok((Density { name, of, given }, close))
}

/// `x_t`, or a range such as `x_{1:T}`.
fn variables(
    part: &[Piece],
    family: &str,
    close: &Piece,
    scope: &mut Scope,
) -> Result<Variables> {
    let span = part
        .iter()
        .map(Piece::extent)
        .reduce(crate::span::Span::to)
        .unwrap_or(close.span);
    let what = || {
        let message = format!("this is not a variable {family} of the process");
        Problem::new(span, message)
    };
    let [piece] = part else {
        if let Some(colon) =
            part.iter().find(|p| p.kind == P::Relation(":".into()))
        {
            let message = "a range that is not a subscript";
            let hint = format!("write it with braces: {family}_{{1:T}}");
            return Err(Problem::new(colon.span.to(span), message).hint(hint));
        }
        return Err(what());
    };
    let head = head(piece).ok_or_else(what)?;
    if head.sup.is_some() {
        return Err(what());
    }
    if head.name != family {
        return alias(&head, family, scope).ok_or_else(what);
    }
    let sub = head.sub.as_deref().ok_or_else(what)?;
    let mut ends = sub.split(|p| p.kind == P::Relation(":".into()));
    let mut end = || -> Result<Option<Expr>> {
        let Some(part) = ends.next() else { return Ok(None) };
        match indices(part, scope)?.as_deref() {
            Some([index]) => Ok(Some(index.clone())),
            _ => Err(what()),
        }
    };
    let from = end()?.ok_or_else(what)?;
    let to = end()?;
    Ok(Variables { name: head.name, from, to })
}

/// Another name of a variable, as where `x` means `z_0`.
fn alias(head: &Head, family: &str, scope: &Scope) -> Option<Variables> {
    if head.sub.is_some() {
        return None;
    }
    let id = Id::plain(&head.name);
    let means = scope.notation.symbols.get(&id)?.means.as_ref()?;
    match &means.kind {
        Kind::Symbol(symbol) if symbol.name == family => {
            let from = symbol.indices.first()?.clone();
            Some(Variables { name: family.to_owned(), from, to: None })
        }
        _ => None,
    }
}

/// `\mathcal N(x; m, v I)`: the name is read, the bracket is next.
fn normal(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    if piece.sup.is_some() {
        return Err(misplaced(piece));
    }
    let missing = || Problem::new(piece.extent(), "a Gaussian of what?");
    let open = cursor.take().ok_or_else(missing)?;
    let (inside, close) = cursor.until_close(open)?;
    let parts = split_commas(inside);
    let semicolon = inside.iter().any(|p| p.kind == P::Comma(';'));
    let (at, mean, covariance) = match (parts.as_slice(), semicolon) {
        ([at, mean, covariance], true) => (Some(*at), *mean, *covariance),
        ([mean, covariance], false) => (None, *mean, *covariance),
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
    // N(0, 1)^d: as many independent ones as there are dimensions.
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

/// `v` of a covariance `v I`, and whether there was an `I`.
fn without_identity(covariance: Expr) -> Result<(Expr, bool)> {
    let is_identity =
        |e: &Expr| matches!(&e.kind, Kind::Symbol(s) if s.name == IDENTITY);
    if is_identity(&covariance) {
        return Ok((Expr::whole(1), true));
    }
    let span = covariance.span;
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

/// `\mathbb E_{…}[…]`: the name is read.
pub(super) fn expectation(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    if piece.sup.is_some() {
        return Err(misplaced(piece));
    }
    let mut over = vec![];
    if let Some(sub) = &piece.sub {
        for part in split_commas(sub) {
            over.push(one_over(part, piece, scope)?);
        }
    }
    let missing = || Problem::new(piece.extent(), "an expectation of what?");
    let next = cursor.peek().ok_or_else(missing)?;
    let (inside, end, power) = match &next.kind {
        P::Open(_) => {
            cursor.take();
            let (inside, close) = cursor.until_close(next)?;
            (inside, close.span, &close.sup)
        }
        P::Group(inner) => {
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
            let body = product(cursor, scope)?;
            let span = piece.extent().to(body.span);
            let given = vec![];
            let expectation = Expectation { over, body, given };
            let kind = Kind::Expectation(Box::new(expectation));
            return Ok(Expr::new(kind, span));
        }
    };
    let (body, given) = split_condition(inside);
    let body = expression(body, scope)?;
    let mut conditions = vec![];
    if let Some(given) = given {
        let close = Piece::new(P::Group(vec![]), end);
        for part in split_commas(given) {
            let name = family_of(part, scope);
            conditions.push(variables(part, &name, &close, scope)?);
        }
    }
    let span = piece.extent().to(body.span).to(end);
    let expectation = Expectation { over, body, given: conditions };
    let expr = Expr::new(Kind::Expectation(Box::new(expectation)), span);
    match power {
        Some(sup) => raise(expr, sup, scope),
        None => Ok(expr),
    }
}

/// The family that a condition's variable belongs to.
fn family_of(part: &[Piece], scope: &Scope) -> String {
    let Some(head) = part.first().and_then(head) else {
        return String::new();
    };
    let processes = scope.notation.processes.values();
    let mut families = processes.map(|process| process.variable.clone());
    let alias = |family: &String| alias(&head, family, scope).is_some();
    families.find(alias).unwrap_or(head.name)
}

/// Splits at the last single bar that is in no bracket and is not one of a
/// pair: what stands behind it is the condition.
fn split_condition(pieces: &[Piece]) -> (&[Piece], Option<&[Piece]>) {
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
        [.., last] if bars.len() % 2 == 1 => {
            (&pieces[..*last], Some(&pieces[last + 1..]))
        }
        _ => (pieces, None),
    }
}

/// One entry of the subscript of an expectation.
fn one_over(part: &[Piece], piece: &Piece, scope: &mut Scope) -> Result<Over> {
    let bad = || {
        Problem::new(piece.extent(), "what the expectation is over is unclear")
            .hint("write a process, a density, or variables")
    };
    // `x \sim q(x)` says no more than the density.
    let tail = part
        .iter()
        .position(|p| p.kind == P::Relation("\\sim".into()))
        .map_or(part, |i| &part[i + 1..]);
    let (first, rest) = tail.split_first().ok_or_else(bad)?;
    let head = head(first).ok_or_else(bad)?;
    if let Some(name) = process(&head, scope) {
        if rest.is_empty() {
            return Ok(Over::Process(name));
        }
        let mut cursor = Cursor::new(rest);
        let (density, _) = density(first, name, &mut cursor, scope)?;
        return Ok(Over::Density(density));
    }
    let mut cursor = Cursor::new(rest);
    let expr = primary::symbol(first, &mut cursor, scope)?;
    match expr.kind {
        Kind::Symbol(symbol) => Ok(Over::Variable(symbol)),
        _ => Err(bad()),
    }
}

/// `\mathrm{KL}(p \,\|\, q)`: the name is read, the bracket is next.
pub(super) fn divergence(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let missing = || {
        Problem::new(piece.extent(), "a divergence of what?")
            .hint("write \\mathrm{KL}(p \\,\\|\\, q)")
    };
    if piece.sup.is_some() {
        return Err(misplaced(piece));
    }
    let open = cursor.take().ok_or_else(missing)?;
    let mut power = &open.sup;
    let (inside, end) = match &open.kind {
        P::Open(_) => {
            let (inside, close) = cursor.until_close(open)?;
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
