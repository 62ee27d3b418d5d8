//! Bounds behind a comma that no word calls conditions: `\sqrt{a^2} = a, a \ge 0`.
//! Where a claim holds without the bound, the bound may be a claim itself.

use super::checker::Checker;
use crate::claim::Claim;
use crate::outcome::{Outcome, Status};
use crate::read::{Chain, bound_or_claim};
use crate::solve::Verdict;
use crate::span::Span;
use crate::text::Fragment;
use std::sync::Arc;

impl Checker<'_> {
    /// Asks about the bounds of a chain that are neither needed as conditions nor
    /// true as claims. The outcomes of the chain start at `from`.
    pub(super) fn bare_bounds(
        &mut self,
        chain: &Chain,
        from: usize,
        fragment: &Fragment,
    ) {
        let outcomes = &self.report.outcomes[from..];
        let decided =
            |o: &Outcome| o.status.is_good().then(|| o.claim.clone())?;
        let claims: Vec<Arc<Claim>> =
            outcomes.iter().filter_map(decided).collect();
        if claims.is_empty() || claims.len() < outcomes.len() {
            return; // an error, or a remark
        }
        for bound in &chain.bare {
            let mut needed = false;
            for claim in &claims {
                let mut without = Claim::clone(claim);
                without.conditions.retain(|one| one != bound);
                needed |= without.conditions.len() == claim.conditions.len()
                    || !self.holds_everywhere(without);
            }
            let (left, relation, right) = bound.clone();
            let mut own =
                Claim { left, relation, right, ..Claim::clone(&claims[0]) };
            own.conditions.retain(|one| one != bound);
            if needed || self.holds_everywhere(own) {
                continue;
            }
            let place = bound.0.span.to(bound.2.span);
            self.ask(from, fragment.in_file(place));
            return;
        }
    }

    fn holds_everywhere(&mut self, claim: Claim) -> bool {
        let verdict = self.verdicts.of(&Arc::new(claim));
        verdict.is_shown()
            && matches!(verdict, Verdict::Holds(found) if found.only.is_none())
    }

    /// Calls the first relation of a chain unknown: what stands at a place may be a
    /// claim.
    fn ask(&mut self, from: usize, place: Span) {
        let outcome = &mut self.report.outcomes[from];
        outcome.status = Status::Unknown;
        outcome.evidence = None;
        outcome.problem = Some(bound_or_claim(place));
    }
}
