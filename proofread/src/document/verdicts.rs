//! Deciding all claims of a text side by side.
//!
//! What a formula may use hangs on what was found of those before it, so a text
//! is read in order. But most of what is used is shown: a first pass takes
//! every claim to hold, and collects them; these are decided on all cores; a
//! second pass finds the verdicts ready, and decides for itself where the first
//! was wrong and a claim reads otherwise.

use super::Prepared;
use crate::solve::{self, Evidence, Tier, Verdict};
use rayon::prelude::*;
use std::sync::Arc;

/// The claims of a text, with their verdicts once they are decided.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    claims: Vec<(Arc<Prepared>, Option<Verdict>)>,
    ready: bool,
}

impl Verdicts {
    /// The verdict on a claim; in the first pass, that it holds.
    pub(super) fn of(&mut self, claim: &Arc<Prepared>) -> Verdict {
        if !self.ready {
            self.claims.push((Arc::clone(claim), None));
            return Verdict::Holds(Evidence {
                tier: Tier::Exact,
                points: 0,
                ranges: String::new(),
                only: None,
            });
        }
        let mut known = self.claims.iter_mut();
        let verdict = known
            .find(|(known, verdict)| verdict.is_some() && known == claim)
            .and_then(|(_, verdict)| verdict.take());
        verdict.unwrap_or_else(|| decide(claim))
    }

    /// All of them decided.
    pub(super) fn decided(self) -> Self {
        let decided = |(claim, _): (Arc<Prepared>, _)| {
            let verdict = decide(&claim);
            (claim, Some(verdict))
        };
        let claims = self.claims.into_par_iter().map(decided).collect();
        Self { claims, ready: true }
    }
}

fn decide(claim: &Prepared) -> Verdict {
    solve::decide(claim)
}
