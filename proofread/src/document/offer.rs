//! Definitions that a formula offers to formulas that use it.

use super::about::About;
use super::checker::Checker;
use crate::claim::Claim;
use crate::expr::{Kind, Rewriting};
use crate::outcome::Status;
use crate::relation::Relation;
use crate::span::{Problem, Span};
use crate::text::Fragment;
use std::sync::Arc;

/// The first relations of a formula, as definitions of their left sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Offer {
    pub(super) rewritings: Vec<(Rewriting, Status)>,
    /// True if these are definitions; then the offer has nothing else.
    defines: bool,
    /// True if one of these cannot be relied on.
    pub(super) bad: bool,
    /// True if the formula defines a symbol for the rest of the text. Formulas
    /// use this definition without saying so.
    pub(super) in_force: bool,
}

impl Offer {
    /// Merges the offers of several chains.
    fn all<'a>(offers: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for offer in offers {
            all.in_force |= offer.in_force;
            for (rewriting, status) in &offer.rewritings {
                all.add(Some(rewriting.clone()), offer.defines, *status);
            }
        }
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rewritings.is_empty()
    }

    pub(super) fn add(
        &mut self,
        rewriting: Option<Rewriting>,
        defines: bool,
        status: Status,
    ) {
        let Some(rewriting) = rewriting else { return };
        if self.defines && !defines {
            return;
        }
        if defines && !self.defines {
            *self =
                Self { defines, in_force: self.in_force, ..Self::default() };
        }
        self.rewritings.push((rewriting, status));
        self.bad |= !matches!(
            status,
            Status::Exact
                | Status::Gaussian
                | Status::Certified
                | Status::Definition
        );
    }
}

/// Returns a relation as a definition of its left side, if it is a symbol.
pub(super) fn rewriting(prepared: &Claim) -> Option<Rewriting> {
    let Kind::Symbol(symbol) = &prepared.left.kind else { return None };
    let fits = matches!(prepared.relation, Relation::Equal | Relation::Defines);
    fits.then(|| Rewriting {
        symbol: symbol.clone(),
        body: prepared.right.clone(),
    })
}

impl Checker<'_> {
    /// Stores the offers of a formula, by the label of each row and by the id
    /// of the formula. The relations start at `from`.
    pub(super) fn offer(
        &mut self,
        fragment: &Fragment,
        about: &About,
        from: usize,
        chains: &[usize],
        offers: &[Offer],
    ) {
        let mut taken: Vec<(String, Offer)> = vec![];
        for (_, label) in &fragment.labels {
            let first = about.id.as_ref() == Some(label);
            let named = |i: &usize| {
                let found = self.report.outcomes.get(from + i);
                let found = found.and_then(|outcome| outcome.label.as_ref());
                found.map_or(first, |found| found == label)
            };
            let mut own: Vec<usize> =
                (0..chains.len()).filter(named).map(|i| chains[i]).collect();
            own.dedup();
            let own = own.into_iter().map(|chain| &offers[chain]);
            taken.push((label.clone(), Offer::all(own)));
        }
        let labels = fragment.labels.iter();
        if let Some(id) = &about.id
            && !labels.clone().any(|(_, label)| label == id)
        {
            taken.push((id.clone(), Offer::all(offers)));
        }
        for (id, offer) in taken {
            let known = Arc::make_mut(&mut self.known);
            if known.insert(id.clone(), offer).is_some() {
                let span = Span::new(0, fragment.latex.len());
                let message = format!("a second formula with the id {id}");
                self.problem(fragment, Problem::new(span, message));
            }
        }
    }
}
