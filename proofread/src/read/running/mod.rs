//! Range of a sum or a product, from the text below and above its sign.
//!
//! # Layout
//!
//! | file | content |
//! | --- | --- |
//! | `part` | one part of a subscript |

mod part;

use super::Scope;
use super::expression::expression;
use super::pieces::Piece;
use super::primary::split_commas;
use crate::expr::Expr;
use crate::notation::Bound;
use crate::span::Result;
use part::{Ends, Reader};

/// An index with its range.
#[derive(Clone, Debug)]
pub(super) struct Running {
    pub(super) index: String,
    pub(super) from: Expr,
    pub(super) to: Expr,
    /// The values that the index leaves out.
    pub(super) without: Vec<Expr>,
    /// Another index that bounds this index, and may run, too.
    pub(super) beside: Option<String>,
}

/// Returns the indices that run, the outer ones first: `s = 1` with an end
/// above, `s < t`, `s \ne t`, `1 \le s < r \le T`, `s \in \{1, 2\}`, `s, r`.
pub(super) fn running(
    piece: &Piece,
    name: &str,
    scope: &mut Scope,
) -> Result<Vec<Running>> {
    let end = match &piece.sup {
        Some(sup) => Some(expression(sup, scope)?),
        None => None,
    };
    let end = end.as_ref();
    let mut reader = Reader { piece, name, end, known: vec![] };
    let sub = piece.sub.as_deref().unwrap_or(&[]);
    if sub.is_empty() {
        return Err(reader.bad("the running index is not said"));
    }
    let before = scope.bound.len();
    let mut all: Vec<Ends> = vec![];
    let parts = split_commas(sub);
    for (i, part) in parts.iter().enumerate() {
        let found = reader.part(part, i + 1 == parts.len(), scope);
        let more = found.inspect_err(|_| scope.bound.truncate(before))?;
        for ends in more {
            let mut known = all.iter_mut();
            if let Some(known) = known.find(|k| k.index == ends.index) {
                known.without.extend(ends.without);
                known.beside = known.beside.take().or(ends.beside);
                continue;
            }
            scope.bound.push(ends.index.clone());
            reader.known.push(ends.index.clone());
            all.push(ends);
        }
    }
    scope.bound.truncate(before);
    // `s, r = 1` with an end above: both indices have this range.
    if let Some((last, rest)) = all.split_last_mut()
        && parts.len() > 1
        && piece.sup.is_some()
    {
        for ends in rest.iter_mut().filter(|ends| ends.from.is_none()) {
            (ends.from, ends.to) = (last.from.clone(), last.to.clone());
        }
    }
    let mut running = vec![];
    for ends in all {
        let Ends { index, mut from, mut to, without, beside } = ends;
        // An index without a written range has the notation's range.
        if let Some((low, high)) = scope.notation.indices.get(&index) {
            // Another index sets one end of the notation's range. A written end
            // could leave that range.
            let runs = |bound: &Bound| {
                let size = bound.size.as_ref();
                size.is_some_and(|s| scope.notation.indices.contains_key(s))
            };
            let fixed = (from.is_some(), to.is_some());
            if fixed == (true, false) && runs(low)
                || fixed == (false, true) && runs(high)
            {
                return Err(reader.bad("both ends of this range must be said"));
            }
            from = from.or_else(|| Some(low.expr()));
            to = to.or_else(|| Some(high.expr()));
        }
        let (Some(from), Some(to)) = (from, to) else {
            return Err(reader.bad("the range of the index is not said"));
        };
        running.push(Running { index, from, to, without, beside });
    }
    Ok(running)
}
