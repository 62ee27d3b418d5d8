//! Words between the parts of a formula.

use super::brackets::{bracket, is_number};
use super::clauses::{Before, Entry, Mode, Role};
use super::phrases::{Phrase, phrase};
use super::pieces::Piece;
use super::scan::Scan;
use crate::span::{Problem, Span};

impl Scan {
    pub(super) fn words(&mut self, text: &str, rest: &[Piece]) -> usize {
        let piece = &rest[0];
        let span = piece.extent();
        self.finish(Before::Words);
        let phrase = phrase(text);
        let role = match phrase {
            Phrase::Remark | Phrase::Reason => Role::Remark,
            Phrase::Condition
            | Phrase::All { .. }
            | Phrase::Unless
            | Phrase::Where => Role::Condition,
            Phrase::Link(_) => Role::Relation,
            _ => Role::Joint,
        };
        if phrase != Phrase::Unknown {
            self.role(span, role);
        }
        match phrase {
            Phrase::Condition => self.mode = Mode::Condition,
            Phrase::All { real } => self.mode = Mode::All { real },
            Phrase::Where => self.mode = Mode::Where,
            Phrase::Unless => self.mode = Mode::Unless,
            Phrase::Join => self.before = Before::Words,
            Phrase::And => self.before = Before::And,
            Phrase::Then => {
                self.then();
                self.before = Before::Colon;
            }
            Phrase::Link(link) => self.before = Before::Link(link),
            Phrase::Remark => {}
            Phrase::Reason => {
                if let Some((length, inside)) = bracket(&rest[1..])
                    && is_number(inside)
                {
                    let last = rest[length].extent();
                    self.role(rest[1].extent().to(last), Role::Remark);
                    return length + 1;
                }
                if rest.len() > 1 {
                    self.unknown(span);
                }
            }
            Phrase::Unknown => self.unknown(span),
        }
        1
    }

    pub(super) fn unknown(&mut self, span: Span) {
        let message = "these words are not understood beside a relation";
        self.problem(Problem::new(span, message).hint(
            "write a condition with 'for' or 'if', or mark the line as prose",
        ));
        self.mode = Mode::Ignored;
    }

    /// Marks the conditions just before as leading.
    pub(super) fn lead(&mut self) {
        for entry in self.clauses.found.iter_mut().rev() {
            match entry {
                Entry::Clause(clause)
                    if clause.list || clause.mode != Mode::Claim =>
                {
                    clause.leads = true;
                }
                _ => break,
            }
        }
    }

    /// Marks everything since the last `if` in this row as leading conditions.
    pub(super) fn then(&mut self) {
        let row = self.row;
        let opens = self.clauses.found.iter().rposition(|entry| {
            matches!(entry, Entry::Clause(clause) if clause.row == row
                && clause.mode == Mode::Condition)
        });
        let Some(opens) = opens else { return };
        for entry in &mut self.clauses.found[opens..] {
            if let Entry::Clause(clause) = entry {
                clause.leads = true;
                if clause.mode == Mode::Claim {
                    clause.mode = Mode::Condition;
                }
            }
        }
        self.open.remove(&self.column);
    }
}
