//! Decisions on the relations of a chain.

use super::about::About;
use super::binders::Scope;
use super::bound::{on_bound, on_function};
use super::checker::Checker;
use super::current::definition;
use super::densities::claimed;
use super::offer::{Offer, rewriting};
use super::verdict::{not_read, outcome};
use crate::claim::Claim;
use crate::expr::{Condition, Expr, Kind, Rewriting};
use crate::marks::Expected;
use crate::notation::{granted, wider};
use crate::outcome::Status;
use crate::read::pieces::{balanced, with_openings};
use crate::read::{Chain, Relation};
use crate::span::{Problem, Result};
use crate::text::Fragment;
use crate::{define, types};
use std::sync::Arc;

impl Checker<'_> {
    /// Decides each relation of a chain.
    pub(super) fn chain(
        &mut self,
        fragment: &Fragment,
        about: &mut About,
        chain: &Chain,
        number: &mut usize,
        offer: &mut Offer,
    ) {
        let chain = claimed(chain);
        self.current.guarded = chain.guarded;
        let conditions = self.conditions(about, &chain);
        // The first relation of a chain may define, unless the chain continues
        // another.
        let leads = |i: usize| i == 0 && !chain.continues;
        let from = self.report.outcomes.len();
        for (i, (relation, sign)) in chain.relations.iter().enumerate() {
            *number += 1;
            let (left, left_span) = &chain.sides[i];
            let (right, right_span) = &chain.sides[i + 1];
            let latex = &fragment.latex;
            let right_span = balanced(latex, *right_span);
            let span = left_span.to(*sign).to(right_span);
            let span = with_openings(latex, span);
            let expected =
                self.expected(fragment, about, sign.to(right_span), span);
            let expected = match (left, relation) {
                (Ok(left), Ok(Relation::Equal))
                    if leads(i)
                        && expected.is_none()
                        && self.introduces(left) =>
                {
                    Some((Expected::Definition, "its first use".into()))
                }
                _ => expected,
            };
            let mut outcome =
                outcome(fragment, about, *number, span, Status::Unknown);
            outcome.sign = fragment.in_file(*sign);
            let sides = match (left, relation, right, &conditions) {
                (Ok(left), Ok(relation), Ok(right), Ok(conditions)) => {
                    Ok((left, *relation, right, conditions))
                }
                (Err(problem), ..)
                | (_, Err(problem), ..)
                | (_, _, Err(problem), _)
                | (.., Err(problem)) => Err(problem.clone()),
            };
            let defines = |relation| {
                relation == Relation::Defines
                    || matches!(expected, Some((Expected::Definition, _)))
            };
            let uses = about.uses.len();
            about.uses.extend(self.defined_behind(&chain, i));
            let verdict =
                sides.and_then(|(left, relation, right, conditions)| {
                    let sides = (left, relation, right);
                    let defines = defines(relation);
                    let equates =
                        matches!(relation, Relation::Equal | Relation::Defines);
                    if defines && !equates {
                        let message = "only an equation can be a definition";
                        return Err(
                            Problem::new(*sign, message).hint("write = or :=")
                        );
                    }
                    self.prepared(about, sides, conditions, defines)
                });
            about.uses.truncate(uses);
            match verdict {
                Ok(prepared) => {
                    self.decided(&mut outcome, &prepared, expected, right_span);
                    self.for_every_size(&mut outcome, right_span);
                    self.in_doubt(&mut outcome, right_span);
                    offer.in_force |= outcome.status == Status::Definition;
                    // A relation with a condition is not a definition.
                    let defines = outcome.status == Status::Definition;
                    let first = leads(i) || defines && offer.is_empty();
                    if first && prepared.conditions.is_empty() {
                        let rewriting = rewriting(&prepared);
                        // A definition in a display holds in the rest of the
                        // display.
                        if defines {
                            about.uses.extend(rewriting.clone());
                        }
                        offer.add(rewriting, defines, outcome.status);
                    }
                }
                Err(problem) => {
                    not_read(&mut outcome, expected, problem);
                }
            }
            let decided =
                outcome.status.is_good() || outcome.status == Status::False;
            if about.broken && decided {
                outcome.status = Status::Unknown;
                let message = "a comment or a mark on this formula is in \
                               error, so this was not decided";
                outcome.problem = Some(Problem::new(span, message));
                outcome.counterexample = None;
            }
            if let Some(problem) = &mut outcome.problem {
                problem.span = fragment.in_file(problem.span);
            }
            self.report.outcomes.push(outcome);
        }
        self.possible_together(from);
        self.bare_bounds(&chain, from, fragment);
    }

    /// Returns the definitions that follow a relation in its chain: those of `L` and
    /// `M` in `a \ge L := M := b`. The relation is about the symbols as they are
    /// defined.
    fn defined_behind(&mut self, chain: &Chain, i: usize) -> Vec<Rewriting> {
        let mut all: Vec<_> = (i + 1..chain.relations.len())
            .map_while(|j| definition(chain, j))
            .collect();
        // A symbol takes the type of its definition, which may be the next symbol.
        for Rewriting { symbol, body } in all.iter().rev() {
            if self.announced.contains(&symbol.id()) {
                let notation = Arc::make_mut(&mut self.notation);
                // The definition itself will say what is wrong with it.
                define::adopt_sort(symbol, body, notation).ok();
            }
        }
        all.reverse();
        all
    }

    /// Returns the conditions of a chain that the notation does not grant.
    fn conditions(
        &self,
        about: &About,
        chain: &Chain,
    ) -> Result<Vec<Condition>> {
        let own = chain.conditions.as_ref().map_err(Problem::clone)?;
        let all = || about.conditions.iter().chain(own);
        if let Some(problem) = all().find_map(|one| wider(one, &self.notation))
        {
            return Err(problem);
        }
        let open = all().filter(|all| !granted(all, &self.notation));
        Ok(open.cloned().collect())
    }

    /// Returns a relation as a claim, with all that is needed to decide it.
    fn prepared(
        &mut self,
        about: &About,
        (left, relation, right): (&Expr, Relation, &Expr),
        conditions: &[Condition],
        defines: bool,
    ) -> Result<Arc<Claim>> {
        if defines
            && let Kind::Symbol(symbol) = &left.kind
            && self.announced.contains(&symbol.id())
        {
            let notation = Arc::make_mut(&mut self.notation);
            define::adopt_sort(symbol, right, notation)?;
        }
        let same = |(a, sign, b): &Condition| {
            (a, *sign, b) == (left, relation, right)
                || (a, *sign, b) == (right, relation.flipped(), left)
        };
        if about.conditions.iter().any(same) {
            let message = "this is claimed only where it holds: a comment or a \
                           mark has it as its condition";
            return Err(Problem::new(left.span.to(right.span), message));
        }
        types::check(left, relation, right, &self.notation)?;
        let scope = Scope { notation: &self.notation, uses: &about.uses };
        let varies = about.varies.as_ref().map(|(symbol, _)| symbol);
        let sides = [left, right];
        let unclear = on_bound(sides, conditions, varies, &scope)
            .or_else(|| on_function(sides, conditions));
        if let Some(problem) = unclear {
            return Err(problem);
        }
        for side in [left, right] {
            let (notation, uses) = (&self.notation, &about.uses);
            let captured = match &left.kind {
                Kind::Symbol(symbol) if defines => {
                    notation.captures_in_definition(symbol, side, uses)
                }
                _ => notation.captures(side, uses),
            };
            let captured = captured.or_else(|| self.hidden(side, &about.uses));
            if let Some(problem) = captured {
                return Err(problem);
            }
        }
        Ok(Arc::new(Claim {
            left: left.clone(),
            relation,
            right: right.clone(),
            conditions: conditions.to_vec(),
            uses: about.uses.clone(),
            notation: Arc::clone(&self.notation),
            tolerance: about.tolerance,
            varies: about.varies.clone(),
        }))
    }
}
