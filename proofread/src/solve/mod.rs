//! Deciding a claim.
//!
//! A claim passes only where algebra proves it, at every choice of sizes and
//! indices that the notation allows, on the whole domain of its free
//! quantities. It is false only where a point of the domain shows it. What is
//! neither was searched, or is undecided.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `one` | a claim at one choice of sizes and indices |
//! | `conclude` | the verdict from what was found at all choices |
//! | `every` | claims that hold for every size |
//! | `examples` | points of claims about unknown functions and data |
//! | `points` | the sizes and indices at which a claim is decided |
//! | `instance`, `given` | a claim at one of them, as terms, and its conditions |
//! | `prove` | proofs of equations and inequalities |
//! | `cut` | parts of a domain that are proved one by one |
//! | `groups` | equations, summand by summand |
//! | `monotone` | inequalities by derivatives and logarithms |
//! | `facts` | inequalities by what is true of every mean |
//! | `gibbs` | bounds by the mean of a divergence |
//! | `limit`, `approach`, `proportion` | limits and proportions |
//! | `refute`, `relate`, `sample` | the search for a counterexample |
//! | `distributed` | how a sum of noises is distributed |
//! | `exact` | a relation at a rational point, in the ring |
//! | `counterexample` | a point at which a claim fails, for people |

mod admits;
mod approach;
mod conclude;
mod counterexample;
mod cut;
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
pub(crate) use examples::samples;
pub(crate) use points::{Choice, SAY_WHERE, points};
pub(crate) use sample::Sampler;

use crate::claim::Claim;
use crate::needs::Needs;
use crate::relation::Relation;
use crate::work;
use one::Found;

/// How a relation was shown to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// As an identity in a ring of functions on the domain.
    Exact,
    /// The same, by the calculus of Gaussians.
    Gaussian,
    /// As an inequality or a limit, on the whole domain.
    Certified,
    /// Not shown: a search found no counterexample.
    Searched,
}

/// What a relation was found to be.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// It holds, as the evidence says.
    Holds(Evidence),
    /// It is false, and here is where.
    Fails(Counterexample),
    /// Neither; with the reason.
    Undecided(String),
    /// It is no claim: something in it has no meaning.
    Malformed(String),
}

/// What a verdict rests on.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// By which means.
    pub tier: Tier,
    /// At how many choices of sizes and indices it was shown, or at how many
    /// points a counterexample was looked for.
    pub points: usize,
    /// The sizes and indices, in words; empty if there are none.
    pub ranges: String,
    /// Whether it was shown for every size that the notation allows, and every
    /// index, not only for the listed sizes.
    pub every: bool,
    /// Where it was shown only, if not everywhere.
    pub only: Option<String>,
}

/// Units of work for all proofs of a claim, and for all searches. The texts that
/// come with this crate take at most 300,000 for a claim.
const PROOFS: u64 = 2_000_000;
const SEARCHES: u64 = 2_000_000;

/// Decides a relation.
pub(crate) fn decide(claim: &Claim) -> Verdict {
    work::within(PROOFS + SEARCHES, || safely(|| decided(claim)))
}

/// Units of work for a claim that is expected to be false.
const CHANGED: u64 = 400_000;

/// Decides a relation that is expected to be false, such as one with a slip: a
/// few points are tried before any proof.
pub(crate) fn decide_changed(claim: &Claim) -> Verdict {
    let soon = || match examples::soon(claim) {
        Some(found) => Verdict::Fails(found),
        None => decided(claim),
    };
    work::within(CHANGED, || safely(soon))
}

/// A verdict, if no exponent was too large on the way to it.
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
