//! Assembly of clauses: finds the claim that each condition belongs to.

use super::Scope;
use super::bounds::{is_about, of_another};
use super::clauses::{Before, Clause, Entry, Mode};
use super::conditions::{conditions, of_exception};
use super::ends::ranged;
use super::statements::Statement;
use super::terms::{defines, introduces, is_bound, lonely, sets_index};
use crate::expr::Condition;
use crate::span::{Problem, Result, Span};

/// A claim with its conditions.
pub(super) struct Unit {
    pub(super) clause: Clause,
    /// The conditions, each with its row if it applies to one row only.
    pub(super) conditions: Vec<(Result<Vec<Condition>>, Option<usize>)>,
    /// The conditions that are bounds behind a comma, without a word.
    pub(super) bare: Vec<Condition>,
    /// True if one of the conditions names what the claim holds for all of.
    pub(super) quantified: bool,
    /// The premises of the claim, one list per implication sign. In
    /// `A \iff B \impliedby C`, B follows from A, and B follows from C.
    pub(super) guards: Vec<Vec<usize>>,
    /// True if the claim is only a premise of another claim.
    pub(super) guard: bool,
}

/// A condition that comes before its claim.
struct Waiting {
    found: Result<Vec<Condition>>,
    span: Span,
    row: usize,
    /// True if the condition applies to every claim that follows in its row.
    all: bool,
    /// True if such a condition has no claim in its row, so that it applies to
    /// the rows below.
    below: bool,
    /// True if a claim has used the condition.
    used: bool,
}

/// The assembly of clauses: finds the claim that each condition belongs to.
#[derive(Default)]
pub(super) struct Assembly {
    pub(super) units: Vec<Unit>,
    /// The leading conditions that wait for their claim.
    waiting: Vec<Waiting>,
    /// The row of the last condition, if no claim came since.
    pub(super) after: Option<usize>,
    /// True if a word such as *for* introduced the condition.
    by_word: bool,
    /// True if an exception came since the last claim.
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
                // The prose may use a condition that no claim uses.
                Ok(all) if !waiting.used && !all.is_empty() => {
                    self.said.push(Statement::Values(all, waiting.span));
                }
                Ok(_) => {}
            }
        }
        self.links();
        let mut said = std::mem::take(&mut self.said);
        // A definition behind `where` comes before its uses.
        let mut first = vec![];
        for i in 0..self.units.len() {
            if self.units[i].guard {
                continue;
            }
            let is_where = self.units[i].clause.mode == Mode::Where;
            let into = if is_where { &mut first } else { &mut said };
            self.emit(i, scope, into);
        }
        // Keep the order of the text.
        said.sort_by_key(Statement::place);
        first.append(&mut said);
        first
    }

    /// Adds a problem to the claim before it, or else to the claim after it.
    pub(super) fn problem(&mut self, problem: Problem, row: usize) {
        if let Some(unit) = self.units.last_mut() {
            unit.conditions.push((Err(problem), None));
            return;
        }
        let (span, found) = (problem.span, Err(problem));
        let (all, below, used) = (false, false, false);
        self.waiting.push(Waiting { found, span, row, all, below, used });
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
                let and = clause.before == Before::And && self.by_word;
                if !and && !sets_index(&clause, scope) {
                    self.bare(&found);
                }
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
                    // A wide space or a semicolon does not say whether the
                    // clause is a condition.
                    let said = clause.before == Before::Comma && about;
                    let found = if sets || said {
                        conditions(&clause, scope)
                    } else {
                        Err(of_another(&clause))
                    };
                    if !sets {
                        self.bare(&found);
                    }
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
            | Mode::Bracketed => self.stated(&clause, scope),
        }
    }

    /// Adds what words, signs or brackets call a condition.
    fn stated(&mut self, clause: &Clause, scope: &mut Scope) {
        let beside = self.beside(clause);
        let leads = clause.leads || beside.is_none();
        if let (Some(claim), false) = (beside, leads) {
            scope.ranged = ranged(&self.units[claim].clause, scope);
        }
        if let Some(problem) = self.on_a_condition(clause, leads) {
            scope.ranged.clear();
            return self.condition(clause, Err(problem), leads);
        }
        let bracketed = clause.mode == Mode::Bracketed;
        let of_it = !bracketed
            || beside.is_none_or(|unit| {
                is_about(clause, &self.units[unit].clause, scope)
            });
        let found = if of_it {
            conditions(clause, scope)
        } else {
            Err(of_another(clause))
        };
        scope.ranged.clear();
        self.condition(clause, found, leads);
    }

    /// Returns the problem of a condition that may be one on another condition.
    fn on_a_condition(&self, clause: &Clause, leads: bool) -> Option<Problem> {
        let behind = if leads {
            self.waiting.iter().any(|w| w.row == clause.row)
        } else {
            self.conditioned(clause)
        };
        let all = matches!(clause.mode, Mode::Quantifier | Mode::All { .. });
        let again = all || clause.mode == Mode::Condition;
        let message = match clause.before {
            Before::Link(_) => "an implication within a condition",
            Before::Words | Before::Space if behind && (leads || all) => {
                "a condition on a condition"
            }
            Before::And | Before::Words | Before::Space | Before::Comma
                if behind && again && !leads =>
            {
                "does the claim hold in both cases, or where both are true?"
            }
            _ => return None,
        };
        Some(Problem::new(clause.span(), message).hint(
            "write conditions that compare values, and each case in a formula of its \
             own",
        ))
    }

    /// Returns the last claim, if a condition in this clause can apply to it.
    pub(super) fn beside(&self, clause: &Clause) -> Option<usize> {
        let last = self.units.len().checked_sub(1)?;
        let unit = &self.units[last].clause;
        let rows = unit.relations.iter().map(|(_, _, row)| *row);
        let same = rows.max() == Some(clause.row) || unit.row == clause.row;
        // A condition alone on a row applies to the row before.
        let below = clause.mode != Mode::Claim && !clause.leads;
        (same || below).then_some(last)
    }

    /// Returns whether a condition on a claim in this row comes just before.
    pub(super) fn conditioned(&self, clause: &Clause) -> bool {
        self.after == Some(clause.row) && !self.units.is_empty()
    }

    /// Notes that a comma alone makes these bounds conditions on the last claim.
    fn bare(&mut self, found: &Result<Vec<Condition>>) {
        if let (Some(unit), Ok(found)) = (self.units.last_mut(), found) {
            unit.bare.extend(found.iter().cloned());
        }
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
            // The next condition over rows takes the place of the last one.
            self.waiting.retain(|w| !(w.below && w.used && w.row != row));
            let (all, below, used) = (clause.leads, false, false);
            self.waiting.push(Waiting { found, span, row, all, below, used });
        } else if let Some(unit) = self.units.last_mut() {
            self.after = Some(clause.row);
            self.by_word |=
                matches!(clause.mode, Mode::Condition | Mode::All { .. });
            let last = unit.clause.relations.iter().map(|(_, _, row)| *row);
            let last = last.max();
            let row = last.map(|last| last.min(clause.row));
            // Behind the last row, a condition applies to all rows. In a
            // separate column, a condition applies to its row only.
            let margin = clause.column > unit.clause.column;
            let all = row == last && !margin;
            unit.quantified |= clause.list
                || matches!(clause.mode, Mode::Quantifier | Mode::All { .. });
            unit.conditions.push((found, row.filter(|_| !all)));
        }
    }

    pub(super) fn claim(&mut self, clause: Clause) {
        (self.after, self.by_word, self.excepted) = (None, false, false);
        let mut found = vec![];
        let waiting = std::mem::take(&mut self.waiting);
        for mut condition in waiting {
            let same = condition.row == clause.row;
            condition.below |= condition.all && !condition.used && !same;
            let near = same || condition.below || condition.found.is_err();
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
            bare: vec![],
            quantified: false,
            guards: vec![],
            guard: false,
        });
    }
}
