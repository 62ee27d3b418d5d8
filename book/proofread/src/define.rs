//! Definitions in the text.

use crate::document::Prepared;
use crate::expr::{Expr, Kind, Symbol};
use crate::notation::{Declaration, Interval, Notation, Sort};
use crate::read::names::{Head, head, spelled, with_sub};
use crate::read::pieces::{Kind as P, Piece, pieces};
use crate::read::{self, Relation, Scope};
use crate::span::{Problem, Result, Span};
use crate::types::{self, Type};

/// Declares the symbols that a formula is about to define, so that it can be
/// read: those left of `:=`, and those left of a relation that a comment
/// calls a definition.
pub(crate) fn announce(
    found: &[Piece],
    notation: &mut Notation,
    defined: &[usize],
) -> Result<Vec<Id>> {
    let (mut start, mut new) = (0, vec![]);
    let mut depth = 0_i32;
    for (i, piece) in found.iter().enumerate() {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ if depth > 0 => {}
            P::Break | P::Comma(_) | P::Text(_) => start = i + 1,
            P::Relation(text) => {
                let line_end = |place: &&usize| **place > piece.span.start;
                let defines = matches!(
                    text.as_str(),
                    "\\coloneqq" | ":=" | "≔" | "\\triangleq"
                ) || defined.iter().any(|place| line_end(&place));
                if defines {
                    new.extend(declare(&found[start..i], notation)?);
                }
                start = i + 1;
            }
            _ => {}
        }
    }
    Ok(new)
}

/// A symbol by its name and number of arguments.
pub(crate) type Id = (String, usize);

/// Declares what a left side names, if it is not known.
fn declare(side: &[Piece], notation: &mut Notation) -> Result<Option<Id>> {
    let Some((first, rest)) = side.split_first() else { return Ok(None) };
    let Some(head) = head(first) else { return Ok(None) };
    let (name, indices) = family(&head, notation);
    let mut parameters = vec![];
    if let [open, inner @ .., close] = rest
        && matches!(open.kind, P::Open(_))
        && matches!(close.kind, P::Close(_))
    {
        for part in inner.split(|p| matches!(p.kind, P::Comma(_))) {
            let [piece] = part else { return Ok(None) };
            let Some(head) = self::head(piece) else { return Ok(None) };
            let scope = Scope::new(notation);
            parameters.push(scope.parameter(&head)?);
        }
    } else if !rest.is_empty() {
        return Ok(None);
    }
    let id = (name.clone(), parameters.len());
    if notation.symbols.contains_key(&id)
        || notation.processes.contains_key(&name)
    {
        return Ok(None);
    }
    let range = indices.first().map(|index| notation.indices[index].clone());
    let declaration = Declaration {
        name,
        indices,
        range,
        parameters,
        sort: Sort::Scalar, // until its definition says otherwise
        domain: Interval::REALS,
        draw: Interval::REALS.to_draw(),
        means: None,
        standard_normal: false,
    };
    notation.symbols.insert(id.clone(), declaration);
    Ok(Some(id))
}

fn family(head: &Head, notation: &Notation) -> (String, Vec<String>) {
    let Some(sub) = &head.sub else { return (head.name.clone(), vec![]) };
    let names: Vec<String> = sub
        .split(|p| matches!(p.kind, P::Comma(_)))
        .map(spelled)
        .collect();
    if names.iter().all(|name| notation.indices.contains_key(name)) {
        return (head.name.clone(), names);
    }
    (with_sub(&head.name, sub), vec![])
}

pub(crate) fn id(symbol: &Symbol) -> Id {
    (symbol.name.clone(), symbol.arguments.len())
}

/// Makes a symbol without a meaning of the sort of what will define it.
pub(crate) fn adopt_sort(
    symbol: &Symbol,
    right: &Expr,
    notation: &mut Notation,
) -> Result<()> {
    let sort = match types::type_of(right, notation)? {
        Type::Scalar => Sort::Scalar,
        Type::Vector => Sort::Vector,
        Type::Distribution(_) => {
            let message = "a symbol cannot stand for a distribution";
            return Err(Problem::new(right.span, message));
        }
    };
    if let Some(declaration) = notation.symbols.get_mut(&id(symbol))
        && declaration.means.is_none()
    {
        declaration.sort = sort;
    }
    Ok(())
}

/// Enters `left := right` in the notation.
pub(crate) fn enter(
    left: &Expr,
    right: &Expr,
    notation: &mut Notation,
) -> Result<()> {
    let Kind::Symbol(symbol) = &left.kind else {
        let message = "only a symbol can be defined";
        return Err(Problem::new(left.span, message));
    };
    adopt_sort(symbol, right, notation)?;
    let id = id(symbol);
    if mentions(right, symbol) {
        let message = format!("{} is defined by itself", symbol.name);
        return Err(Problem::new(right.span, message));
    }
    let Some(declaration) = notation.symbols.get_mut(&id) else {
        let message = format!("unknown symbol {}", symbol.name);
        return Err(Problem::new(left.span, message));
    };
    if declaration.means.is_some() {
        let message = format!("{} is defined a second time", symbol.name);
        return Err(Problem::new(left.span, message)
            .hint("a symbol is defined once; write = to claim an equality"));
    }
    declaration.means = Some(right.clone());
    Ok(())
}

/// Whether an expression holds this very symbol, indices and all.
fn mentions(expr: &Expr, symbol: &Symbol) -> bool {
    let mut found = false;
    expr.visit(&mut |e| {
        if let Kind::Symbol(other) = &e.kind {
            found |= other.name == symbol.name
                && other.indices == symbol.indices
                && other.arguments.len() == symbol.arguments.len();
        }
    });
    found
}

/// `% define: C_1 = …`.
pub(crate) fn local(text: &str, notation: &mut Notation) -> Result<()> {
    let found = pieces(text, false)?;
    let sign = found.iter().position(|p| matches!(p.kind, P::Relation(_)));
    let Some(sign) = sign else {
        let whole = Span::new(0, text.len());
        return Err(Problem::new(whole, "a definition has the form a = b"));
    };
    let right =
        read::expression(&found[sign + 1..], &mut Scope::new(notation))?;
    declare(&found[..sign], notation)?;
    let left = read::expression(&found[..sign], &mut Scope::new(notation))?;
    enter(&left, &right, notation)
}

/// Whether a relation only sets an index or a size, as `t = 1` does.
pub(crate) fn is_setting(prepared: &Prepared) -> bool {
    let Kind::Symbol(symbol) = &prepared.left.kind else { return false };
    let name = &symbol.name;
    let notation = &prepared.notation;
    let whole = notation.indices.contains_key(name)
        || notation.sizes.contains_key(name);
    whole && symbol.indices.is_empty() && prepared.relation != Relation::Defines
}
