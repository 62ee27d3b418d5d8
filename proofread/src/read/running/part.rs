//! Range of an index, from one part of a subscript.

use super::super::Scope;
use super::super::expression::expression;
use super::super::names::{Head, head};
use super::super::pieces::{Kind as P, Piece};
use super::super::relations::{is_membership, relation};
use super::super::sets::{Member, member};
use crate::expr::{Expr, Kind, Symbol};
use crate::relation::Relation;
use crate::span::{Problem, Result};

/// The range of an index as far as it is known.
pub(super) struct Ends {
    pub(super) index: String,
    pub(super) from: Option<Expr>,
    pub(super) to: Option<Expr>,
    pub(super) without: Vec<Expr>,
    pub(super) beside: Option<String>,
}

/// The context of a subscript.
pub(super) struct Reader<'a> {
    pub(super) piece: &'a Piece,
    pub(super) name: &'a str,
    /// The expression above the sign.
    pub(super) end: Option<&'a Expr>,
    /// The indices of the parts before.
    pub(super) known: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn bad(&self, message: &str) -> Problem {
        Problem::new(self.piece.extent(), message)
            .hint(format!("write {}_{{s=1}}^{{T}}", self.name))
    }

    fn not_clear(&self) -> Problem {
        self.bad("the range of the index is not clear")
    }

    /// Returns the name of an index without scripts.
    fn index(&self, side: &[Piece]) -> Result<String> {
        let found = match side {
            [only] => head(only),
            _ => None,
        };
        match found {
            Some(Head { name, sub: None, sup: None }) => Ok(name),
            _ => Err(self.bad("this cannot be a running index")),
        }
    }

    /// Returns the name of an index that no part before has.
    fn new_index(&self, side: &[Piece]) -> Result<String> {
        let index = self.index(side)?;
        if self.known.contains(&index) {
            return Err(self.not_clear());
        }
        Ok(index)
    }

    /// Reads one part of a subscript. The last part has the end above the sign.
    pub(super) fn part(
        &self,
        part: &[Piece],
        last: bool,
        scope: &mut Scope,
    ) -> Result<Vec<Ends>> {
        let (sides, signs) = split(part);
        match (sides.as_slice(), signs.as_slice()) {
            ([side], []) => {
                let index = self.new_index(side)?;
                let to = self.end.filter(|_| last).cloned();
                Ok(vec![Ends { to, ..bare(index) }])
            }
            ([side, set], [sign]) if is_membership(&sign.text()) => {
                Ok(vec![self.in_set(side, set, sign, scope)?])
            }
            ([side, value], [sign]) => {
                Ok(vec![self.compared(side, value, sign, scope)?])
            }
            ([first, inner @ .., last], signs)
                if matches!(inner.len(), 1 | 2) && self.end.is_none() =>
            {
                self.chained((first, inner, last), signs, scope)
            }
            _ => Err(self.not_clear()),
        }
    }

    /// Reads `s \in \{1, 2\}`.
    fn in_set(
        &self,
        side: &[Piece],
        set: &[Piece],
        sign: &Piece,
        scope: &mut Scope,
    ) -> Result<Ends> {
        let index = self.new_index(side)?;
        if self.end.is_some() {
            return Err(self.not_clear());
        }
        scope.bound.push(index.clone());
        let found = member(side, set, sign.span, scope);
        scope.bound.pop();
        let Member::Between(conditions) = found? else {
            return Err(self.not_clear());
        };
        let mut ends = bare(index);
        for (a, relation, b) in conditions {
            let is_index = |e: &Expr| match &e.kind {
                Kind::Symbol(s) => s.name == ends.index && s.indices.is_empty(),
                _ => false,
            };
            match (is_index(&a), is_index(&b), relation) {
                (true, false, Relation::Equal) => {
                    (ends.from, ends.to) = (Some(b.clone()), Some(b));
                }
                (true, false, Relation::LessEqual) => ends.to = Some(b),
                (false, true, Relation::LessEqual) => ends.from = Some(a),
                _ => return Err(self.not_clear()),
            }
        }
        Ok(ends)
    }

    /// Reads `s = 1`, `s < t` or `s \ne t`.
    fn compared(
        &self,
        side: &[Piece],
        value: &[Piece],
        sign: &Piece,
        scope: &mut Scope,
    ) -> Result<Ends> {
        let mut ends = bare(self.index(side)?);
        let value = expression(value, scope)?;
        let of = relation(&sign.text(), sign.span)?;
        let again = self.known.contains(&ends.index);
        if again && of != Relation::NotEqual {
            return Err(self.not_clear());
        }
        if let Kind::Symbol(symbol) = &value.kind
            && of != Relation::Equal
            && symbol.indices.is_empty()
            && scope.notation.indices.contains_key(&symbol.name)
            && !scope.bound.contains(&symbol.name)
        {
            ends.beside = Some(symbol.name.clone());
        }
        let end = self.end.cloned();
        match of {
            // `_{t = 1}` alone is one value, not the first of several.
            Relation::Equal if end.is_none() => {
                return Err(self.bad("the end of the range is not said"));
            }
            Relation::Equal | Relation::GreaterEqual => {
                (ends.from, ends.to) = (Some(value), end);
            }
            Relation::Greater => {
                (ends.from, ends.to) = (Some(beside(value, 1)), end);
            }
            Relation::LessEqual if end.is_none() => ends.to = Some(value),
            Relation::Less if end.is_none() => {
                ends.to = Some(beside(value, -1));
            }
            Relation::NotEqual => {
                ends.without.push(value);
                ends.to = end.filter(|_| !again);
            }
            _ => return Err(self.not_clear()),
        }
        Ok(ends)
    }

    /// Reads `1 \le s < r \le T`: the range of `r` begins at `s`.
    fn chained(
        &self,
        (first, inner, last): (&[Piece], &[&[Piece]], &[Piece]),
        signs: &[&Piece],
        scope: &mut Scope,
    ) -> Result<Vec<Ends>> {
        let mut from = expression(first, scope)?;
        let mut to = expression(last, scope)?;
        let mut steps = vec![];
        for sign in signs {
            steps.push(match relation(&sign.text(), sign.span)? {
                Relation::Less => 1,
                Relation::LessEqual => 0,
                _ => return Err(self.not_clear()),
            });
        }
        let mut steps = steps.into_iter();
        from = beside(from, steps.next().unwrap_or(0));
        to = beside(to, -steps.next_back().unwrap_or(0));
        let mut all: Vec<Ends> = vec![];
        for side in inner {
            let index = self.new_index(side)?;
            if all.iter().any(|ends| ends.index == index) {
                return Err(self.not_clear());
            }
            let next = here(&side[0], &index);
            let mut ends = bare(index);
            (ends.from, ends.to) = (Some(from), Some(to.clone()));
            from = beside(next, steps.next().unwrap_or(0));
            all.push(ends);
        }
        Ok(all)
    }
}

/// Splits a part of a subscript into the sides and signs of its relations.
fn split(part: &[Piece]) -> (Vec<&[Piece]>, Vec<&Piece>) {
    let (mut sides, mut signs) = (vec![], vec![]);
    let (mut depth, mut start) = (0_i32, 0);
    for (i, piece) in part.iter().enumerate() {
        match &piece.kind {
            P::Open(_) => depth += 1,
            P::Close(_) => depth -= 1,
            P::Relation(_) if depth == 0 => {
                sides.push(&part[start..i]);
                signs.push(piece);
                start = i + 1;
            }
            _ => {}
        }
    }
    sides.push(&part[start..]);
    (sides, signs)
}

/// Returns an index without a range.
fn bare(index: String) -> Ends {
    Ends { index, from: None, to: None, without: vec![], beside: None }
}

/// Returns an index as an expression with the span of a piece.
fn here(piece: &Piece, index: &str) -> Expr {
    let symbol =
        Symbol { name: index.to_owned(), indices: vec![], arguments: vec![] };
    Expr::new(Kind::Symbol(symbol), piece.extent())
}

/// Returns an expression plus `step`, which is -1, 0 or 1.
fn beside(of: Expr, step: i64) -> Expr {
    if step == 0 {
        return of;
    }
    let span = of.span;
    let one = Expr::new(Expr::whole(1).kind, span);
    Expr::new(Kind::Sum(vec![(false, of), (step < 0, one)]), span)
}
