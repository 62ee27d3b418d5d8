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
        "e" if !declared && head.sup.is_some() && head.sub.is_none() => {
            return Some(exponential(piece, head, scope));
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
        "I" | "\\mathbf{I}" | "\\mathrm{I}" | "\\mathbb{I}" if !declared => {
            let size = head.sub.as_deref().map(spelled);
            let plain = head.sup.is_none()
                && size.is_none_or(|size| scope.is_whole(&size));
            if !plain {
                let message = "a script on the identity matrix";
                return Some(Err(Problem::new(piece.extent(), message)));
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
    plain_close(close)?;
    plain_bars(inside)?;
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
    if piece.sub.is_some() {
        let message = "a subscript on the name of the Gaussian";
        return Err(Problem::new(piece.extent(), message)
            .hint("write \\mathcal N(x; \\mu, \\sigma^2 I)"));
    }
    let missing = || Problem::new(piece.extent(), "a Gaussian of what?");
    let open = cursor.take().ok_or_else(missing)?;
    let (inside, close) = cursor.until_close(open)?;
    plain_close(close)?;
    let parts = split_commas(inside);
    let commas: Vec<char> = commas(inside);
    let (at, mean, covariance) = match (parts.as_slice(), commas.as_slice()) {
        ([at, mean, covariance], [';', ',']) => {
            (Some(*at), *mean, *covariance)
        }
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

/// The commas and semicolons that are in no bracket.
fn commas(pieces: &[Piece]) -> Vec<char> {
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

/// Refuses a subscript behind a bracket.
fn plain_close(close: &Piece) -> Result<()> {
    let Some(sub) = &close.sub else { return Ok(()) };
    let span = sub.iter().map(Piece::extent);
    let span = span.fold(close.span, crate::span::Span::to);
    Err(Problem::new(span, "a subscript on what is not a symbol"))
}

/// Refuses scripts on the bars that part a density.
fn plain_bars(pieces: &[Piece]) -> Result<()> {
    let scripted = pieces.iter().find(|piece| {
        matches!(piece.kind, P::Bar { .. })
            && (piece.sub.is_some() || piece.sup.is_some())
    });
    match scripted {
        Some(bar) => Err(Problem::new(bar.extent(), "a script on a bar")),
        None => Ok(()),
    }
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
            plain_close(close)?;
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
        return Ok(Over::Index(head.name));
    }
    let mut cursor = Cursor::new(rest);
    let expr = primary::symbol(first, &mut cursor, scope)?;
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

/// `x \sim q(x)` in a subscript: the variable must be the density's, or one
/// that the notation draws from a standard normal distribution.
fn drawn(
    variable: &[Piece],
    law: &[Piece],
    piece: &Piece,
    scope: &mut Scope,
) -> Result<Option<Over>> {
    let place = variable.iter().chain(law).map(Piece::extent);
    let span = place.reduce(crate::span::Span::to);
    let span = span.unwrap_or(piece.extent());
    let named = law.first().and_then(head);
    if let Some(name) = named.and_then(|head| process(&head, scope)) {
        let over = one_over(law, piece, scope)?;
        let Over::Density(density) = &over else {
            // `x_0 \sim q`: the marginal of the variable.
            let family = scope.notation.processes[&name].variable.clone();
            let close = Piece::new(P::Group(vec![]), span);
            let of = variables(variable, &family, &close, scope)?;
            let density = Density { name, of: vec![of], given: vec![] };
            return Ok(Some(Over::Density(density)));
        };
        let family = scope.notation.processes[&name].variable.clone();
        let close = Piece::new(P::Group(vec![]), span);
        let named = variables(variable, &family, &close, scope)?;
        if density.of.as_slice() != [named] {
            let message = "the variable is not the one of the density";
            return Err(Problem::new(span, message)
                .hint("write x \\sim q(x), with the same variable"));
        }
        return Ok(Some(over));
    }
    let distribution = expression(law, scope)?;
    let Kind::Symbol(symbol) = expression(variable, scope)?.kind else {
        return Ok(None);
    };
    let declared = scope.notation.symbols.get(&symbol.id());
    let standard = declared.is_some_and(|d| d.standard_normal);
    let vectors = declared
        .is_some_and(|d| d.sort == crate::notation::Sort::Vector);
    let is = |e: &Expr, value: i64| {
        matches!(e.kind, Kind::Number { digits, decimals: 0 } if digits == value)
    };
    let fits = match &distribution.kind {
        Kind::Normal(normal) => {
            normal.at.is_none()
                && is(&normal.mean, 0)
                && is(&normal.variance, 1)
                && normal.of_vectors == vectors
        }
        _ => false,
    };
    if standard && fits {
        return Ok(Some(Over::Variable(symbol)));
    }
    let message = format!("{} is not declared so", symbol.name);
    Err(Problem::new(span, message).hint(
        "declare it with standard_normal = true, and write \\mathcal N(0, I)",
    ))
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
