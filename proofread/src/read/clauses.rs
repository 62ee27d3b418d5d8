//! Clauses: the parts of a formula, separated by signs, commas, words and wide
//! spaces.

use super::pieces::{Kind as P, Piece};
use super::relations::Link;
use crate::span::{Problem, Span};

/// The role of a part of a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A side of a relation, or an expression alone.
    Side,
    /// The sign of a relation, or a sign between two statements.
    Relation,
    /// A condition, a guard or a quantifier.
    Condition,
    /// The values of an index.
    List,
    /// A number or a reason. A remark claims nothing.
    Remark,
    /// Punctuation, and words that only join.
    Joint,
    /// A part that the parser did not understand and reported.
    Problem,
}

/// The purpose of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Claim,
    /// A clause behind `for` or `if`.
    Condition,
    /// A clause behind `where`.
    Where,
    /// A clause behind `unless`.
    Unless,
    /// A clause behind `\forall`.
    Quantifier,
    /// A clause behind `for all`, or `for all real`.
    All {
        real: bool,
    },
    /// A clause in brackets: `(t = 1)`.
    Bracketed,
    /// A clause behind unknown words.
    Ignored,
}

/// The separator between a clause and the clause before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    Row,
    Comma,
    Semicolon,
    Space,
    And,
    Words,
    Colon,
    Link(Link),
}

impl Before {
    /// Returns whether the separator is a sign or a space, not a word.
    pub(super) fn is_separator(self) -> bool {
        matches!(self, Self::Comma | Self::Semicolon | Self::Space)
    }
}

/// A statement whose sides are not parsed yet.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) mode: Mode,
    pub(super) before: Before,
    pub(super) sides: Vec<Vec<Piece>>,
    /// The signs, with their spans and rows.
    pub(super) relations: Vec<(String, Span, usize)>,
    /// Further elements of the first relation: `a` of `a, b > 0`.
    pub(super) also: Vec<Vec<Piece>>,
    pub(super) row: usize,
    pub(super) column: usize,
    /// True if the clause is a list such as `t = 1, \dots, T`.
    pub(super) list: bool,
    /// True if a colon or `then` follows, so that the clause leads.
    pub(super) leads: bool,
    /// True if the end of a row ended the clause.
    pub(super) open: bool,
}

impl Clause {
    pub(super) fn span(&self) -> Span {
        let sides = self.sides.iter().chain(&self.also).flatten();
        let signs = self.relations.iter().map(|(_, span, _)| *span);
        let all = sides.map(Piece::extent).chain(signs);
        all.reduce(Span::to).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.relations.is_empty()
            && self.sides.iter().all(Vec::is_empty)
            && self.also.is_empty()
    }

    /// Returns whether more must follow: a relation or an operator is last.
    pub(super) fn incomplete(&self) -> bool {
        match self.sides.last() {
            None => false,
            Some(side) => match side.last() {
                None => !self.relations.is_empty(),
                Some(last) => matches!(last.kind, P::Operator(_)),
            },
        }
    }
}

/// All clauses of a formula, in order.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    pub(super) found: Vec<Entry>,
    pub(super) roles: Vec<(Span, Role)>,
}

/// A clause, or a problem that invalidates the clauses beside it.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Clause(Clause),
    Problem(Problem, usize),
}
