//! What a formula says: chains of relations, and conditions on them.
//!
//! All that is typeset is read as a part of one statement or condition, or is
//! a problem: [`Reading::roles`] says which, place by place.

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

/// All that a formula says, and what each part of it was read as.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) statements: Vec<Statement>,
    pub(crate) roles: Vec<(Span, Role)>,
}

impl Reading {
    /// The leaves that no part of the reading holds, those beside each other
    /// taken together.
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

/// One thing that a formula says.
#[derive(Clone, Debug)]
pub(crate) enum Statement {
    /// `a = b = c`.
    Chain(Chain),
    /// `a \in \mathbb R`: an element, the set, where the sign stands, and
    /// where all of it stands.
    Member(Result<Expr>, All, Span, Span),
    /// Which values an index has, with no claim about them, as in
    /// `t = 1, \dots, T`; and where that stands.
    Values(Vec<Condition>, Span),
    /// An expression alone, which claims nothing.
    Term(Result<Expr>),
}

/// Sides joined by relations. A side that cannot be read spoils only the
/// relations that it takes part in.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) sides: Vec<(Result<Expr>, Span)>,
    pub(crate) relations: Vec<(Result<Relation>, Span)>,
    /// What must hold for this chain to apply.
    pub(crate) conditions: Result<Vec<Condition>>,
    /// Whether its left side is a side of the chain before.
    pub(crate) continues: bool,
    /// Whether it follows from other claims, which are among its conditions.
    pub(crate) guarded: bool,
}

impl Statement {
    /// Where it begins, for putting statements in order.
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

/// Reads all that the pieces of one formula say.
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

/// `a, b > 0` says the relation of both.
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
                    || matches!(
                        relation(sign, Span::default()),
                        Ok(Relation::Less
                            | Relation::LessEqual
                            | Relation::Greater
                            | Relation::GreaterEqual
                            | Relation::Distributed)
                    )
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
