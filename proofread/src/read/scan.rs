//! Scan of the rows into clauses, piece by piece.

use super::Scope;
use super::brackets::{ends, has_relation};
use super::clauses::{Before, Clause, Clauses, Entry, Mode, Role};
use super::phrases::is_prose;
use super::pieces::{Kind as P, Piece};
use super::reasons::is_reason;
use super::relations::link;
use super::rows::Strand;
use crate::span::{Problem, Span};
use std::collections::BTreeMap;

pub(super) fn clauses(strands: &[Strand], scope: &Scope) -> Clauses {
    let whole = scope.notation.indices.keys().cloned().collect();
    let mut scan = Scan {
        whole,
        clauses: Clauses::default(),
        current: None,
        reopened: None,
        mode: Mode::Claim,
        before: Before::Row,
        open: BTreeMap::new(),
        row: 0,
        column: 0,
    };
    for strand in strands {
        scan.strand(strand);
    }
    if matches!(scan.before, Before::Link(_)) {
        scan.dangling("nothing follows this sign");
    }
    scan.clauses
}

pub(super) struct Scan {
    /// The names of indices.
    pub(super) whole: Vec<String>,
    pub(super) clauses: Clauses,
    pub(super) current: Option<Clause>,
    /// The position of the current clause, if an earlier row began it.
    pub(super) reopened: Option<usize>,
    pub(super) mode: Mode,
    pub(super) before: Before,
    /// The position of the last claim of each column.
    pub(super) open: BTreeMap<usize, usize>,
    pub(super) row: usize,
    pub(super) column: usize,
}

impl Scan {
    pub(super) fn strand(&mut self, strand: &Strand) {
        // A column beside a claim is as far from it as a wide space.
        let beside = strand.column > 0 && strand.row == self.row;
        (self.row, self.column) = (strand.row, strand.column);
        self.mode = Mode::Claim;
        if !matches!(self.before, Before::Link(_) | Before::And) {
            self.before = if beside { Before::Space } else { Before::Row };
        }
        self.start(strand);
        let pieces = strand.pieces.as_slice();
        let mut i = 0;
        while i < pieces.len() {
            i += self.step(pieces, i);
        }
        if let Some(current) = &mut self.current {
            current.open = true;
        }
        self.finish(Before::Row);
        if !matches!(self.mode, Mode::Claim | Mode::Ignored) {
            self.dangling("nothing follows these words");
        }
    }

    /// Continues the clause of the row before, if this row belongs to it.
    pub(super) fn start(&mut self, strand: &Strand) {
        let Some(&place) = self.open.get(&strand.column) else { return };
        let Entry::Clause(before) = self.clauses.found[place].clone() else {
            return;
        };
        let mut all = strand.pieces.iter();
        let first = all.find(|piece| !matches!(piece.kind, P::Tag(_)));
        let Some(first) = first else { return };
        let relates = has_relation(&strand.pieces);
        let goes_on = match &first.kind {
            P::Relation(sign) => link(sign).is_none() && sign != ":",
            _ if before.incomplete() => true,
            P::Operator(_) if !before.open => false,
            P::Operator(_) if strand.flush && strand.column == 0 => {
                !relates || before.relations.is_empty()
            }
            P::Operator(sign) if matches!(&**sign, "-" | "−") && relates => {
                if strand.indented && strand.column == 0 {
                    let message = "is this sign one of the row before, or of a side of its own?";
                    self.problem(Problem::new(first.span, message).hint(
                        "write the left side before the &, or end the row before with the sign",
                    ));
                    self.mode = Mode::Ignored;
                }
                false
            }
            P::Operator(_) => true,
            _ => false,
        };
        if goes_on {
            self.current = Some(before.clone());
            self.reopened = Some(place);
        }
    }

    /// Adds a problem at the last sign or words that were read.
    fn dangling(&mut self, message: &str) {
        let signs = self.clauses.roles.iter().rev();
        let place = signs.map(|(span, _)| *span).next().unwrap_or_default();
        let hint = "write what follows, or take it away";
        self.problem(Problem::new(place, message).hint(hint));
    }

    pub(super) fn role(&mut self, span: Span, role: Role) {
        self.clauses.roles.push((span, role));
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.role(problem.span, Role::Problem);
        self.clauses.found.push(Entry::Problem(problem, self.row));
    }

    /// Reads the piece at `i`, and returns how many pieces it took.
    pub(super) fn step(&mut self, pieces: &[Piece], i: usize) -> usize {
        let piece = &pieces[i];
        let rest = &pieces[i..];
        match &piece.kind {
            P::Text(_) | P::Comma(_) | P::Digit('.') | P::Tag(_)
                if piece.has_script() =>
            {
                let message = "a script on what is no expression";
                self.problem(Problem::new(piece.extent(), message));
                self.mode = Mode::Ignored;
                1
            }
            P::Comma(';') => {
                self.role(piece.extent(), Role::Joint);
                self.finish(Before::Semicolon);
                1
            }
            P::Comma(_) => {
                self.role(piece.extent(), Role::Joint);
                self.comma(&pieces[i + 1..]);
                1
            }
            P::Digit('.') if ends(rest) => {
                self.role(piece.extent(), Role::Joint);
                self.finish(Before::Semicolon);
                1
            }
            P::Tag(tag) => {
                let says = |p: &Piece| match &p.kind {
                    P::Relation(_) => true,
                    P::Text(text) => !is_reason(text),
                    _ => false,
                };
                if let Some(claim) = tag.iter().find(|p| says(p)) {
                    let message = "the number of a formula states something";
                    self.problem(Problem::new(claim.span, message));
                }
                self.role(piece.extent(), Role::Remark);
                1
            }
            P::Text(text) => self.words(text, rest),
            P::Word(word)
                if is_prose(word)
                    && piece.sub.is_none()
                    && piece.sup.is_none() =>
            {
                self.words(word, rest)
            }
            P::Letter(sign)
                if matches!(&**sign, "\\forall" | "∀")
                    && !piece.has_script() =>
            {
                self.finish(Before::Space);
                self.role(piece.extent(), Role::Condition);
                self.mode = Mode::Quantifier;
                1
            }
            P::Letter(sign)
                if matches!(&**sign, "\\exists" | "\\nexists" | "∃") =>
            {
                self.finish(Before::Space);
                let message = "that something exists cannot be decided";
                self.problem(Problem::new(piece.span, message).hint(
                    "write which one it is, or mark the formula as prose",
                ));
                self.mode = Mode::Ignored;
                1
            }
            P::Relation(sign) => {
                self.relation(sign, piece);
                1
            }
            P::Cases(rows) if rest.len() == 1 && self.starts() => {
                self.system(piece, rows)
            }
            _ => self.part(pieces, i),
        }
    }

    /// Returns whether the current clause is still empty.
    pub(super) fn starts(&self) -> bool {
        self.current.as_ref().is_none_or(Clause::is_empty)
    }

    pub(super) fn relation(&mut self, sign: &str, piece: &Piece) {
        if let Some(link) = link(sign) {
            self.finish(Before::Link(link));
            self.role(piece.extent(), Role::Relation);
            self.before = Before::Link(link);
            return;
        }
        if sign == ":" {
            self.role(piece.extent(), Role::Joint);
            let states = self.current.as_ref().is_some_and(|c| !c.is_empty());
            if states && let Some(current) = &mut self.current {
                current.leads = true;
            } else {
                self.lead();
            }
            self.finish(Before::Colon);
            return;
        }
        let row = self.row;
        let current = self.clause();
        if current.sides.is_empty() {
            current.sides.push(vec![]);
        }
        current.relations.push((sign.to_owned(), piece.extent(), row));
        current.sides.push(vec![]);
    }

    pub(super) fn clause(&mut self) -> &mut Clause {
        let (mode, before) = (self.mode, self.before);
        let (row, column) = (self.row, self.column);
        self.current.get_or_insert_with(|| Clause {
            mode,
            before,
            sides: vec![],
            relations: vec![],
            also: vec![],
            row,
            column,
            list: false,
            leads: false,
            open: false,
        })
    }

    /// Ends the current clause; `next` separates it from the next clause.
    pub(super) fn finish(&mut self, next: Before) {
        let reopened = self.reopened.take();
        let before = self.before;
        match self.current.take() {
            Some(clause) if !clause.is_empty() => {
                self.before = next;
                self.mode = Mode::Claim;
                let claims = clause.mode == Mode::Claim && !clause.list;
                let column = clause.column;
                let place = reopened.unwrap_or(self.clauses.found.len());
                if reopened.is_some() {
                    self.clauses.found[place] = Entry::Clause(clause);
                } else {
                    self.clauses.found.push(Entry::Clause(clause));
                }
                if claims {
                    self.open.insert(column, place);
                }
            }
            _ => {
                // The stronger of two separators counts.
                let weak =
                    matches!(next, Before::Space | Before::Words | Before::Row);
                if !weak || before == Before::Space {
                    self.before = next;
                }
            }
        }
    }
}
