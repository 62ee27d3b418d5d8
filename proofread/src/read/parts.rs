//! Parts of a side, and the lists and bracketed clauses beside it.

use super::brackets::{
    bracket, colon_follows, has_relation, implies, is_number,
};
use super::clauses::{Before, Clause, Entry, Mode, Role};
use super::lists::list_at;
use super::pieces::{Kind as P, Piece};
use super::relations::relation;
use super::scan::Scan;
use crate::relation::Relation;
use crate::span::{Problem, Span};

impl Scan {
    /// Reads a part of a side, or a clause behind a wide space.
    pub(super) fn part(&mut self, pieces: &[Piece], i: usize) -> usize {
        let (piece, rest) = (&pieces[i], &pieces[i..]);
        let complete = self.current.as_ref().is_some_and(|current| {
            let side = current.sides.last().and_then(|side| side.last());
            side.is_some_and(|last| {
                !matches!(last.kind, P::Operator(_) | P::Open(_))
            })
        });
        let sign = matches!(piece.kind, P::Operator(_));
        // True if a wide space comes behind what could be a whole side.
        let spaced = complete && piece.wide;
        let apart = spaced && !sign;
        if spaced && sign && self.relates(rest) {
            let message = "does this sign go on with what stands before the \
                           wide space, or begin a side of its own?";
            self.problem(Problem::new(piece.span, message).hint(
                "write a comma between two relations, or take the space away",
            ));
            self.mode = Mode::Ignored;
        }
        if complete && !sign && !piece.wide && self.may_begin(rest) {
            let message = "does a claim begin behind this space?";
            self.problem(Problem::new(piece.span, message).hint(
                "write a comma or a colon before it, or \\, between factors",
            ));
            self.mode = Mode::Ignored;
        }
        if let Some(length) = list_at(rest, &self.whole)
            && (apart || self.starts())
        {
            self.list(rest, length);
            return length;
        }
        let starts = self.starts();
        let bracket = bracket(rest);
        if let Some((length, inside)) = bracket {
            let round = matches!(&*piece.text(), "(" | "[");
            let condition = has_relation(inside) && round;
            // `a\,[a > 0]` is a product, which is 0 unless `a > 0` holds.
            let stands = apart || starts && self.before != Before::Row;
            if condition && stands {
                let places = [&rest[0], &rest[length - 1]];
                let whole = piece.extent().to(rest[length - 1].extent());
                let scripted = rest[length - 1].has_script();
                if !apart && !self.expects_condition()
                    || implies(inside)
                    || scripted
                {
                    self.unclear(whole);
                    return length;
                }
                self.finish(Before::Space);
                for place in places {
                    self.role(place.extent(), Role::Condition);
                }
                self.mode = Mode::Bracketed;
                for piece in inside {
                    self.inner(piece);
                }
                self.finish(Before::Space);
                return length;
            }
            let modulo = self.current.as_ref().is_some_and(|current| {
                let congruent = |sign: &str| matches!(sign, "\\equiv" | "≡");
                current.relations.iter().any(|(sign, ..)| congruent(sign))
            });
            if modulo && is_number(inside) {
                self.unclear(piece.extent().to(rest[length - 1].extent()));
                return length;
            }
            let apart = piece.wide && self.before != Before::Row;
            let alone = starts && (self.column > 0 || apart);
            let scripted = rest[length - 1].has_script();
            if is_number(inside) && (spaced || alone) && !scripted {
                self.finish(Before::Space);
                let span = piece.extent().to(rest[length - 1].extent());
                self.role(span, Role::Remark);
                return length;
            }
        }
        if apart || starts && piece.wide {
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

    /// Returns whether a bracket here can only be a condition: behind a word such
    /// as `for`, a comma or a wide space.
    fn expects_condition(&self) -> bool {
        !matches!(self.mode, Mode::Claim | Mode::Ignored)
            || matches!(self.before, Before::Comma | Before::Space)
    }

    /// Adds the problem of a bracket that may be a claim.
    fn unclear(&mut self, span: Span) {
        self.finish(Before::Space);
        let message = "is this bracket a condition or a claim?";
        self.problem(Problem::new(span, message).hint(
            "write a condition with 'for' or 'if', and a claim without brackets",
        ));
        self.mode = Mode::Ignored;
        self.finish(Before::Space);
    }

    /// Returns whether a claim may begin behind a space that is not wide: between
    /// two relations, or behind names that a quantifier lists.
    fn may_begin(&self, rest: &[Piece]) -> bool {
        let piece = &rest[0];
        let Some(current) = &self.current else { return false };
        let quantifies =
            |mode| matches!(mode, Mode::Quantifier | Mode::All { .. });
        let conditional = |mode| {
            quantifies(mode)
                || matches!(mode, Mode::Condition | Mode::Where | Mode::Unless)
        };
        // The last clause may be the first names of the list.
        let behind_names = current.before == Before::Comma
            && matches!(self.clauses.found.last(),
                Some(Entry::Clause(last)) if last.row == self.row
                    && conditional(last.mode)
                    && last.relations.is_empty());
        let ends = |p: &Piece| matches!(p.kind, P::Comma(_) | P::Text(_));
        let end = rest.iter().position(ends).unwrap_or(rest.len());
        let follows = has_relation(&rest[..end]);
        if current.relations.is_empty() {
            let listed = quantifies(current.mode) || behind_names;
            return follows
                && (listed && piece.spaced
                    || conditional(current.mode) && piece.loose);
        }
        follows && (piece.loose || conditional(current.mode) && piece.spaced)
    }

    /// Returns whether the current clause has a relation before, and another
    /// relation follows.
    fn relates(&self, rest: &[Piece]) -> bool {
        let ends = |p: &Piece| matches!(p.kind, P::Comma(_) | P::Text(_));
        let end = rest.iter().position(ends).unwrap_or(rest.len());
        let before = self.current.as_ref();
        before.is_some_and(|current| !current.relations.is_empty())
            && has_relation(&rest[..end])
    }

    /// Reads a list `t = 1, \dots, T` of `length` pieces.
    fn list(&mut self, rest: &[Piece], length: usize) {
        if !self.starts() {
            self.finish(Before::Space);
        }
        let (name, values) = rest[..length].split_at(2);
        let sign = name[1].extent();
        let row = self.row;
        let current = self.clause();
        current.list = true;
        current.sides = vec![vec![name[0].clone()], values.to_vec()];
        current.relations = vec![("=".into(), sign, row)];
        let ends = rest.get(length).is_none_or(|next| match &next.kind {
            P::Comma(_) => true,
            P::Relation(sign) => sign == ":",
            _ => false,
        });
        if !ends {
            self.finish(Before::Space);
        }
    }

    /// Adds a piece of a condition in brackets.
    pub(super) fn inner(&mut self, piece: &Piece) {
        if let P::Relation(sign) = &piece.kind {
            self.relation(sign, piece);
            return;
        }
        let current = self.clause();
        if current.sides.is_empty() {
            current.sides.push(vec![]);
        }
        if let Some(side) = current.sides.last_mut() {
            side.push(piece.clone());
        }
    }

    /// Ends a clause at a comma, unless a condition such as `a, b > 0` goes on.
    pub(super) fn comma(&mut self, rest: &[Piece]) {
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
        let above = self.claims().next().is_some();
        if goes_on && (is_torn(rest) || above && begins_bound(rest)) {
            let span = rest[0].extent();
            let message = "is this one more name of the list, or a claim?";
            self.problem(
                Problem::new(span, message)
                    .hint("write a colon between the condition and the claim"),
            );
            self.mode = Mode::Ignored;
        }
        self.finish(Before::Comma);
    }

    /// Returns whether a claim comes before in this row.
    pub(super) fn has_claim(&self) -> bool {
        self.claims().any(|claim| !claim.list && claim.row == self.row)
    }

    /// Returns the claims and the lists of indices so far.
    fn claims(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.found.iter().filter_map(|entry| match entry {
            Entry::Clause(clause)
                if clause.mode == Mode::Claim
                    && !clause.relations.is_empty() =>
            {
                Some(clause)
            }
            _ => None,
        })
    }

    /// Reads rows behind a brace. If all rows are relations, they are a system.
    pub(super) fn system(
        &mut self,
        piece: &Piece,
        rows: &[Vec<Vec<Piece>>],
    ) -> usize {
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
        if piece.has_script() || matches!(self.before, Before::Link(_)) {
            let message = "a sign beside these rows: what does it say of them?";
            let hint = "write a formula for each row";
            self.problem(Problem::new(piece.extent(), message).hint(hint));
        }
        let (row, column) = (self.row, self.column);
        for (i, cells) in rows.iter().enumerate() {
            // The row numbers of a system must differ from the rows around it.
            self.row = row + 1000 * (i + 1);
            self.before = Before::Row;
            if let Some(apart) = cells.windows(2).find(|two| are_apart(two)) {
                let span = apart[1][0].extent();
                let message =
                    "is this column a condition, or a part of the claim?";
                self.problem(
                    Problem::new(span, message)
                        .hint("write \\text{if} before a condition"),
                );
                continue;
            }
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
}

/// Returns whether two cells that follow each other are no parts of one relation:
/// no sign and no word joins them.
fn are_apart(cells: &[Vec<Piece>]) -> bool {
    let [before, after] = cells else { return false };
    let sign = |p: &Piece| {
        matches!(
            p.kind,
            P::Relation(_)
                | P::Operator(_)
                | P::Comma(_)
                | P::Text(_)
                | P::Tag(_)
        )
    };
    match (before.last(), after.first()) {
        (Some(last), Some(first)) => !sign(last) && !sign(first),
        _ => false,
    }
}

/// Returns whether a bound such as `b > 0` begins the pieces.
fn begins_bound(rest: &[Piece]) -> bool {
    let [_, sign, ..] = rest else { return false };
    let P::Relation(text) = &sign.kind else { return false };
    relation(text, sign.span).is_ok_and(Relation::is_order)
}

/// Returns whether a bound such as `b > 0` begins the pieces, and another
/// relation follows behind it: of `\text{for } a, b > 0, a b > 0` this is the
/// part behind the first comma.
fn is_torn(rest: &[Piece]) -> bool {
    let [name, sign, behind @ ..] = rest else { return false };
    let named = !matches!(name.kind, P::Open(_) | P::Digit(_) | P::Text(_));
    let ends = |p: &Piece| {
        matches!(p.kind, P::Comma(_) | P::Text(_)) || p.spaced && p.loose
    };
    named
        && matches!(&sign.kind, P::Relation(sign) if sign != ":")
        && behind
            .iter()
            .position(ends)
            .is_some_and(|end| has_relation(&behind[end..]))
}
