//! Statements from a claim and its conditions.

use super::Scope;
use super::assembly::Assembly;
use super::clauses::Clause;
use super::conditions::conditions;
use super::ends::ends;
use super::expression::expression;
use super::pieces::Piece;
use super::relations::{is_membership, relation};
use super::sets::{Member, member, within};
use super::statements::{Chain, Statement};
use super::terms::extent;
use crate::expr::Condition;
use crate::notation::wider;
use crate::span::{Problem, Result, Span};

impl Assembly {
    /// Appends the statements of a claim, once for each list of premises.
    pub(super) fn emit(
        &self,
        i: usize,
        scope: &mut Scope,
        said: &mut Vec<Statement>,
    ) {
        let guards = &self.units[i].guards;
        if guards.is_empty() {
            self.follows(i, &[], scope, said);
        }
        for guards in guards {
            self.follows(i, guards, scope, said);
        }
    }

    /// Appends the statements of a claim that follows from the claims `guards`.
    fn follows(
        &self,
        i: usize,
        guards: &[usize],
        scope: &mut Scope,
        said: &mut Vec<Statement>,
    ) {
        let unit = &self.units[i];
        let mut given: Vec<(Result<Vec<Condition>>, Option<usize>)> =
            unit.conditions.clone();
        for &guard in guards {
            let guard = &self.units[guard];
            if guard.quantified {
                let message = "a premise for all values of a symbol";
                let problem = Problem::new(guard.clause.span(), message);
                let hint =
                    "write the premise at the values that the claim needs";
                given.push((Err(problem.hint(hint)), None));
            }
            given.push((conditions(&guard.clause, scope), None));
            given.extend(guard.conditions.iter().cloned());
        }
        let on = |row: usize| -> Result<Vec<Condition>> {
            let mut all = vec![];
            for (found, only) in &given {
                let applies =
                    found.is_err() || only.is_none_or(|only| only == row);
                if applies {
                    all.extend(found.clone()?);
                }
            }
            Ok(all)
        };
        let before = said.len();
        unit.clause.emit(&on, scope, said);
        for statement in &mut said[before..] {
            if let Statement::Chain(chain) = statement {
                chain.guarded = !guards.is_empty();
                chain.bare.clone_from(&unit.bare);
            }
        }
    }
}

impl Clause {
    /// Appends the statements of this clause, with the conditions on each row.
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
                    continues: true,
                    guarded: false,
                    bare: vec![],
                }));
            }
            let left = match before.take() {
                Some(left) => left,
                None => side(left, *place, scope),
            };
            before = Some(right.clone());
            // A row with other conditions starts a new chain.
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
                        continues,
                        guarded: false,
                        bare: vec![],
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

/// Appends `left \in right`, as relations or as a statement of type.
pub(super) fn membership(
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
            // An invalid condition invalidates the membership.
            let element = on.clone().and_then(|_| expression(left, scope));
            let element = element.and_then(|element| {
                // A text may say that a size is a whole number.
                if scope.notation.size(&element).is_none() {
                    within(&element, of, scope)?;
                }
                Ok(element)
            });
            said.push(Statement::Member(element, of, sign, whole));
        }
        Ok(Member::Between(between)) => {
            let list = matches!(
                right.first().map(Piece::text).as_deref(),
                Some("\\{" | "\\lbrace")
            );
            if list && on.as_ref().is_ok_and(Vec::is_empty) {
                said.push(Statement::Values(between, whole));
                return;
            }
            // A set that is larger than the domain may be meant as the domain.
            let larger = expression(left, scope)
                .and_then(|element| ends(&element, &between, scope))
                .and_then(|()| {
                    let mut all = between.iter();
                    let wider = all.find_map(|one| wider(one, scope.notation));
                    wider.map_or(Ok(()), Err)
                });
            let conditions = on.clone().and_then(|all| larger.map(|()| all));
            for (a, relation, b) in between {
                said.push(Statement::Chain(Chain {
                    sides: vec![(Ok(a), extent(left)), (Ok(b), extent(right))],
                    relations: vec![(Ok(relation), sign)],
                    conditions: conditions.clone(),
                    continues: true,
                    guarded: false,
                    bare: vec![],
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
            continues: true,
            guarded: false,
            bare: vec![],
        })),
    }
}
