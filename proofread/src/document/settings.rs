//! Relations that claim nothing of a value: what an index may be, and of which
//! type an element is.

use super::Prepared;
use super::about::About;
use super::checker::Checker;
use super::verdict::{not_read, outcome};
use crate::expr::Expr;
use crate::outcome::{Outcome, Status};
use crate::read::{All, Relation, Scope, is_of};
use crate::solve::Verdict;
use crate::span::{Problem, Result, Span};
use crate::text::Fragment;
use std::sync::Arc;

impl Checker<'_> {
    /// `x \in \mathbb R^d`: reports whether the element is of that type. The
    /// places are those of the sign and of all of it.
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
        }
        self.report.outcomes.push(outcome);
    }

    /// Refuses a setting that no size and index of the notation meets.
    pub(super) fn possible(
        &mut self,
        outcome: &mut Outcome,
        prepared: &Prepared,
        place: Span,
    ) {
        let zero = Expr::whole(0);
        let setting =
            (prepared.left.clone(), prepared.relation, prepared.right.clone());
        let mut conditions = prepared.conditions.clone();
        conditions.push(setting);
        let order = !matches!(
            prepared.relation,
            Relation::Approximately | Relation::Tends | Relation::Equal
        );
        if !order {
            return;
        }
        let claim = Prepared {
            left: zero.clone(),
            relation: Relation::Equal,
            right: zero,
            conditions,
            ..prepared.clone()
        };
        if let Verdict::Malformed(why) = self.verdicts.of(&Arc::new(claim)) {
            outcome.status = Status::Unknown;
            outcome.problem = Some(Problem::new(place, why));
        }
    }
}
