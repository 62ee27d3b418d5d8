//! Lookahead for brackets, and for signs outside brackets.

use super::phrases::is_prose;
use super::pieces::{Kind as P, Piece};
use super::relations::is_link;

/// Returns whether a full stop here ends a sentence.
pub(super) fn ends(rest: &[Piece]) -> bool {
    rest.get(1).is_none_or(|next| {
        next.wide
            || matches!(
                next.kind,
                P::Text(_) | P::Relation(_) | P::Comma(_) | P::Tag(_)
            )
    })
}

/// Returns the length and the content of a bracket that starts the pieces. The
/// closing bracket may be of another kind, as in an interval.
pub(super) fn bracket(pieces: &[Piece]) -> Option<(usize, &[Piece])> {
    if !matches!(pieces.first()?.kind, P::Open(_)) {
        return None;
    }
    let mut depth = 0_usize;
    for (i, piece) in pieces.iter().enumerate() {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((i + 1, &pieces[1..i]));
        }
    }
    None
}

/// Returns whether the pieces have a relation outside brackets.
pub(super) fn has_relation(pieces: &[Piece]) -> bool {
    let mut depth = 0_i32;
    pieces.iter().any(|piece| {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        depth <= 0 && matches!(&piece.kind, P::Relation(sign) if sign != ":")
    })
}

/// Returns whether the pieces have a sign such as `\implies`, or words.
pub(super) fn implies(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match &piece.kind {
        P::Relation(sign) => is_link(sign),
        P::Text(_) => true,
        P::Word(word) => is_prose(word),
        _ => false,
    })
}

/// Returns whether a colon outside brackets comes before any words.
pub(super) fn colon_follows(pieces: &[Piece]) -> bool {
    let mut depth = 0_i32;
    for piece in pieces {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            P::Relation(sign) if depth == 0 && sign == ":" => return true,
            P::Text(_) if depth == 0 => return false,
            _ => {}
        }
    }
    false
}

/// Returns whether the pieces are a formula's number, such as `3.2` or `*`.
pub(super) fn is_number(pieces: &[Piece]) -> bool {
    !pieces.is_empty()
        && pieces.iter().all(|piece| {
            let mark = match &piece.kind {
                P::Digit(_) => true,
                P::Operator(sign) => {
                    matches!(&**sign, "*" | "∗" | "\\ast" | "\\star")
                }
                P::Letter(sign) => {
                    matches!(&**sign, "*" | "\\star" | "\\dagger" | "\\ast")
                }
                _ => false,
            };
            let primes = piece
                .sup
                .iter()
                .flatten()
                .all(|p| p.kind == P::Letter("\\prime".into()));
            mark && piece.sub.is_none() && primes
        })
}
