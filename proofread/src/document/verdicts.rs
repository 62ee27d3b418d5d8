//! Parallel decision of all claims of a text.
//!
//! A formula may use only results that hold, so the checker reads a text in
//! order. But most of the results that are used hold. A first pass thus takes
//! every claim to hold, and collects the claims. All cores then decide the
//! claims. A second pass finds the verdicts ready. The second pass itself
//! decides a claim that reads otherwise because the first pass was wrong.

use super::Prepared;
use crate::needs::Needs;
use crate::notation::Notation;
use crate::solve::{self, Evidence, Tier, Verdict};
use rayon::prelude::*;
use std::sync::Arc;

/// The claims of a text, with their verdicts once they are decided.
#[derive(Clone, Debug)]
pub(super) enum Verdicts {
    /// The first pass: every claim is taken to hold.
    Collected(Vec<Arc<Prepared>>),
    /// The second pass, over the text itself.
    Known(Arc<Vec<Decided>>),
    /// A changed text, up to the first claim that is newly wrong; then `enough`
    /// is true.
    Changed { known: Arc<Vec<Decided>>, enough: bool },
}

/// A claim with its verdict.
pub(super) type Decided = (Arc<Prepared>, Verdict);

impl Verdicts {
    /// Returns the verdict on a claim; in the first pass, that the claim holds.
    pub(super) fn of(&mut self, claim: &Arc<Prepared>) -> Verdict {
        let changed = matches!(self, Self::Changed { .. });
        let (found, enough) = match self {
            Self::Collected(claims) => {
                claims.push(Arc::clone(claim));
                return Verdict::Holds(Evidence {
                    tier: Tier::Exact,
                    points: 0,
                    ranges: String::new(),
                    every: false,
                    only: None,
                });
            }
            Self::Known(known) => {
                (known.iter().find(|(known, _)| known == claim), false)
            }
            Self::Changed { known, enough } => {
                (known.iter().find(|(known, _)| alike(known, claim)), *enough)
            }
        };
        match found {
            Some((_, verdict)) => verdict.clone(),
            None if enough => {
                Verdict::Undecided("something else is wrong".into())
            }
            None if changed => solve::decide_changed(claim),
            None => solve::decide(claim),
        }
    }

    /// Notes that a claim is wrong. In a changed text, one wrong claim is
    /// enough, unless the original text has the claim, too.
    pub(super) fn wrong(&mut self, claim: &Prepared) {
        if let Self::Changed { known, enough } = self {
            *enough |= !known.iter().any(|(known, _)| alike(known, claim));
        }
    }

    /// Decides all collected claims.
    pub(super) fn decided(self) -> Self {
        let Self::Collected(claims) = self else { return self };
        let decided = |claim: Arc<Prepared>| {
            let verdict = solve::decide(&claim);
            (claim, verdict)
        };
        let claims = claims.into_par_iter().with_max_len(1);
        let known: Vec<_> = claims.map(decided).collect();
        Self::Known(Arc::new(known))
    }

    /// Returns no verdicts, for a text whose claims are decided where they stand.
    pub(super) fn undecided() -> Self {
        Self::Known(Arc::default())
    }

    /// Returns the same verdicts, for a changed text.
    pub(super) fn changed(&self) -> Self {
        let known = match self {
            Self::Collected(_) => Arc::default(),
            Self::Known(known) | Self::Changed { known, .. } => {
                Arc::clone(known)
            }
        };
        Self::Changed { known, enough: false }
    }
}

impl Default for Verdicts {
    fn default() -> Self {
        Self::Collected(vec![])
    }
}

/// Returns whether two claims are the same, and their notations agree on
/// everything in the claims.
fn alike(a: &Prepared, b: &Prepared) -> bool {
    a.left == b.left
        && a.relation == b.relation
        && a.right == b.right
        && a.conditions == b.conditions
        && a.uses == b.uses
        && a.tolerance == b.tolerance
        && a.varies == b.varies
        && (Arc::ptr_eq(&a.notation, &b.notation)
            || agree(a, &a.notation, &b.notation))
}

/// Returns whether two notations agree on everything in a claim.
fn agree(claim: &Prepared, a: &Notation, b: &Notation) -> bool {
    let needs = Needs::of(&claim.expressions(), &claim.uses, a);
    let processes = needs.processes.iter().filter_map(|p| a.processes.get(p));
    let variables = processes.map(|process| process.variable.as_str());
    let names = needs.symbols.iter().map(|id| id.name.as_str());
    let names: Vec<&str> = names.chain(variables).collect();
    let declared = |notation: &Notation| {
        let all = notation.symbols.iter();
        let named = all.filter(|(id, _)| names.contains(&id.name.as_str()));
        named.map(|(_, one)| one.clone()).collect::<Vec<_>>()
    };
    let (sizes, indices) = (&needs.sizes, &needs.indices);
    a.allows_undefined == b.allows_undefined
        && a.allows_searched == b.allows_searched
        && sizes.iter().all(|s| a.sizes.get(s) == b.sizes.get(s))
        && indices.iter().all(|i| a.indices.get(i) == b.indices.get(i))
        && needs
            .processes
            .iter()
            .all(|p| a.processes.get(p) == b.processes.get(p))
        && declared(a) == declared(b)
}
