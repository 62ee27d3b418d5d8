//! The rows of a formula, and the equations side by side in each.

use super::pieces::{Kind as P, Piece};

/// A row, or the part of a row that is a separate equation.
#[derive(Clone, Debug)]
pub(crate) struct Strand {
    pub(crate) row: usize,
    /// The number of this equation among the equations side by side.
    pub(crate) column: usize,
    /// True if the row has columns and the first is empty: the row has no left
    /// side.
    pub(crate) indented: bool,
    /// True if the row has columns and the first is not empty.
    pub(crate) flush: bool,
    pub(crate) pieces: Vec<Piece>,
}

/// Splits a formula into rows, and the rows into equations side by side.
pub(crate) fn strands(pieces: &[Piece]) -> Vec<Strand> {
    let pieces = unwrap(pieces);
    let mut rows: Vec<Vec<Piece>> = vec![vec![]];
    let mut depth = 0_i32;
    for (i, piece) in pieces.iter().enumerate() {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        let splits = match &piece.kind {
            P::Line => true,
            // A row break in brackets does not end the row.
            P::Break => depth <= 0,
            _ => false,
        };
        let within = piece.kind == P::Break
            && depth > 0
            && continues(&pieces[..i], &pieces[i + 1..]);
        if splits {
            depth = 0;
            rows.push(vec![]);
        } else if !within && let Some(row) = rows.last_mut() {
            row.push(piece.clone());
        }
    }
    let rows = rows.into_iter().filter(|row| !row.is_empty());
    rows.enumerate().flat_map(|(i, row)| columns(i, &row)).collect()
}

/// Returns whether a sign beside a row break continues the row.
fn continues(before: &[Piece], after: &[Piece]) -> bool {
    let sign = |piece: &&Piece| {
        matches!(
            piece.kind,
            P::Operator(_) | P::Relation(_) | P::Open(_) | P::Comma(_)
        ) || matches!(piece.kind, P::Bar { .. })
    };
    let skip = |piece: &&Piece| !matches!(piece.kind, P::Cell);
    let last = before.iter().rev().find(skip);
    let next = after.iter().find(skip);
    let closes = |piece: &&Piece| matches!(piece.kind, P::Close(_) | P::Break);
    last.is_some_and(|p| sign(&p))
        || next.is_some_and(|p| sign(&p) || closes(&p))
}

/// Splits a row into equations side by side.
fn columns(row: usize, pieces: &[Piece]) -> Vec<Strand> {
    let mut cells: Vec<Vec<Piece>> = vec![vec![]];
    let mut apart = false;
    let mut depth = 0_i32;
    for piece in pieces {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        match &piece.kind {
            P::Cell if depth > 0 => {}
            P::Cell | P::Column => {
                apart |= piece.kind == P::Column;
                cells.push(vec![]);
            }
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(piece.clone());
                }
            }
        }
    }
    let many = cells.len() > 1;
    let seen = |piece: &Piece| !matches!(piece.kind, P::Tag(_));
    let indented = many && !cells[0].iter().any(seen);
    let mut parts: Vec<Vec<Piece>> = vec![];
    for (i, mut cell) in cells.into_iter().enumerate() {
        let first = cell.first().map(|piece| &piece.kind);
        let leads = matches!(first, Some(P::Relation(_)));
        let open = parts.last().is_some_and(|part| {
            matches!(
                part.last().map(|piece| &piece.kind),
                Some(P::Relation(_) | P::Operator(_))
            )
        });
        let joins = if apart { leads } else { i % 2 == 1 };
        match parts.last_mut() {
            Some(part) if joins || open => part.append(&mut cell),
            _ => parts.push(cell),
        }
    }
    let strand = |(column, pieces)| Strand {
        row,
        column,
        indented,
        flush: many && !indented,
        pieces,
    };
    let parts = parts.into_iter().enumerate().map(strand);
    parts.filter(|strand| !strand.pieces.is_empty()).collect()
}

/// Removes a group around all pieces.
fn unwrap(mut pieces: &[Piece]) -> &[Piece] {
    while let [only] = pieces
        && let P::Group(inner) = &only.kind
        && only.sub.is_none()
        && only.sup.is_none()
        && !matches!(
            inner.first().map(|p| &p.kind),
            Some(P::Open(_) | P::Bar { .. })
        )
    {
        pieces = inner;
    }
    pieces
}
