//! Relations that claim nothing about a value: the values of an index, and the
//! type of an element.

use super::Prepared;
use super::about::About;
use super::checker::Checker;
use super::verdict::{not_read, outcome};
use crate::define;
use crate::expr::{Condition, Expr, Kind};
use crate::notation::{Notation, sets_index};
use crate::outcome::{Outcome, Status};
use crate::read::pieces::{Kind as P, Piece};
use crate::read::{All, Relation, Scope, Statement, is_link, is_of};
use crate::solve::Verdict;
use crate::span::{Problem, Result, Span};
use crate::text::Fragment;
use std::sync::Arc;

/// Returns whether a formula only sets indices and sizes, as `t = 1, s \le t`
/// does. With words such as `for all` or `if` it claims something.
pub(super) fn only_sets(
    pieces: &[Piece],
    said: &[Statement],
    notation: &Notation,
) -> bool {
    let plain = |piece: &Piece| match &piece.kind {
        P::Text(word) | P::Word(word) => word.trim() == "and",
        P::Letter(sign) => !matches!(&**sign, "\\forall" | "∀"),
        P::Relation(sign) => !is_link(sign),
        _ => true,
    };
    let sets = |left: &Expr, right: &Expr| sets_index(left, right, notation);
    pieces.iter().all(plain)
        && said.iter().all(|statement| match statement {
            Statement::Chain(chain) => {
                let conditions = chain.conditions.iter().flatten();
                let mut pairs = chain.sides.windows(2);
                conditions.into_iter().all(|(a, _, b)| sets(a, b))
                    && pairs.all(|pair| match pair {
                        [(Ok(left), _), (Ok(right), _)] => sets(left, right),
                        _ => false,
                    })
            }
            Statement::Values(..) | Statement::Member(..) => true,
            Statement::Term(_) => false,
        })
}

impl Checker<'_> {
    /// Reports whether the element of `x \in \mathbb R^d` has that type. The
    /// spans are of the sign and of the whole relation.
    pub(super) fn member(
        &mut self,
        fragment: &Fragment,
        about: &About,
        (element, of): (&Result<Expr>, All),
        (sign, span): (Span, Span),
        number: usize,
    ) {
        let mut outcome =
            outcome(fragment, about, number, span, Status::Setting);
        outcome.sign = fragment.in_file(sign);
        let scope = Scope::new(&self.notation);
        let fits = match element {
            Ok(element) => is_of(element, of, &scope),
            Err(problem) => Err(problem.clone()),
        };
        if let Err(mut problem) = fits {
            problem.span = fragment.in_file(problem.span);
            outcome.status = Status::Unknown;
            let expected = self.expected(fragment, about, span, span);
            not_read(&mut outcome, expected, problem);
        } else if let Ok(element) = element {
            self.has_value(&mut outcome, about, element);
            if let Some(problem) = &mut outcome.problem {
                problem.span = fragment.in_file(problem.span);
            }
        }
        self.report.outcomes.push(outcome);
    }

    /// Refuses an element that was not shown to have a value everywhere.
    fn has_value(
        &mut self,
        outcome: &mut Outcome,
        about: &About,
        element: &Expr,
    ) {
        if let Kind::Symbol(symbol) = &element.kind
            && symbol.arguments.is_empty()
        {
            return;
        }
        let claim = Prepared {
            left: element.clone(),
            relation: Relation::Equal,
            right: element.clone(),
            conditions: about.conditions.clone(),
            uses: about.uses.clone(),
            notation: Arc::clone(&self.notation),
            tolerance: None,
            varies: None,
        };
        match self.verdicts.of(&Arc::new(claim)) {
            shown if shown.is_shown() => {}
            Verdict::Malformed(why) | Verdict::Undecided(why) => {
                outcome.status = Status::Undecided;
                outcome.problem = Some(Problem::new(element.span, why));
            }
            _ => {
                outcome.status = Status::Undecided;
                let why = "it was not shown that this has a value everywhere";
                outcome.problem = Some(Problem::new(element.span, why));
            }
        }
    }

    /// Reads `t = 1, \dots, T` that is not beside a claim, and reports whether
    /// the index has these values.
    pub(super) fn values(
        &mut self,
        fragment: &Fragment,
        about: &About,
        conditions: &[Condition],
        span: Span,
        number: usize,
    ) {
        let mut outcome =
            outcome(fragment, about, number, span, Status::Setting);
        let zero = Expr::whole(0);
        let prepared = Prepared {
            left: zero.clone(),
            relation: Relation::Equal,
            right: zero,
            conditions: conditions.to_vec(),
            uses: vec![],
            notation: Arc::clone(&self.notation),
            tolerance: None,
            varies: None,
        };
        self.met_somewhere(&mut outcome, &prepared, [], span);
        if outcome.status == Status::Setting {
            self.claims_nothing(&mut outcome, &prepared, span);
        }
        if let Some(problem) = &mut outcome.problem {
            problem.span = fragment.in_file(problem.span);
        }
        self.report.outcomes.push(outcome);
    }

    /// Refuses conditions that are not beside a claim, unless they always hold.
    /// In an inline formula, conditions on indices and sizes are allowed.
    fn claims_nothing(
        &mut self,
        outcome: &mut Outcome,
        prepared: &Prepared,
        place: Span,
    ) {
        for (left, relation, right) in &prepared.conditions {
            let claim = Prepared {
                left: left.clone(),
                relation: *relation,
                right: right.clone(),
                conditions: vec![],
                ..prepared.clone()
            };
            if !outcome.display && define::is_setting(&claim) {
                continue;
            }
            let end = Prepared {
                conditions: vec![(
                    left.clone(),
                    Relation::Equal,
                    right.clone(),
                )],
                ..prepared.clone()
            };
            let holds = self.verdicts.of(&Arc::new(claim)).is_shown();
            // The ends of `t = 0, \dots, T` must be values of the index.
            let reached = *relation != Relation::LessEqual
                || !matches!(
                    self.verdicts.of(&Arc::new(with_wider_indices(&end))),
                    Verdict::Malformed(_)
                );
            if holds && reached {
                continue;
            }
            outcome.status = Status::Unknown;
            let message = "this is a condition, and stands beside no claim";
            outcome.problem = Some(
                Problem::new(place, message)
                    .hint("write it in the formula of the claim"),
            );
            return;
        }
    }

    /// Refuses a setting that no size and index satisfies.
    pub(super) fn possible(
        &mut self,
        outcome: &mut Outcome,
        prepared: &Prepared,
        place: Span,
    ) {
        if let Relation::Approximately | Relation::Tends = prepared.relation {
            outcome.status = Status::Unknown;
            let message = "this says nothing of a whole number";
            outcome.problem = Some(
                Problem::new(place, message)
                    .hint("only relations such as = and \\le do"),
            );
            return;
        }
        self.met_somewhere(outcome, prepared, [prepared.as_condition()], place);
    }

    /// Refuses a chain of settings that contradict each other: `1 = t = 2`. The
    /// outcomes of the chain start at `from`.
    pub(super) fn possible_together(&mut self, from: usize) {
        let outcomes = &self.report.outcomes[from..];
        let settings = outcomes.iter().filter(|o| o.status == Status::Setting);
        let claims: Vec<_> =
            settings.filter_map(|outcome| outcome.claim.clone()).collect();
        let [first, _, ..] = claims.as_slice() else { return };
        let settings = claims.iter().map(|claim| claim.as_condition());
        let Some(mut last) = self.report.outcomes.pop() else { return };
        let place = last.span;
        self.met_somewhere(&mut last, first, settings, place);
        self.report.outcomes.push(last);
    }

    /// Refuses settings that no size and index satisfies beside the conditions of a
    /// claim, even with sizes that the notation does not list.
    fn met_somewhere(
        &mut self,
        outcome: &mut Outcome,
        of: &Prepared,
        settings: impl IntoIterator<Item = Condition>,
        place: Span,
    ) {
        let zero = Expr::whole(0);
        let mut claim = Prepared {
            left: zero.clone(),
            relation: Relation::Equal,
            right: zero,
            ..of.clone()
        };
        claim.conditions.extend(settings);
        let larger = widened(&claim);
        let claims = [claim, larger].map(Arc::new);
        let whys = claims.map(|claim| match self.verdicts.of(&claim) {
            Verdict::Malformed(why) => Some(why),
            _ => None,
        });
        if let [Some(why), Some(_)] = whys {
            outcome.status = Status::Unknown;
            outcome.problem = Some(Problem::new(place, why));
        }
    }
}

/// Returns the claim with every size near the largest number in the conditions,
/// because the sizes of a notation are examples, and with wider indices.
fn widened(claim: &Prepared) -> Prepared {
    let largest = claim.largest_number();
    let mut claim = with_wider_indices(claim);
    let notation = Arc::make_mut(&mut claim.notation);
    for (low, high) in notation.sizes.values_mut() {
        let from = largest.max(*low);
        (*low, *high) = (from, from.saturating_add(1).max(*high));
    }
    claim
}

/// Returns the claim with every index over the whole ranges of its symbols.
fn with_wider_indices(claim: &Prepared) -> Prepared {
    let mut notation = (*claim.notation).clone();
    // An index may take every value in the range of a symbol: x_0 has t = 0.
    let ranges: Vec<_> = notation
        .symbols
        .values()
        .filter_map(|d| Some((d.indices.first()?.clone(), d.range.clone()?)))
        .collect();
    for (index, (from, to)) in ranges {
        let Some((low, high)) = notation.indices.get_mut(&index) else {
            continue;
        };
        if low.size == from.size && from.offset < low.offset {
            *low = from;
        }
        if high.size == to.size && to.offset > high.offset {
            *high = to;
        }
    }
    Prepared { notation: Arc::new(notation), ..claim.clone() }
}
