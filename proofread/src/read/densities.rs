//! Densities of processes, and their variables.

use super::Scope;
use super::expression::Cursor;
use super::names::{Head, head};
use super::pieces::{Kind as P, Piece};
use super::primary::split_commas;
use super::probability::{plain_bars, plain_close};
use super::symbols::indices;
use crate::expr::{Density, Expr, Id, Kind, Variables};
use crate::span::{Problem, Result};

/// Reads a density `q(…)`, after its name.
pub(super) fn density<'a>(
    piece: &Piece,
    name: String,
    cursor: &mut Cursor<'a>,
    scope: &mut Scope,
) -> Result<(Density, &'a Piece)> {
    let missing =
        || Problem::new(piece.extent(), "a density without variables");
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

/// Reads a variable `x_t`, or a range such as `x_{1:T}`.
pub(super) fn variables(
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

/// Returns the variable that another name means, as where `x` means `z_0`.
pub(super) fn alias(
    head: &Head,
    family: &str,
    scope: &Scope,
) -> Option<Variables> {
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

/// Returns the family of a condition's variable.
pub(super) fn family_of(part: &[Piece], scope: &Scope) -> String {
    let Some(head) = part.first().and_then(head) else {
        return String::new();
    };
    let processes = scope.notation.processes.values();
    let mut families = processes.map(|process| process.variable.clone());
    let alias = |family: &String| alias(&head, family, scope).is_some();
    families.find(alias).unwrap_or(head.name)
}
