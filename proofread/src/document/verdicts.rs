//! Deciding all claims of a text side by side.
//!
//! What a formula may use hangs on what was found of those before it, so a text
//! is read in order. But most of what is used is shown: a first pass takes
//! every claim to hold, and collects them; these are decided on all cores; a
//! second pass finds the verdicts ready, and decides for itself where the first
//! was wrong and a claim reads otherwise.

use super::Prepared;
use crate::needs::Needs;
use crate::notation::Notation;
use crate::solve::{self, Evidence, Tier, Verdict};
use rayon::prelude::*;
use std::sync::Arc;

/// The claims of a text, with their verdicts once they are decided.
#[derive(Clone, Debug)]
pub(super) enum Verdicts {
    /// A first pass: every claim is taken to hold.
    Collected(Vec<Arc<Prepared>>),
    /// A second pass, for all that stands in the text.
    Known(Arc<Vec<Decided>>),
    /// A text with a change in it, up to the first claim that is newly wrong;
    /// then there is `enough`.
    Changed { known: Arc<Vec<Decided>>, enough: bool },
}

/// A claim with the verdict on it.
pub(super) type Decided = (Arc<Prepared>, Verdict);

impl Verdicts {
    /// The verdict on a claim; in the first pass, that it holds.
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

    /// Says that a claim is false or none, and was not meant to be: in a text
    /// with a change in it this is all that is asked, unless it was so before.
    pub(super) fn wrong(&mut self, claim: &Prepared) {
        if let Self::Changed { known, enough } = self {
            *enough |= !known.iter().any(|(known, _)| alike(known, claim));
        }
    }

    /// All of them decided.
    pub(super) fn decided(self) -> Self {
        let Self::Collected(claims) = self else { return self };
        let decided = |claim: Arc<Prepared>| {
            let verdict = solve::decide(&claim);
            (claim, verdict)
        };
        let known: Vec<_> = claims.into_par_iter().map(decided).collect();
        Self::Known(Arc::new(known))
    }

    /// The same verdicts, for a text with a change in it.
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

/// Whether two claims are one: all that they say is the same, and so is all
/// that the notation says of what they speak of.
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

/// Whether two notations say the same of all that a claim speaks of.
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
