//! Statements of a formula: chains of relations, and conditions on them.
//!
//! Every typeset part belongs to a statement or a condition, or is a problem.
//! [`Reading::roles`] has the role of each part.

use super::Scope;
use super::assembly::Assembly;
use super::clauses::{Before, Entry, Mode, Role};
use super::pieces::Piece;
use super::relations::{is_membership, relation};
use super::rows::strands;
use super::scan::clauses;
use super::sets::All;
use super::terms::term;
use crate::expr::{Condition, Expr};
use crate::relation::Relation;
use crate::span::{Result, Span};

/// The statements of a formula, and the role of each part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) statements: Vec<Statement>,
    pub(crate) roles: Vec<(Span, Role)>,
}

impl Reading {
    /// Returns the leaves that no role covers. Joins neighbouring leaves.
    pub(crate) fn unread(&self, leaves: &Result<Vec<Span>>) -> Vec<Span> {
        let Ok(leaves) = leaves else { return vec![] };
        let mut unread: Vec<Span> = vec![];
        for leaf in leaves {
            let within = |(span, _): &(Span, Role)| {
                span.start <= leaf.start && leaf.end <= span.end
            };
            if self.roles.iter().any(within) {
                continue;
            }
            match unread.last_mut() {
                Some(last) if leaf.start <= last.end + 1 => {
                    *last = last.to(*leaf);
                }
                _ => unread.push(*leaf),
            }
        }
        unread
    }
}

/// A statement of a formula.
#[derive(Clone, Debug)]
pub(crate) enum Statement {
    /// `a = b = c`.
    Chain(Chain),
    /// `a \in \mathbb R`: the element, the set, the span of the sign and the
    /// span of the statement.
    Member(Result<Expr>, All, Span, Span),
    /// The values of an index without a claim, as in `t = 1, \dots, T`, and
    /// their span.
    Values(Vec<Condition>, Span),
    /// An expression alone, which claims nothing.
    Term(Result<Expr>),
}

/// Sides joined by relations. A side that cannot be parsed invalidates only the
/// relations next to it.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) sides: Vec<(Result<Expr>, Span)>,
    pub(crate) relations: Vec<(Result<Relation>, Span)>,
    /// The conditions under which the chain applies.
    pub(crate) conditions: Result<Vec<Condition>>,
    /// The conditions among these that are bounds behind a comma, without a word.
    pub(crate) bare: Vec<Condition>,
    /// True if its left side is a side of the chain before.
    pub(crate) continues: bool,
    /// True if the chain follows from other claims, which are conditions.
    pub(crate) guarded: bool,
}

impl Statement {
    /// Returns the start of the statement, to sort statements.
    pub(super) fn place(&self) -> usize {
        match self {
            Self::Chain(chain) => {
                let sides = chain.sides.iter().map(|(_, span)| span.start);
                sides.min().unwrap_or(0)
            }
            Self::Member(_, _, _, whole) | Self::Values(_, whole) => {
                whole.start
            }
            Self::Term(Ok(expr)) => expr.span.start,
            Self::Term(Err(problem)) => problem.span.start,
        }
    }
}

/// Reads the statements of one formula.
pub(crate) fn statements(pieces: &[Piece], scope: &mut Scope) -> Reading {
    let found = clauses(&strands(pieces), scope);
    let mut roles = found.roles;
    let mut entries = found.found;
    distribute(&mut entries);
    for entry in &entries {
        let Entry::Clause(clause) = entry else { continue };
        for side in clause.sides.iter().chain(&clause.also) {
            let extents = side.iter().map(Piece::extent);
            let Some(span) = extents.reduce(Span::to) else { continue };
            let role = match clause.mode {
                Mode::Ignored => Role::Problem,
                Mode::Claim if clause.list => Role::List,
                Mode::Claim => Role::Side,
                _ => Role::Condition,
            };
            roles.push((span, role));
        }
        let signs = clause.relations.iter();
        roles.extend(signs.map(|(_, span, _)| (*span, Role::Relation)));
    }
    let relates = entries.iter().any(|entry| match entry {
        Entry::Clause(clause) => !clause.relations.is_empty(),
        Entry::Problem(..) => true,
    });
    let statements = if relates {
        Assembly::default().all(entries, scope)
    } else {
        let clauses = entries.into_iter().filter_map(|entry| match entry {
            Entry::Clause(clause) => Some(clause),
            Entry::Problem(..) => None,
        });
        clauses.filter_map(|clause| term(clause, scope)).collect()
    };
    Reading { statements, roles }
}

/// Applies the relation of `a, b > 0` to both elements.
fn distribute(entries: &mut Vec<Entry>) {
    for i in (1..entries.len()).rev() {
        let [Entry::Clause(first), Entry::Clause(second)] = &entries[i - 1..=i]
        else {
            continue;
        };
        let lists = second.before == Before::Comma
            && first.row == second.row
            && first.mode == Mode::Claim
            && second.mode == Mode::Claim
            && first.relations.is_empty()
            && second.relations.first().is_some_and(|(sign, ..)| {
                is_membership(sign)
                    || relation(sign, Span::default()).is_ok_and(|sign| {
                        sign.is_order() || sign == Relation::Distributed
                    })
            });
        if !lists {
            continue;
        }
        let Entry::Clause(first) = entries.remove(i - 1) else { continue };
        if let Some(Entry::Clause(second)) = entries.get_mut(i - 1) {
            second.also.extend(first.sides);
            second.before = first.before;
        }
    }
}
