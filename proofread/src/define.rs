//! Definitions in the text.

use crate::claim::Claim;
use crate::expr::{Expr, Id, Kind, Symbol};
use crate::notation::{
    Bound, Declaration, Notation, Sort, is_whole, mentions, sets_index,
};
use crate::read::layout::pieces;
use crate::read::names::head;
use crate::read::pieces::{Kind as P, Piece};
use crate::read::rows::strands;
use crate::read::{self, Scope};
use crate::relation::Relation;
use crate::span::{Problem, Result, Span};
use crate::types::{self, Type};
use crate::value::Interval;
use std::collections::BTreeSet;

/// Declares the symbols that a formula is about to define, so that it can be
/// read: those left of `:=`, those left of a relation that a comment calls a
/// definition, and, where definitions may be implicit, those that a chain of
/// equations begins with.
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
    // A comment speaks of the last sign before it, or else of the first.
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

/// Declares what one equation is about to define.
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
            // Something new begins behind a wide space.
            _ if piece.wide && !signed => (start, begins) = (i, true),
            _ => {}
        }
        signed = matches!(piece.kind, P::Operator(_) | P::Relation(_));
    }
    Ok(new)
}

/// Declares what a left side names, if it is not known.
fn declare(side: &[Piece], notation: &mut Notation) -> Result<Option<Id>> {
    let Some((first, rest)) = side.split_first() else { return Ok(None) };
    let Some(head) = head(first) else { return Ok(None) };
    let (name, indices) = notation.family(&head);
    // `a_1` of a family `a_t` is no symbol of its own.
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
            parameters.push(scope.parameter(&head)?);
        }
    } else if !rest.is_empty() {
        return Ok(None);
    }
    let id = Id {
        name: name.clone(),
        indices: indices.len(),
        arguments: parameters.len(),
    };
    if notation.symbols.contains_key(&id)
        || notation.processes.contains_key(&name)
    {
        return Ok(None);
    }
    let fault = match name.as_str() {
        // What a reader knows without being told; `e_t` is another symbol.
        "\\pi" | "e" | "I" => Some(format!("{name} has a meaning already")),
        _ => notation.clash(&id).or_else(|| doubled(&parameters)),
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

/// Says that a function has two parameters of one name.
fn doubled(parameters: &[Symbol]) -> Option<String> {
    let again = |(i, p): (usize, &Symbol)| parameters[..i].contains(p);
    let any = parameters.iter().enumerate().any(again);
    any.then(|| "two parameters of one name".into())
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
    if let Some(declaration) = notation.symbols.get_mut(&symbol.id())
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
        let problem = Problem::new(left.span, message);
        return Err(match left.kind {
            Kind::Density(_) => problem.hint(
                "the notation says what a density is: write = to claim this",
            ),
            _ => problem.hint("write = to claim an equality"),
        });
    };
    if is_whole(symbol, notation) || types::is_pi(symbol, notation) {
        let message = format!("{} has a meaning already", symbol.name);
        return Err(Problem::new(left.span, message)
            .hint("write = to claim an equality or to set an index"));
    }
    adopt_sort(symbol, right, notation)?;
    let id = symbol.id();
    let literal = |index: &Expr| !matches!(index.kind, Kind::Symbol(_));
    if symbol.indices.iter().any(literal) {
        let message = "this defines only one member of a family";
        return Err(Problem::new(left.span, message));
    }
    if mentions(right, symbol) {
        let message = format!("{} is defined by itself", symbol.name);
        return Err(Problem::new(right.span, message));
    }
    if !notation.symbols.contains_key(&id) {
        let message = format!("unknown symbol {}", symbol.name);
        return Err(Problem::new(left.span, message));
    }
    if let Some(problem) = call_or_product(left, symbol, right, notation) {
        return Err(problem);
    }
    let Some(declaration) = notation.symbols.get_mut(&id) else {
        return Ok(());
    };
    // The text may say what the notation file says, in the same words.
    if declaration.means.as_ref() == Some(right) {
        return Ok(());
    }
    if declaration.means.is_some() {
        let message = format!("{} is defined a second time", symbol.name);
        return Err(Problem::new(left.span, message)
            .hint("a symbol is defined once; write = to claim an equality"));
    }
    declaration.means = Some(right.clone());
    notation.find_ambient();
    Ok(())
}

/// Refuses a number beside a function of the same name: `G (2)` would be a
/// product and a call. `\hat x := \hat x(z, t)` is short for the call.
fn call_or_product(
    left: &Expr,
    symbol: &Symbol,
    right: &Expr,
    notation: &Notation,
) -> Option<Problem> {
    let calls = |e: &Expr| {
        let mut found = false;
        e.visit(&mut |e| {
            found |= matches!(&e.kind, Kind::Symbol(other)
                if other.name == symbol.name && other.arguments.len() == 1);
        });
        found
    };
    let arity = symbol.arguments.len();
    let other = notation.symbols.values().find(|other| {
        other.name == symbol.name && other.parameters.len() + arity == 1
    })?;
    let short = [Some(right), other.means.as_ref()];
    if short.into_iter().flatten().any(calls) {
        return None;
    }
    let message =
        format!("{} is a function and a symbol without arguments", symbol.name);
    Some(Problem::new(left.span, message).hint(
        "a bracket behind it would be a call and a product: name it otherwise",
    ))
}

/// The one condition that a definition may have: `t \ge 2`, as the index and
/// its first value.
pub(crate) fn first_index(
    conditions: &[(Expr, Relation, Expr)],
) -> Option<(String, i64)> {
    let [(left, relation, right)] = conditions else { return None };
    let Kind::Symbol(index) = &left.kind else { return None };
    let Kind::Number { digits, decimals: 0 } = right.kind else { return None };
    match relation {
        Relation::GreaterEqual => Some((index.name.clone(), digits)),
        Relation::Greater => Some((index.name.clone(), digits + 1)),
        _ => None,
    }
}

/// Lets the range of a symbol that was just defined start later.
pub(crate) fn start_at(
    left: &Expr,
    index: &str,
    first: i64,
    notation: &mut Notation,
) -> Result<()> {
    let Kind::Symbol(symbol) = &left.kind else { return Ok(()) };
    let declaration = notation.symbols.get_mut(&symbol.id());
    if let Some(declaration) = declaration
        && declaration.indices == [index]
        && let Some((low, _)) = &mut declaration.range
    {
        *low = Bound { size: None, offset: first };
        return Ok(());
    }
    let message = "the condition is not on the index of what is defined";
    Err(Problem::new(left.span, message))
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
    let is_new = declare(&found[..sign], notation)?.is_some();
    let left = read::expression(&found[..sign], &mut Scope::new(notation))?;
    if let Kind::Symbol(symbol) = &left.kind
        && !is_new
        && let Some(known) = notation.symbols.get(&symbol.id())
        && known.means.as_ref() != Some(&right)
    {
        let message = format!("{} is declared already", symbol.name);
        return Err(Problem::new(left.span, message)
            .hint("define a new symbol, or write = to claim an equality"));
    }
    enter(&left, &right, notation)
}

/// Whether a relation only sets an index or a size, as `t = 1` does.
pub(crate) fn is_setting(prepared: &Claim) -> bool {
    prepared.relation != Relation::Defines
        && sets_index(&prepared.left, &prepared.right, &prepared.notation)
}
