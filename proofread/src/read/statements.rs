//! What a formula says: chains of relations, and conditions on them.
//!
//! All that is typeset is read as a part of one statement or condition, or is
//! a problem: [`Reading::roles`] says which, place by place.

use super::Scope;
use super::clauses::{Before, Clause, Entry, Mode, Role, clauses};
use super::conditions::conditions;
use super::expression::expression;
use super::names::head;
use super::pieces::{Kind as P, Piece};
use super::relations::{Link, is_membership, relation};
use super::rows::strands;
use super::sets::{All, Member, member};
use crate::expr::{Condition, Expr, Kind};
use crate::relation::Relation;
use crate::span::{Problem, Result, Span};

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
    /// Whether it is a list such as `t = 1, \dots, T`, which claims nothing.
    pub(crate) list: bool,
    /// Whether its left side is a side of the chain before.
    pub(crate) continues: bool,
}

/// A claim with what was found to be a condition on it.
struct Unit {
    clause: Clause,
    /// Conditions, with their row where only this row is meant.
    conditions: Vec<(Result<Vec<Condition>>, Option<usize>)>,
    /// The claims that it follows from.
    guards: Vec<usize>,
    /// Whether it is only what another follows from.
    guard: bool,
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
        let [Entry::Clause(first), Entry::Clause(second)] =
            &entries[i - 1..=i]
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

/// Putting clauses together: which is a condition on which.
#[derive(Default)]
struct Assembly {
    units: Vec<Unit>,
    /// What leads and waits for its claim, and whether it holds for all that
    /// follows in its row.
    waiting: Vec<(Result<Vec<Condition>>, usize, bool)>,
    /// The row of the condition that came last, if no claim came since.
    after: Option<usize>,
    said: Vec<Statement>,
}

impl Assembly {
    fn all(
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
        for (waiting, ..) in std::mem::take(&mut self.waiting) {
            match waiting {
                Err(problem) => self.said.push(Statement::Term(Err(problem))),
                // A list, or a condition that the prose around it takes up.
                Ok(_) => {}
            }
        }
        self.links();
        let mut said = std::mem::take(&mut self.said);
        for i in 0..self.units.len() {
            if !self.units[i].guard {
                self.emit(i, scope, &mut said);
            }
        }
        // In the order of the text.
        said.sort_by_key(Statement::place);
        said
    }

    /// A problem spoils the claim that it stands behind, or else before.
    fn problem(&mut self, problem: Problem, row: usize) {
        match self.units.last_mut() {
            Some(unit) => unit.conditions.push((Err(problem), None)),
            None => self.waiting.push((Err(problem), row, false)),
        }
    }

    fn clause(&mut self, clause: Clause, scope: &mut Scope) {
        match clause.mode {
            Mode::Ignored => {}
            Mode::Where if defines(&clause) => self.claim(clause),
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
                if clause.before == Before::And
                    && self.conditioned(&clause) =>
            {
                let found = if sets_index(&clause, scope)
                    || is_bound(&clause, scope)
                {
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
                let near = matches!(
                    clause.before,
                    Before::Comma | Before::Space
                ) && self.beside(&clause).is_some();
                let sets = near && sets_index(&clause, scope);
                let bounds = near
                    && is_bound(&clause, scope)
                    && self.beside(&clause).is_some_and(|unit| {
                        !is_bound(&self.units[unit].clause, scope)
                    });
                if sets || bounds {
                    let found = conditions(&clause, scope);
                    self.condition(&clause, found, false);
                } else {
                    self.claim(clause);
                }
            }
            Mode::Condition
            | Mode::Where
            | Mode::Unless
            | Mode::Quantifier
            | Mode::Bracketed => {
                let found = conditions(&clause, scope);
                let leads = clause.leads || self.beside(&clause).is_none();
                self.condition(&clause, found, leads);
            }
        }
    }

    /// The claim before a clause, in the same row, that no index is set by.
    fn beside(&self, clause: &Clause) -> Option<usize> {
        let last = self.units.len().checked_sub(1)?;
        let unit = &self.units[last].clause;
        let rows = unit.relations.iter().map(|(_, _, row)| *row);
        let same = rows.max() == Some(clause.row) || unit.row == clause.row;
        // A condition on a row of its own is one on the row before.
        let below = clause.mode != Mode::Claim && !clause.leads;
        (same || below).then_some(last)
    }

    /// Whether a condition stands just before, behind a claim in this row.
    fn conditioned(&self, clause: &Clause) -> bool {
        self.after == Some(clause.row)
            && self.units.last().is_some_and(|unit| {
                unit.clause.row == clause.row
                    || unit.clause.relations.iter().any(|r| r.2 == clause.row)
            })
    }

    fn condition(
        &mut self,
        clause: &Clause,
        found: Result<Vec<Condition>>,
        leads: bool,
    ) {
        if leads {
            let all = clause.leads;
            self.waiting.push((found, clause.row, all));
        } else if let Some(unit) = self.units.last_mut() {
            self.after = Some(clause.row);
            let last = unit.clause.relations.iter().map(|(_, _, row)| *row);
            let row = last.max().map(|last| last.min(clause.row));
            unit.conditions.push((found, row));
        }
    }

    fn claim(&mut self, clause: Clause) {
        self.after = None;
        let mut found = vec![];
        let waiting = std::mem::take(&mut self.waiting);
        for (condition, row, all) in waiting {
            let near = row == clause.row || condition.is_err();
            if near {
                found.push((condition.clone(), None));
            }
            if all && near {
                self.waiting.push((condition, row, all));
            } else if !near && condition.is_err() {
                self.waiting.push((condition, row, all));
            }
        }
        self.units.push(Unit {
            clause,
            conditions: found,
            guards: vec![],
            guard: false,
        });
    }

    /// `A \Rightarrow B`: A is a condition on B, and no claim.
    fn links(&mut self) {
        let mut shown = vec![false; self.units.len()];
        for i in 0..self.units.len() {
            let Before::Link(link) = self.units[i].clause.before else {
                continue;
            };
            let span = self.units[i].clause.span();
            let row = self.units[i].clause.row;
            let mut first = i;
            while first > 0 && (first == i || self.joined(first)) {
                first -= 1;
            }
            // What leads stands before it: `t = 1, \dots, T \Rightarrow`.
            if first == i && !self.units[i].conditions.is_empty() {
                continue;
            }
            if first == i {
                let message = "nothing stands before this sign to follow from";
                let problem = Problem::new(span, message)
                    .hint("write the statement that this follows from before it");
                self.units[i].conditions.push((Err(problem), None));
                continue;
            }
            let unclear = first > 0
                && matches!(
                    self.units[first].clause.before,
                    Before::Comma | Before::Space
                )
                && self.units[first].clause.row == row;
            if unclear {
                let message =
                    "which of the statements before does this follow from?";
                let problem = Problem::new(span, message)
                    .hint("join them with \\text{and}, or write two formulas");
                let near = |unit: &Unit| unit.clause.row == row;
                let spoilt = self.units[..=i].iter_mut().filter(|u| near(u));
                for unit in spoilt {
                    unit.conditions.push((Err(problem.clone()), None));
                }
            }
            let mut last = i;
            while last + 1 < self.units.len() && self.joined(last + 1) {
                last += 1;
            }
            let (left, right) = (first..i, i..last + 1);
            if link != Link::Implied {
                for unit in right.clone() {
                    self.units[unit].guards.extend(left.clone());
                    shown[unit] = true;
                }
            }
            if link != Link::Implies {
                for unit in left.clone() {
                    self.units[unit].guards.extend(right.clone());
                    shown[unit] = true;
                }
            }
            let guards = if link == Link::Implied { right } else { left };
            for unit in guards {
                self.units[unit].guard = true;
            }
        }
        for (unit, shown) in self.units.iter_mut().zip(shown) {
            unit.guard &= !shown;
        }
    }

    fn joined(&self, unit: usize) -> bool {
        self.units[unit].clause.before == Before::And
    }

    /// The statements of a claim.
    fn emit(&self, i: usize, scope: &mut Scope, said: &mut Vec<Statement>) {
        let unit = &self.units[i];
        let mut given: Vec<(Result<Vec<Condition>>, Option<usize>)> =
            unit.conditions.clone();
        for &guard in &unit.guards {
            let guard = &self.units[guard];
            given.push((conditions(&guard.clause, scope), None));
            given.extend(guard.conditions.iter().cloned());
        }
        let rows = unit.clause.relations.iter().map(|(_, _, row)| *row);
        let last = rows.max();
        let on = |row: usize| -> Result<Vec<Condition>> {
            let mut all = vec![];
            for (found, only) in &given {
                let applies = found.is_err()
                    || only.is_none_or(|only| {
                        Some(only) == last || only == row
                    });
                if applies {
                    all.extend(found.clone()?);
                }
            }
            Ok(all)
        };
        unit.clause.emit(&on, scope, said);
    }
}

impl Clause {
    /// The statements of this clause, with the conditions on each row.
    fn emit(
        &self,
        on: &dyn Fn(usize) -> Result<Vec<Condition>>,
        scope: &mut Scope,
        said: &mut Vec<Statement>,
    ) {
        let side = |pieces: &[Piece], place: Span, scope: &mut Scope| {
            if pieces.is_empty() {
                let message = "a side of this relation is missing";
                return (Err(Problem::new(place, message)), place);
            }
            (expression(pieces, scope), extent(pieces))
        };
        let mut chain: Option<(Chain, usize)> = None;
        let mut before = None;
        for (i, (sign, place, row)) in self.relations.iter().enumerate() {
            let (left, right) = (&self.sides[i], &self.sides[i + 1]);
            let more = if i == 0 { self.also.as_slice() } else { &[] };
            if is_membership(sign) && i + 1 == self.relations.len() {
                said.extend(chain.take().map(|(c, _)| Statement::Chain(c)));
                for left in more.iter().chain([left]) {
                    membership(left, right, *place, &on(*row), scope, said);
                }
                continue;
            }
            let relation = (relation(sign, *place), *place);
            let right = side(right, *place, scope);
            for left in more {
                let left = side(left, *place, scope);
                said.push(Statement::Chain(Chain {
                    sides: vec![left, right.clone()],
                    relations: vec![relation.clone()],
                    conditions: on(*row),
                    list: false,
                    continues: true,
                }));
            }
            let left = match before.take() {
                Some(left) => left,
                None => side(left, *place, scope),
            };
            before = Some(right.clone());
            // A row with conditions of its own is a chain of its own.
            let same = chain.as_ref().is_some_and(|(chain, of)| {
                of == row || chain.conditions == on(*row)
            });
            if !same {
                let continues = chain.is_some();
                said.extend(chain.take().map(|(c, _)| Statement::Chain(c)));
                chain = Some((
                    Chain {
                        sides: vec![left],
                        relations: vec![],
                        conditions: on(*row),
                        list: false,
                        continues,
                    },
                    *row,
                ));
            }
            if let Some((chain, _)) = &mut chain {
                chain.relations.push(relation);
                chain.sides.push(right);
            }
        }
        said.extend(chain.map(|(c, _)| Statement::Chain(c)));
    }
}

/// `left \in right`, as relations or as a statement of type.
fn membership(
    left: &[Piece],
    right: &[Piece],
    sign: Span,
    on: &Result<Vec<Condition>>,
    scope: &mut Scope,
    said: &mut Vec<Statement>,
) {
    let whole = extent(left).to(sign).to(extent(right));
    if left.is_empty() || right.is_empty() {
        let message = "a side of this relation is missing";
        said.push(Statement::Term(Err(Problem::new(sign, message))));
        return;
    }
    match member(left, right, sign, scope) {
        Ok(Member::OneOf(of)) => {
            let element = expression(left, scope);
            said.push(Statement::Member(element, of, sign, whole));
        }
        Ok(Member::Between(between)) => {
            let list = matches!(
                right.first().map(Piece::text).as_deref(),
                Some("\\{" | "\\lbrace")
            );
            for (a, relation, b) in between {
                said.push(Statement::Chain(Chain {
                    sides: vec![
                        (Ok(a), extent(left)),
                        (Ok(b), extent(right)),
                    ],
                    relations: vec![(Ok(relation), sign)],
                    conditions: on.clone(),
                    list,
                    continues: true,
                }));
            }
        }
        Err(problem) => said.push(Statement::Chain(Chain {
            sides: vec![
                (expression(left, scope), extent(left)),
                (Err(problem.clone()), extent(right)),
            ],
            relations: vec![(Err(problem), sign)],
            conditions: on.clone(),
            list: false,
            continues: true,
        })),
    }
}

impl Statement {
    /// Where it begins, for putting statements in order.
    fn place(&self) -> usize {
        match self {
            Self::Chain(chain) => {
                let sides = chain.sides.iter().map(|(_, span)| span.start);
                sides.min().unwrap_or(0)
            }
            Self::Member(_, _, _, whole) => whole.start,
            Self::Term(Ok(expr)) => expr.span.start,
            Self::Term(Err(problem)) => problem.span.start,
        }
    }
}

fn defines(clause: &Clause) -> bool {
    clause.relations.iter().any(|(sign, span, _)| {
        relation(sign, *span) == Ok(Relation::Defines)
    })
}

/// What has no relation where others have one.
fn lonely(clause: &Clause) -> Problem {
    let span = clause.span();
    let dots = clause.sides.iter().flatten().any(|p| p.kind == P::Dots);
    if dots {
        let message = "what the dots stand for is not said";
        return Problem::new(span, message)
            .hint("write the statement for every index, such as t = 1, \\dots, T");
    }
    if clause.leads {
        let message = "what does the colon behind this mean?";
        return Problem::new(span, message)
            .hint("write a condition with 'for' or 'if'");
    }
    if clause.before == Before::Row {
        return Problem::new(
            span,
            "this row has no relation: begin it with a sign, such as \\cdot, or with a relation",
        );
    }
    Problem::new(span, "this part has no relation").hint(
        "write a relation for each part, a sign between factors, or a condition with 'for'",
    )
}

/// Whether a clause only says what values an index takes.
fn sets_index(clause: &Clause, scope: &mut Scope) -> bool {
    let [.., _] = clause.relations.as_slice() else { return false };
    if defines(clause) || !clause.also.is_empty() {
        return false;
    }
    let set = |side: &[Piece]| {
        matches!(side.first().map(|p| &p.kind), Some(P::Open(_)))
    };
    let names = |i: usize| is_membership(&clause.relations[i].0);
    (0..clause.relations.len()).all(|i| {
        let (left, right) = (&clause.sides[i], &clause.sides[i + 1]);
        if names(i) {
            let name = matches!(left.as_slice(), [only] if head(only)
                .is_some_and(|h| h.sub.is_none() && scope.is_whole(&h.name)));
            return name && set(right);
        }
        let known = relation(&clause.relations[i].0, Span::default());
        match (known, expression(left, scope), expression(right, scope)) {
            (Ok(_), Ok(left), Ok(right)) => {
                crate::define::sets_index(&left, &right, scope.notation)
            }
            _ => false,
        }
    })
}

/// Whether a clause only bounds a symbol, as `a > 0` does.
fn is_bound(clause: &Clause, scope: &mut Scope) -> bool {
    if clause.relations.is_empty() || !clause.also.is_empty() {
        return false;
    }
    let order = clause.relations.iter().all(|(sign, span, _)| {
        matches!(
            relation(sign, *span),
            Ok(Relation::Less
                | Relation::LessEqual
                | Relation::Greater
                | Relation::GreaterEqual
                | Relation::NotEqual)
        )
    });
    let mut symbols = 0;
    order
        && clause.sides.iter().all(|side| match expression(side, scope) {
            Ok(Expr { kind: Kind::Symbol(symbol), .. }) => {
                symbols += usize::from(!scope.is_whole(&symbol.name));
                symbol.indices.is_empty() && symbol.arguments.is_empty()
                    || scope.notation.symbols.contains_key(&symbol.id())
            }
            Ok(expr) => {
                let mut closed = true;
                expr.visit(&mut |e| {
                    if let Kind::Symbol(symbol) = &e.kind {
                        closed &= scope.is_whole(&symbol.name);
                    }
                });
                closed
            }
            Err(_) => false,
        })
        && symbols == 1
}

/// An expression without a relation, in a formula that has none.
fn term(clause: Clause, scope: &mut Scope) -> Option<Statement> {
    if clause.mode != Mode::Claim {
        return match conditions(&clause, scope) {
            Ok(_) => None,
            Err(problem) => Some(Statement::Term(Err(problem))),
        };
    }
    let side = clause.sides.into_iter().next()?;
    // Dots in a list of terms.
    if matches!(side.as_slice(), [only] if only.kind == P::Dots) {
        return None;
    }
    // An index or a process alone, or a name such as `p_\theta`.
    if let [only] = side.as_slice()
        && let Some(head) = head(only)
        && is_name(&head, scope)
    {
        return None;
    }
    // A tuple is no expression; its entries are.
    if let [open, inner @ .., close] = side.as_slice()
        && matches!(open.kind, P::Open(_))
        && matches!(close.kind, P::Close(_))
        && inner.iter().any(|p| matches!(p.kind, P::Comma(_)))
    {
        let dots = |part: &[Piece]| {
            matches!(part, [only] if only.kind == P::Dots)
        };
        let bad = inner
            .split(|p| matches!(p.kind, P::Comma(_)))
            .filter(|part| !dots(part))
            .find_map(|part| expression(part, scope).err());
        return bad.map(|bad| Statement::Term(Err(bad)));
    }
    Some(Statement::Term(expression(&side, scope)))
}

/// Whether a symbol alone is one that needs no value: an index, a size, a
/// process, or a family without its index.
pub(super) fn is_name(head: &super::names::Head, scope: &Scope) -> bool {
    if head.sup.is_some() {
        return false;
    }
    let name = match &head.sub {
        Some(sub) => super::names::with_sub(&head.name, sub),
        None => head.name.clone(),
    };
    let family = |id: &crate::expr::Id| id.name == name;
    scope.notation.processes.contains_key(&name)
        || scope.is_whole(&name)
        || scope.notation.symbols.keys().any(family)
}

fn extent(pieces: &[Piece]) -> Span {
    pieces.iter().map(Piece::extent).reduce(Span::to).unwrap_or_default()
}
