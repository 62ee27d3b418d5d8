//! From rows to clauses: the parts of a formula that signs, commas, words and
//! wide spaces set apart.

use super::Scope;
use super::phrases::{Phrase, is_prose, phrase};
use super::pieces::{Kind as P, Piece};
use super::relations::{Link, link};
use super::rows::Strand;
use super::sets::list_at;
use crate::span::{Problem, Span};
use std::collections::BTreeMap;

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
    Space,
    And,
    Words,
    Colon,
    Link(Link),
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
    fn incomplete(&self) -> bool {
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
    scan.clauses
}

struct Scan {
    /// The names of indices.
    whole: Vec<String>,
    clauses: Clauses,
    current: Option<Clause>,
    /// The place of the current clause, if it is one of an earlier row.
    reopened: Option<usize>,
    mode: Mode,
    before: Before,
    /// The last claim of each column.
    open: BTreeMap<usize, usize>,
    row: usize,
    column: usize,
}

impl Scan {
    fn strand(&mut self, strand: &Strand) {
        (self.row, self.column) = (strand.row, strand.column);
        (self.mode, self.before) = (Mode::Claim, Before::Row);
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
    }

    /// Whether this row goes on with the one before, in its column.
    fn start(&mut self, strand: &Strand) {
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

    fn role(&mut self, span: Span, role: Role) {
        self.clauses.roles.push((span, role));
    }

    fn problem(&mut self, problem: Problem) {
        self.role(problem.span, Role::Problem);
        self.clauses.found.push(Entry::Problem(problem, self.row));
    }

    /// Reads what stands at `i`, and returns how many pieces that took.
    fn step(&mut self, pieces: &[Piece], i: usize) -> usize {
        let piece = &pieces[i];
        let rest = &pieces[i..];
        match &piece.kind {
            P::Comma(_) => {
                self.role(piece.extent(), Role::Joint);
                self.comma(&pieces[i + 1..]);
                1
            }
            P::Digit('.') if ends(rest) => {
                self.role(piece.extent(), Role::Joint);
                self.finish(Before::Comma);
                1
            }
            P::Tag(tag) => {
                let says = |p: &Piece| matches!(p.kind, P::Relation(_));
                if let Some(claim) = tag.iter().find(|p| says(p)) {
                    let message = "the number of a formula states a relation";
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
            P::Letter(sign) if matches!(&**sign, "\\forall" | "∀") => {
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

    /// Whether nothing of the current clause is read.
    fn starts(&self) -> bool {
        self.current.as_ref().is_none_or(Clause::is_empty)
    }

    fn relation(&mut self, sign: &str, piece: &Piece) {
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

    /// The conditions just before lead.
    fn lead(&mut self) {
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

    /// All since the last `if` in this row leads.
    fn then(&mut self) {
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

    /// A part of a side, or what stands behind a wide space.
    fn part(&mut self, pieces: &[Piece], i: usize) -> usize {
        let (piece, rest) = (&pieces[i], &pieces[i..]);
        let starts = self.starts();
        if starts && let Some(length) = list_at(rest, &self.whole) {
            let (name, values) = rest[..length].split_at(2);
            let sign = name[1].extent();
            let row = self.row;
            let current = self.clause();
            current.list = true;
            current.sides = vec![vec![name[0].clone()], values.to_vec()];
            current.relations = vec![("=".into(), sign, row)];
            if let Some(next) = rest.get(length)
                && !matches!(next.kind, P::Comma(_))
                && !matches!(&next.kind, P::Relation(sign) if sign == ":")
            {
                self.finish(Before::Space);
            }
            return length;
        }
        let complete = self.current.as_ref().is_some_and(|current| {
            let side = current.sides.last().and_then(|side| side.last());
            side.is_some_and(|last| {
                !matches!(last.kind, P::Operator(_) | P::Open(_))
            })
        });
        let sign = matches!(piece.kind, P::Operator(_));
        let bracket = bracket(rest);
        if let Some((length, inside)) = bracket {
            let round = matches!(&*piece.text(), "(" | "[");
            let condition = has_relation(inside) && round;
            let apart = complete && piece.spaced
                || starts && self.before != Before::Row;
            if condition && apart {
                self.finish(Before::Space);
                let places = [&rest[0], &rest[length - 1]];
                for place in places {
                    self.role(place.extent(), Role::Condition);
                }
                self.mode = Mode::Bracketed;
                for j in 0..inside.len() {
                    self.inner(&inside[j]);
                }
                self.finish(Before::Space);
                return length;
            }
            let apart = piece.wide && self.before != Before::Row;
            let alone = starts && (self.column > 0 || apart);
            if is_number(inside) && (complete && piece.wide || alone) {
                self.finish(Before::Space);
                let span = piece.extent().to(rest[length - 1].extent());
                self.role(span, Role::Remark);
                return length;
            }
        }
        if complete && piece.wide && !sign {
            self.finish(Before::Space);
            if matches!(&piece.kind, P::Letter(text) if matches!(&**text, "\\blacksquare" | "\\square" | "\\Box" | "■" | "□"))
            {
                self.role(piece.extent(), Role::Remark);
                return 1;
            }
        }
        let length = bracket.map_or(1, |(length, _)| length);
        let current = self.clause();
        if current.sides.is_empty() {
            current.sides.push(vec![]);
        }
        if let Some(side) = current.sides.last_mut() {
            side.extend(rest[..length].iter().cloned());
        }
        length
    }

    /// A piece of a condition in brackets.
    fn inner(&mut self, piece: &Piece) {
        match &piece.kind {
            P::Relation(sign) => self.relation(sign, piece),
            _ => {
                let current = self.clause();
                if current.sides.is_empty() {
                    current.sides.push(vec![]);
                }
                if let Some(side) = current.sides.last_mut() {
                    side.push(piece.clone());
                }
            }
        }
    }

    /// `a, b > 0` is one clause where it is a condition.
    fn comma(&mut self, rest: &[Piece]) {
        let claimed = self.has_claim();
        let goes_on = self.current.as_ref().is_some_and(|current| {
            !matches!(current.mode, Mode::Claim | Mode::Ignored)
                && current.relations.is_empty()
                && !current.is_empty()
        });
        if goes_on && (claimed || colon_follows(rest)) {
            let current = self.clause();
            let side = std::mem::take(&mut current.sides);
            current.also.extend(side);
            return;
        }
        self.finish(Before::Comma);
    }

    /// Whether a claim stands before in this row.
    fn has_claim(&self) -> bool {
        self.clauses.found.iter().any(|entry| {
            matches!(entry, Entry::Clause(clause) if clause.mode == Mode::Claim
                && !clause.list && !clause.relations.is_empty()
                && clause.row == self.row)
        })
    }

    fn words(&mut self, text: &str, rest: &[Piece]) -> usize {
        let piece = &rest[0];
        let span = piece.extent();
        self.finish(Before::Words);
        let phrase = phrase(text);
        let role = match phrase {
            Phrase::Remark | Phrase::Reason => Role::Remark,
            Phrase::Condition | Phrase::Unless | Phrase::Where => {
                Role::Condition
            }
            Phrase::Link(_) => Role::Relation,
            _ => Role::Joint,
        };
        if phrase != Phrase::Unknown {
            self.role(span, role);
        }
        match phrase {
            Phrase::Condition => self.mode = Mode::Condition,
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

    fn unknown(&mut self, span: Span) {
        let message = "these words are not understood beside a relation";
        self.problem(Problem::new(span, message).hint(
            "write a condition with 'for' or 'if', or mark the line as prose",
        ));
        self.mode = Mode::Ignored;
    }

    /// Rows behind a brace that are relations themselves: a system.
    fn system(&mut self, piece: &Piece, rows: &[Vec<Vec<Piece>>]) -> usize {
        let states = |row: &Vec<Vec<Piece>>| {
            let second = row.get(1).and_then(|cell| cell.first());
            row.first().is_some_and(|cell| has_relation(cell))
                || matches!(second.map(|p| &p.kind), Some(P::Relation(_)))
        };
        if !rows.iter().all(states) {
            let current = self.clause();
            current.sides = vec![vec![piece.clone()]];
            return 1;
        }
        self.role(piece.extent(), Role::Joint);
        let (row, column) = (self.row, self.column);
        for (i, cells) in rows.iter().enumerate() {
            // Rows of a system are apart from those around it.
            self.row = row + 1000 * (i + 1);
            self.before = Before::Row;
            let all: Vec<Piece> = cells.concat();
            let mut j = 0;
            while j < all.len() {
                j += self.step(&all, j);
            }
            self.finish(Before::Row);
        }
        (self.row, self.column) = (row, column);
        self.open.clear();
        1
    }

    fn clause(&mut self) -> &mut Clause {
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

    /// Ends the current clause; `next` stands between it and the next.
    fn finish(&mut self, next: Before) {
        let reopened = self.reopened.take();
        let before = self.before;
        match self.current.take() {
            Some(clause) if !clause.is_empty() => {
                self.before = next;
                self.mode = Mode::Claim;
                let claims = clause.mode == Mode::Claim && !clause.list;
                let column = clause.column;
                let place = match reopened {
                    Some(place) => {
                        self.clauses.found[place] = Entry::Clause(clause);
                        place
                    }
                    None => {
                        self.clauses.found.push(Entry::Clause(clause));
                        self.clauses.found.len() - 1
                    }
                };
                if claims {
                    self.open.insert(column, place);
                }
            }
            _ => {
                // The stronger of two separators counts.
                let weak = matches!(
                    next,
                    Before::Space | Before::Words | Before::Row
                );
                if !weak || before == Before::Space {
                    self.before = next;
                }
            }
        }
    }
}

/// Whether a full stop ends a sentence here.
fn ends(rest: &[Piece]) -> bool {
    rest.get(1).is_none_or(|next| {
        next.wide
            || matches!(
                next.kind,
                P::Text(_) | P::Relation(_) | P::Comma(_) | P::Tag(_)
            )
    })
}

/// A bracket at the start of the pieces: its length, and what it holds.
/// Intervals may close with another kind than they open with.
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

/// Whether a relation stands here, in no bracket.
pub(super) fn has_relation(pieces: &[Piece]) -> bool {
    let mut depth = 0_i32;
    pieces.iter().any(|piece| {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            _ => {}
        }
        depth <= 0
            && matches!(&piece.kind, P::Relation(sign) if sign != ":")
    })
}

/// Whether a colon comes before any other sign or word that sets apart, but
/// for one relation.
fn colon_follows(pieces: &[Piece]) -> bool {
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

/// The number of a formula, such as `3.2` or `*`.
fn is_number(pieces: &[Piece]) -> bool {
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
            let primes = piece.sup.iter().flatten().all(|p| {
                p.kind == P::Letter("\\prime".into())
            });
            mark && piece.sub.is_none() && primes
        })
}
