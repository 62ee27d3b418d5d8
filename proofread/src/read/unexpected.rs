//! Problems of pieces that cannot continue an expression.

use super::pieces::{Kind as P, Piece};
use crate::span::Problem;

/// Returns the problem of a piece that is not part of an expression.
pub(super) fn unexpected(piece: &Piece) -> Problem {
    let span = piece.extent();
    match &piece.kind {
        P::Relation(text) => {
            let problem =
                Problem::new(span, format!("a relation, {text}, in brackets"));
            if text == ":" {
                problem.hint("a range is written as a subscript: x_{1:T}")
            } else {
                problem
            }
        }
        P::Close(_) => Problem::new(span, "this bracket was not opened"),
        P::Comma(_) => Problem::new(span, "a comma within an expression")
            .hint("is this the call of a function that the notation lacks?"),
        P::Dots => Problem::new(span, "what the dots stand for is not said")
            .hint("write \\sum or \\prod"),
        P::Operator(text) => {
            Problem::new(span, format!("{text} has no meaning here"))
        }
        P::Break | P::Line => Problem::new(span, "a new row within brackets")
            .hint("begin the row with a sign, such as + or \\cdot"),
        P::Cell | P::Column => Problem::new(span, "a new column here"),
        P::Tag(_) => Problem::new(span, "a number within an expression"),
        _ => Problem::new(span, "this was not expected here"),
    }
}
