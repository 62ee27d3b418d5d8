//! Clauses: the parts of a formula that signs, commas, words and wide spaces
//! set apart.

use super::pieces::{Kind as P, Piece};
use super::relations::Link;
use crate::span::{Problem, Span};

/// What a part of a formula was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A side of a relation, or an expression alone.
    Side,
    /// The sign of a relation, or one between two statements.
    Relation,
    /// A condition, a guard or a quantifier.
    Condition,
    /// The values that an index takes.
    List,
    /// A number or a reason, which claims nothing.
    Remark,
    /// Punctuation, and words that only join.
    Joint,
    /// What was not understood, and said so.
    Problem,
}

/// What a clause is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Claim,
    /// Behind `for` or `if`.
    Condition,
    /// Behind `where`.
    Where,
    /// Behind `unless`.
    Unless,
    /// Behind `\forall`.
    Quantifier,
    /// Behind `for all`, or `for all real`.
    All {
        real: bool,
    },
    /// In brackets of its own: `(t = 1)`.
    Bracketed,
    /// Behind words that are not understood.
    Ignored,
}

/// What stands between a clause and the one before.
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
    /// Whether only a sign or a space sets a clause apart, and no word.
    pub(super) fn is_separator(self) -> bool {
        matches!(self, Self::Comma | Self::Semicolon | Self::Space)
    }
}

/// A statement before its sides are read.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) mode: Mode,
    pub(super) before: Before,
    pub(super) sides: Vec<Vec<Piece>>,
    /// The signs, with the rows in which they stand.
    pub(super) relations: Vec<(String, Span, usize)>,
    /// More elements that the first relation is about: `a` of `a, b > 0`.
    pub(super) also: Vec<Vec<Piece>>,
    pub(super) row: usize,
    pub(super) column: usize,
    /// Whether it is a list such as `t = 1, \dots, T`.
    pub(super) list: bool,
    /// Whether a colon or `then` follows, so that it leads.
    pub(super) leads: bool,
    /// Whether the row ended it.
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

    /// Whether more must follow: a relation or an operator is last.
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

/// All clauses of a formula, in their order.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    pub(super) found: Vec<Entry>,
    pub(super) roles: Vec<(Span, Role)>,
}

/// A clause, or a problem that spoils those beside it.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Clause(Clause),
    Problem(Problem, usize),
}
