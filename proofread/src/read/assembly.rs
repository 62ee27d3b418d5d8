//! Putting clauses together: which is a condition on which.

use super::Scope;
use super::bounds::{is_about, of_another};
use super::clauses::{Before, Clause, Entry, Mode};
use super::conditions::{conditions, of_exception};
use super::ends::ranged;
use super::statements::Statement;
use super::terms::{defines, introduces, is_bound, lonely, sets_index};
use crate::expr::Condition;
use crate::span::{Problem, Result, Span};

/// A claim with what was found to be a condition on it.
pub(super) struct Unit {
    pub(super) clause: Clause,
    /// Conditions, with their row where only this row is meant.
    pub(super) conditions: Vec<(Result<Vec<Condition>>, Option<usize>)>,
    /// The claims that it follows from, those of each sign for themselves:
    /// `A \iff B \impliedby C` says that B follows from A, and from C.
    pub(super) guards: Vec<Vec<usize>>,
    /// Whether it is only what another follows from.
    pub(super) guard: bool,
}

/// A condition that stands before its claim.
struct Waiting {
    found: Result<Vec<Condition>>,
    span: Span,
    row: usize,
    /// Whether it holds for all that follows in its row.
    all: bool,
    /// Whether a claim took it up.
    used: bool,
}

/// Putting clauses together: which is a condition on which.
#[derive(Default)]
pub(super) struct Assembly {
    pub(super) units: Vec<Unit>,
    /// What leads and waits for its claim.
    waiting: Vec<Waiting>,
    /// The row of the condition that came last, if no claim came since.
    pub(super) after: Option<usize>,
    /// Whether a word, such as *for*, called it a condition.
    by_word: bool,
    /// Whether an exception stands before, if no claim came since.
    excepted: bool,
    pub(super) said: Vec<Statement>,
}

impl Assembly {
    pub(super) fn all(
        mut self,
        entries: Vec<Entry>,
        scope: &mut Scope,
    ) -> Vec<Statement> {
        for entry in entries {
            match entry {
                Entry::Problem(problem, row) => self.problem(problem, row),
                Entry::Clause(clause) => self.clause(clause, scope),
            }
        }
        for waiting in std::mem::take(&mut self.waiting) {
            match waiting.found {
                Err(problem) => self.said.push(Statement::Term(Err(problem))),
                // A condition that the prose takes up.
                Ok(all) if !waiting.used && !all.is_empty() => {
                    self.said.push(Statement::Values(all, waiting.span));
                }
                Ok(_) => {}
            }
        }
        self.links();
        let mut said = std::mem::take(&mut self.said);
        // What `where` defines is defined before it is used.
        let mut first = vec![];
        for i in 0..self.units.len() {
            if self.units[i].guard {
                continue;
            }
            let is_where = self.units[i].clause.mode == Mode::Where;
            let into = if is_where { &mut first } else { &mut said };
            self.emit(i, scope, into);
        }
        // In the order of the text.
        said.sort_by_key(Statement::place);
        first.append(&mut said);
        first
    }

    /// A problem spoils the claim that it stands behind, or else before.
    pub(super) fn problem(&mut self, problem: Problem, row: usize) {
        if let Some(unit) = self.units.last_mut() {
            unit.conditions.push((Err(problem), None));
            return;
        }
        let (span, found) = (problem.span, Err(problem));
        let (all, used) = (false, false);
        self.waiting.push(Waiting { found, span, row, all, used });
    }

    pub(super) fn clause(&mut self, clause: Clause, scope: &mut Scope) {
        match clause.mode {
            Mode::Ignored => {}
            Mode::Where if defines(&clause) || introduces(&clause, scope) => {
                self.claim(clause);
            }
            Mode::Claim if clause.list => {
                let found = conditions(&clause, scope);
                let leads = clause.leads || self.beside(&clause).is_none();
                self.condition(&clause, found, leads);
            }
            Mode::Claim if clause.relations.is_empty() => {
                let problem = lonely(&clause);
                self.problem(problem, clause.row);
            }
            Mode::Claim if clause.leads => {
                let found = if sets_index(&clause, scope) {
                    conditions(&clause, scope)
                } else {
                    let message = "what does the colon behind this mean?";
                    Err(Problem::new(clause.span(), message)
                        .hint("write a condition with 'for' or 'if'"))
                };
                self.condition(&clause, found, true);
            }
            Mode::Claim
                if (clause.before == Before::And
                    || matches!(
                        clause.before,
                        Before::Comma | Before::Semicolon
                    ) && self.by_word)
                    && self.conditioned(&clause) =>
            {
                let found =
                    if sets_index(&clause, scope) || is_bound(&clause, scope) {
                        conditions(&clause, scope)
                    } else {
                        let message = "is this one more condition, or a claim?";
                        Err(Problem::new(clause.span(), message).hint(
                        "write two formulas, or the condition before the claim",
                    ))
                    };
                self.condition(&clause, found, false);
            }
            Mode::Claim => {
                let near = clause.before.is_separator()
                    && self.beside(&clause).is_some();
                let sets = near && sets_index(&clause, scope);
                let bounds = near
                    && is_bound(&clause, scope)
                    && self.beside(&clause).is_some_and(|unit| {
                        !is_bound(&self.units[unit].clause, scope)
                    });
                let about = self.beside(&clause).is_some_and(|unit| {
                    is_about(&clause, &self.units[unit].clause, scope)
                });
                if sets || bounds {
                    // A wide space or a semicolon says nothing of how what it
                    // sets apart is meant.
                    let said = clause.before == Before::Comma && about;
                    let found = if sets || said {
                        conditions(&clause, scope)
                    } else {
                        Err(of_another(&clause))
                    };
                    self.condition(&clause, found, false);
                } else {
                    self.claim(clause);
                }
            }
            Mode::Condition
            | Mode::Where
            | Mode::Unless
            | Mode::Quantifier
            | Mode::All { .. }
            | Mode::Bracketed => {
                let beside = self.beside(&clause);
                let leads = clause.leads || beside.is_none();
                if let (Some(claim), false) = (beside, leads) {
                    scope.ranged = ranged(&self.units[claim].clause, scope);
                }
                let found = conditions(&clause, scope);
                scope.ranged.clear();
                self.condition(&clause, found, leads);
            }
        }
    }

    /// The claim before a clause, in the same row, that no index is set by.
    pub(super) fn beside(&self, clause: &Clause) -> Option<usize> {
        let last = self.units.len().checked_sub(1)?;
        let unit = &self.units[last].clause;
        let rows = unit.relations.iter().map(|(_, _, row)| *row);
        let same = rows.max() == Some(clause.row) || unit.row == clause.row;
        // A condition on a row of its own is one on the row before.
        let below = clause.mode != Mode::Claim && !clause.leads;
        (same || below).then_some(last)
    }

    /// Whether a condition stands just before, behind a claim in this row.
    pub(super) fn conditioned(&self, clause: &Clause) -> bool {
        self.after == Some(clause.row)
            && self.units.last().is_some_and(|unit| {
                unit.clause.row == clause.row
                    || unit.clause.relations.iter().any(|r| r.2 == clause.row)
            })
    }

    pub(super) fn condition(
        &mut self,
        clause: &Clause,
        found: Result<Vec<Condition>>,
        leads: bool,
    ) {
        let unless = clause.mode == Mode::Unless;
        let found = if self.excepted && !unless {
            Err(of_exception(clause))
        } else {
            found
        };
        self.excepted |= unless;
        if leads {
            let (row, span) = (clause.row, clause.span());
            let (all, used) = (clause.leads, false);
            self.waiting.push(Waiting { found, span, row, all, used });
        } else if let Some(unit) = self.units.last_mut() {
            self.after = Some(clause.row);
            self.by_word |=
                matches!(clause.mode, Mode::Condition | Mode::All { .. });
            let last = unit.clause.relations.iter().map(|(_, _, row)| *row);
            let last = last.max();
            let row = last.map(|last| last.min(clause.row));
            // Behind the last row it is one on all rows; in a column of its own
            // it is one on its row.
            let margin = clause.column > unit.clause.column;
            let all = row == last && !margin;
            unit.conditions.push((found, row.filter(|_| !all)));
        }
    }

    pub(super) fn claim(&mut self, clause: Clause) {
        (self.after, self.by_word, self.excepted) = (None, false, false);
        let mut found = vec![];
        let waiting = std::mem::take(&mut self.waiting);
        for mut condition in waiting {
            let near = condition.row == clause.row || condition.found.is_err();
            if near {
                found.push((condition.found.clone(), None));
                condition.used = true;
            }
            if condition.all || !near {
                self.waiting.push(condition);
            }
        }
        self.units.push(Unit {
            clause,
            conditions: found,
            guards: vec![],
            guard: false,
        });
    }
}
