//! Symbols, with their indices, arguments and powers.

use super::expression::{Cursor, expression};
use super::names::{Head, head, separates, with_sub};
use super::pieces::{Kind as P, Piece};
use super::primary::{raise, scripted, split_commas, top_commas};
use super::unknown::unknown;
use super::{Scope, probability};
use crate::expr::{Expr, Kind, Symbol};
use crate::span::{Problem, Result};

/// Reads a symbol with its indices, arguments and power.
pub(super) fn symbol(
    piece: &Piece,
    cursor: &mut Cursor,
    scope: &mut Scope,
) -> Result<Expr> {
    let Some(head) = head(piece) else {
        let message = "this cannot be read as a symbol";
        return Err(Problem::new(piece.extent(), message));
    };
    if let Some(special) = probability::special(piece, &head, cursor, scope) {
        return special;
    }
    let (name, indices) = resolve(&head, scope)?;
    let arguments = arguments(piece, &name, cursor, scope)?;
    let inverse = head.sup.as_deref().is_some_and(|sup| {
        matches!(sup.first().map(|p| &p.kind), Some(P::Operator(sign)) if matches!(&**sign, "-" | "−"))
    });
    if inverse && arguments.is_some() {
        let message = "an inverse function, or one over it?";
        return Err(Problem::new(piece.extent(), message)
            .hint("write \\frac{1}{f(a)} for one over it"));
    }
    let (arguments, close) = match arguments {
        Some((arguments, close)) => (arguments, Some(close)),
        None => (vec![], None),
    };
    let symbol = Symbol { name, indices, arguments };
    if let Some(entry) = entry(piece, &symbol, scope) {
        return match &head.sup {
            Some(sup) => raise(entry, sup, scope),
            None => Ok(entry),
        };
    }
    let Symbol { name, indices, arguments } = &symbol;
    let known = scope.notation.symbols.contains_key(&symbol.id())
        || arguments.is_empty() && indices.is_empty() && scope.is_whole(name);
    if !known {
        return Err(unknown(piece, &symbol, scope));
    }
    let mut span = piece.extent();
    if let Some(close) = close {
        span = span.to(close.span);
    }
    let mut expr = Expr::new(Kind::Symbol(symbol), span);
    if let Some(sup) = &head.sup {
        expr = raise(expr, sup, scope)?;
    }
    match close {
        Some(close) => scripted(expr, close, scope),
        None => Ok(expr),
    }
}

/// Returns the name and the indices. A subscript may be part of the name.
pub(super) fn resolve(
    head: &Head,
    scope: &mut Scope,
) -> Result<(String, Vec<Expr>)> {
    let Some(sub) = &head.sub else { return Ok((head.name.clone(), vec![])) };
    let whole = with_sub(&head.name, sub);
    let named =
        |name: &str| scope.notation.symbols.keys().any(|id| id.name == name);
    if named(&whole) {
        // `\sum_n a_n`, where the notation has one symbol with the name `a_n`.
        let runs = sub.iter().find(|piece| {
            let head = self::head(piece);
            head.is_some_and(|head| scope.bound.contains(&head.name))
        });
        if let Some(piece) = runs {
            let message = format!(
                "{whole} is one symbol of the notation, and its subscript runs \
                 over a range here"
            );
            return Err(Problem::new(piece.extent(), message)
                .hint("declare a family, with an index of the notation"));
        }
        return Ok((whole, vec![]));
    }
    match indices(sub, scope)? {
        Some(indices) => Ok((head.name.clone(), indices)),
        None => Ok((whole, vec![])),
    }
}

/// Returns whether a subscript consists of whole numbers.
pub(crate) fn whole_script(sub: &[Piece], scope: &Scope) -> bool {
    sub.iter().all(|piece| match &piece.kind {
        P::Digit(_) | P::Operator(_) => true,
        _ if separates(piece) => true,
        P::Open(_) | P::Close(_) => true,
        _ => head(piece)
            .is_some_and(|h| h.sub.is_none() && scope.is_whole(&h.name)),
    })
}

/// Reads a subscript as indices, if it consists of whole numbers.
pub(super) fn indices(
    sub: &[Piece],
    scope: &mut Scope,
) -> Result<Option<Vec<Expr>>> {
    if !whole_script(sub, scope) {
        return Ok(None);
    }
    let parts = sub.split(separates);
    // `x_{t1}` may have two indices, or a product as its index.
    let letter = |p: &Piece| matches!(p.kind, P::Letter(_));
    let digit = |p: &Piece| matches!(p.kind, P::Digit(_));
    let beside = sub.windows(2).find(|pair| {
        letter(&pair[0]) && (digit(&pair[1]) || letter(&pair[1]))
            || digit(&pair[0]) && letter(&pair[1])
    });
    if let Some([first, second]) = beside {
        let message = "one index, which is a product, or two?";
        return Err(Problem::new(first.span.to(second.span), message)
            .hint("write a comma between two indices, \\cdot in a product"));
    }
    let indices = parts.map(|part| expression(part, scope));
    indices.collect::<Result<_>>().map(Some)
}

pub(super) type Call<'a> = (Vec<Expr>, &'a Piece);

/// Reads the arguments of a symbol that the notation has as a function.
pub(super) fn arguments<'a>(
    piece: &Piece,
    name: &str,
    cursor: &mut Cursor<'a>,
    scope: &mut Scope,
) -> Result<Option<Call<'a>>> {
    let symbols = &scope.notation.symbols;
    let arities: Vec<usize> = symbols
        .keys()
        .filter(|id| id.name == name && id.arguments > 0)
        .map(|id| id.arguments)
        .collect();
    let Some(open) = cursor.peek() else { return Ok(None) };
    if !matches!(open.kind, P::Open(_)) {
        return Ok(None);
    }
    let before = cursor.next;
    cursor.take();
    let (inside, close) = cursor.until_close(open)?;
    let commas = top_commas(inside);
    if arities.is_empty() && commas == 0 {
        cursor.next = before; // a product
        return Ok(None);
    }
    if !arities.contains(&(commas + 1)) {
        let span = piece.extent().to(close.span);
        let message =
            format!("{name} is not known as a function of {}", commas + 1);
        let hint = if arities.is_empty() {
            "declare it with its parameters in the notation file; of the \
             distributions, only \\mathcal N stands in a formula"
                .to_owned()
        } else {
            format!("the notation has it with {arities:?} arguments")
        };
        return Err(Problem::new(span, message).hint(hint));
    }
    if !matches!(&*open.text(), "(" | "[" | "\\lbrack") {
        let message = "the arguments of a function stand in ( )";
        return Err(Problem::new(piece.extent().to(close.span), message));
    }
    let arguments = split_commas(inside)
        .into_iter()
        .map(|part| expression(part, scope))
        .collect::<Result<Vec<_>>>()?;
    Ok(Some((arguments, close)))
}

/// Reads `x_j`: an entry of a vector that has no index in the notation.
pub(super) fn entry(
    piece: &Piece,
    symbol: &Symbol,
    scope: &Scope,
) -> Option<Expr> {
    let Symbol { name, indices, arguments } = symbol;
    let [index] = indices.as_slice() else { return None };
    let symbols = &scope.notation.symbols;
    let vector = symbols.get(&crate::expr::Id::plain(name))?;
    let family = symbols.keys().any(|id| id.name == *name && id.indices > 0);
    let is_vector = vector.sort == crate::notation::Sort::Vector;
    if !is_vector || family || !arguments.is_empty() {
        return None;
    }
    let counts = match &index.kind {
        Kind::Number { decimals: 0, digits } => *digits > 0,
        Kind::Symbol(symbol) => scope.bound.contains(&symbol.name),
        _ => false,
    };
    if !counts {
        return None;
    }
    let whole = Symbol { indices: vec![], ..symbol.clone() };
    let whole = Expr::new(Kind::Symbol(whole), piece.span);
    let kind = Kind::Entry(Box::new(whole), Box::new(index.clone()));
    Some(Expr::new(kind, piece.extent()))
}
