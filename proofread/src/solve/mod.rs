//! The decision procedure for claims.
//!
//! A claim passes only if algebra proves it at every choice of sizes and
//! indices that the notation allows, on the whole domain of its free variables.
//! It is false only if a point of the domain shows it. Any other claim is
//! searched or undecided.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `one` | a claim at one choice of sizes and indices |
//! | `conclude` | the verdict, from the results at all choices |
//! | `every` | claims that hold for every size |
//! | `examples` | points for claims about unknown functions and data |
//! | `points` | the sizes and indices at which a claim is decided |
//! | `instance`, `given` | a claim at one choice, as terms; its conditions |
//! | `prove` | proofs of equations and inequalities |
//! | `cut` | parts of a domain that are proved one by one |
//! | `groups` | equations, summand by summand |
//! | `monotone` | inequalities by derivatives and logarithms |
//! | `facts` | inequalities from theorems about means |
//! | `gibbs` | bounds by the mean of a divergence |
//! | `limit`, `approach`, `proportion` | limits and proportions |
//! | `refute`, `relate`, `sample` | the search for a counterexample |
//! | `distributed` | the distribution of a sum of noises |
//! | `exact` | a relation at a rational point, in the ring |
//! | `counterexample` | a point at which a claim fails, in words |

mod admits;
mod approach;
mod conclude;
mod counterexample;
mod cut;
mod digits;
mod distributed;
mod every;
mod exact;
mod examples;
mod facts;
mod gibbs;
mod given;
mod groups;
mod instance;
mod limit;
mod monotone;
mod one;
mod points;
mod proportion;
mod prove;
mod refute;
mod relate;
mod sample;

pub use counterexample::Counterexample;
pub(crate) use distributed::is_random;
pub(crate) use examples::samples;
pub(crate) use points::{Choice, SAY_WHERE, points};
pub(crate) use sample::Sampler;

use crate::claim::Claim;
use crate::needs::Needs;
use crate::relation::Relation;
use crate::work;
use one::Found;

/// The method by which a relation was shown to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Shown as an identity in a ring of functions on the domain.
    Exact,
    /// Shown by the calculus of Gaussians and the same algebra.
    Gaussian,
    /// Shown as an inequality or a limit, on the whole domain.
    Certified,
    /// Not shown: a search found no counterexample.
    Searched,
}

/// The verdict on a relation.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// The relation holds, as the evidence says, or a search refuted nothing.
    Holds(Evidence),
    /// The relation is false, as the counterexample shows.
    Fails(Counterexample),
    /// The relation was neither shown nor refuted, for this reason.
    Undecided(String),
    /// The relation is no claim: a part of it has no meaning.
    Malformed(String),
}

impl Verdict {
    /// Returns whether the relation was shown to hold. A search shows nothing.
    pub(crate) fn is_shown(&self) -> bool {
        matches!(self, Self::Holds(found) if found.tier != Tier::Searched)
    }
}

/// The evidence for a verdict.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The method by which the relation was shown.
    pub tier: Tier,
    /// The number of choices of sizes and indices at which the relation was
    /// shown, or of points at which a counterexample was looked for.
    pub points: usize,
    /// The sizes and indices, in words; empty if there are none.
    pub ranges: String,
    /// True if the relation was shown for every size and every index that the
    /// notation allows, not only for the listed sizes.
    pub every: bool,
    /// The reason why the evidence is incomplete, if it is.
    pub only: Option<String>,
}

/// The units of work for all proofs of a claim, and for all searches. The texts
/// that come with this crate take at most 300,000 for a claim.
const PROOFS: u64 = 2_000_000;
const SEARCHES: u64 = 2_000_000;

/// Decides a relation.
pub(crate) fn decide(claim: &Claim) -> Verdict {
    work::within(PROOFS + SEARCHES, || safely(|| decided(claim)))
}

/// The units of work for a claim that is expected to be false.
const CHANGED: u64 = 400_000;

/// Decides a relation that is expected to be false, such as one with a slip: it
/// tries a few points before any proof.
pub(crate) fn decide_changed(claim: &Claim) -> Verdict {
    let soon = || match examples::soon(claim) {
        Some(found) => Verdict::Fails(found),
        None => decided(claim),
    };
    work::within(CHANGED, || safely(soon))
}

/// Returns the verdict, or undecided if an exponent was too large on the way.
fn safely(decide: impl FnOnce() -> Verdict) -> Verdict {
    work::without_overflow(decide).unwrap_or_else(|| {
        let why = "it has exponents that are too large";
        Verdict::Undecided(why.into())
    })
}

fn decided(claim: &Claim) -> Verdict {
    if let Some(limit) = limit::of_equation(claim) {
        return decided(&limit);
    }
    if claim.relation == Relation::Distributed {
        return distributed::decide(claim);
    }
    let needs = Needs::of(&claim.expressions(), &claim.uses, &claim.notation);
    let choices = match points(claim, &needs) {
        Ok(choices) => choices,
        Err(why) => return Verdict::Malformed(why),
    };
    if choices.is_empty() {
        let why = "no size and index meets its condition, so it says nothing";
        return Verdict::Malformed(why.into());
    }
    let mut found = Found::default();
    for choice in &choices {
        if let Some(verdict) =
            one::at(claim, &needs, choice, choices.len(), &mut found)
        {
            return verdict;
        }
    }
    conclude::conclude(claim, &needs, &choices, found)
}
