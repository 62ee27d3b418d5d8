//! Declarations of the symbols that a formula is about to define.

use crate::expr::{Id, Symbol};
use crate::notation::{Declaration, Notation, Sort};
use crate::read::Scope;
use crate::read::known;
use crate::read::names::head;
use crate::read::pieces::{Kind as P, Piece};
use crate::read::rows::strands;
use crate::span::{Problem, Result, Span};
use crate::value::Interval;
use std::collections::BTreeSet;

/// Declares the symbols that a formula is about to define, so that the formula
/// can be parsed. These are the left sides of `:=`, the left sides of relations
/// that a comment calls definitions, and, where definitions may be implicit,
/// the left side of the first equation of a chain.
pub(crate) fn announce(
    found: &[Piece],
    notation: &mut Notation,
    defined: &[usize],
) -> Result<Vec<Id>> {
    let signs: Vec<usize> = found
        .iter()
        .filter(|p| matches!(p.kind, P::Relation(_)))
        .map(|p| p.span.start)
        .collect();
    // A comment refers to the last sign before it, or else to the first sign.
    let spoken_of = |place: &usize| {
        let before = signs.iter().rfind(|&&sign| sign < *place);
        before.or(signs.first()).copied()
    };
    let spoken_of: Vec<_> = defined.iter().filter_map(spoken_of).collect();
    let mut new = vec![];
    for strand in strands(found) {
        new.extend(in_strand(&strand.pieces, notation, &spoken_of)?);
    }
    Ok(new)
}

/// Declares the symbols that one equation is about to define.
fn in_strand(
    found: &[Piece],
    notation: &mut Notation,
    spoken_of: &[usize],
) -> Result<Vec<Id>> {
    let (mut start, mut new) = (0, vec![]);
    let (mut depth, mut begins) = (0_i32, true);
    let mut signed = true; // whether a sign was last
    for (i, piece) in found.iter().enumerate() {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ if depth > 0 => {}
            P::Comma(_) | P::Text(_) | P::Tag(_) => {
                (start, begins) = (i + 1, true);
            }
            P::Relation(text) if text == ":" => {
                (start, begins) = (i + 1, true);
            }
            P::Relation(text) => {
                let defines = matches!(
                    text.as_str(),
                    "\\coloneqq" | ":=" | "≔" | "\\triangleq"
                ) || spoken_of.contains(&piece.span.start)
                    || (notation.implicit && begins && text == "=");
                if defines {
                    new.extend(declare(&found[start..i], notation)?);
                }
                (start, begins) = (i + 1, false);
            }
            P::Operator(_) => {}
            // A wide space starts a new left side.
            _ if piece.wide && !signed => (start, begins) = (i, true),
            _ => {}
        }
        signed = matches!(piece.kind, P::Operator(_) | P::Relation(_));
    }
    Ok(new)
}

/// Declares the symbol of a left side, if the symbol is not known.
pub(super) fn declare(
    side: &[Piece],
    notation: &mut Notation,
) -> Result<Option<Id>> {
    let Some((first, rest)) = side.split_first() else { return Ok(None) };
    let Some(head) = head(first) else { return Ok(None) };
    let (name, indices) = notation.family(&head);
    if notation.processes.contains_key(&name) {
        return Ok(None); // a density
    }
    // `a_1` of a family `a_t` is not a symbol of its own.
    if notation.symbols.keys().any(|id| id.name == head.name && id.indices > 0)
        && head.sub.is_some()
    {
        return Ok(None);
    }
    let mut parameters = vec![];
    if let [open, inner @ .., close] = rest
        && matches!(open.kind, P::Open(_))
        && matches!(close.kind, P::Close(_))
    {
        for part in inner.split(|p| matches!(p.kind, P::Comma(_))) {
            let [piece] = part else { return Ok(None) };
            let Some(head) = self::head(piece) else { return Ok(None) };
            let scope = Scope::new(notation);
            let parameter = scope.parameter(&head);
            parameters.push(parameter.map_err(|problem| Problem {
                span: piece.extent(),
                ..problem
            })?);
        }
    } else if !rest.is_empty() {
        return Ok(None);
    }
    let id = Id {
        name: name.clone(),
        indices: indices.len(),
        arguments: parameters.len(),
    };
    if notation.symbols.contains_key(&id) {
        return Ok(None);
    }
    let fault = match name.as_str() {
        // These names have a standard meaning; `e_t` is another symbol.
        "\\pi" | "e" | "I" => Some(format!("{name} has a meaning already")),
        "d" => Some("d is the dimension of vectors, and a size".to_owned()),
        name => known::fault(name)
            .or_else(|| notation.clash(&id))
            .or_else(|| doubled(&parameters)),
    };
    if let Some(message) = fault {
        return Err(Problem::new(first.extent(), message)
            .hint("define a symbol of another name"));
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
        ambient: false,
        depends: BTreeSet::new(),
        place: Span::default(),
    };
    notation.symbols.insert(id.clone(), declaration);
    Ok(Some(id))
}

/// Returns a message if two parameters of a function have the same name.
fn doubled(parameters: &[Symbol]) -> Option<String> {
    let again = |(i, p): (usize, &Symbol)| parameters[..i].contains(p);
    let any = parameters.iter().enumerate().any(again);
    any.then(|| "two parameters of one name".into())
}
