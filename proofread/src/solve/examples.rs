//! Points for claims about unknown functions and data, for which examples are
//! substituted.

use super::counterexample::{self, Counterexample};
use super::instance::Instance;
use super::one::instance;
use super::points::{Choice, points};
use super::{SEARCHES, refute, sample};
use crate::claim::Claim;
use crate::eval::Manner;
use crate::needs::Needs;
use crate::relation::Relation;
use crate::value::Trouble;
use crate::work;

/// The number of points for each choice of sizes and indices, and in all.
const TURNS: usize = 40;
const IN_ALL: usize = 600;

/// Returns whether a claim is about unknown functions or data.
fn is_open(claim: &Claim, needs: &Needs) -> bool {
    // A mean without a subscript is over the data, too.
    needs.has_functions(&claim.notation)
        || claim.is_about_probabilities()
            && !claim.notation.processes.is_empty()
}

/// Returns the ways to substitute examples for unknown functions and data.
fn manners(claim: &Claim, needs: &Needs) -> Vec<Manner> {
    let seed = claim.seed();
    if is_open(claim, needs) {
        vec![
            Manner::Example { seed, affine: false },
            Manner::Example { seed: seed ^ 1, affine: true },
        ]
    } else {
        vec![Manner::Any]
    }
}

/// Returns a counterexample at one of a few points to a proved claim.
pub(super) fn contradiction(
    claim: &Claim,
    needs: &Needs,
    choice: &Choice,
    build: impl Fn(Manner) -> Result<Instance, Trouble>,
) -> Option<Counterexample> {
    let manner = *manners(claim, needs).last()?;
    let mut instance = build(manner).ok()?;
    refute::contradicts(claim, &mut instance, choice, claim.seed())
}

/// Returns a counterexample at one of a few simple points of a few choices.
pub(super) fn soon(claim: &Claim) -> Option<Counterexample> {
    let fits = crate::eval::signs_of(claim.relation).is_some();
    if !fits || claim.relation == Relation::Defines {
        return None;
    }
    let needs = Needs::of(&claim.expressions(), &claim.uses, &claim.notation);
    let choices = points(claim, &needs).ok()?;
    let every = choices.len().div_ceil(4).max(1);
    choices.iter().rev().step_by(every).find_map(|choice| {
        let build = |manner| instance(claim, choice, manner);
        contradiction(claim, &needs, choice, build)
    })
}

/// Returns a counterexample to a claim one side of which has no value.
pub(super) fn sought(
    claim: &Claim,
    needs: &Needs,
    choice: &Choice,
    build: impl Fn(Manner) -> Result<Instance, Trouble>,
) -> Option<Counterexample> {
    work::within(SEARCHES, || search(claim, needs, choice, TURNS, build).found)
}

/// Looks for a counterexample at one of `choices` choices.
pub(super) fn among(
    claim: &Claim,
    needs: &Needs,
    choice: &Choice,
    choices: usize,
    build: impl Fn(Manner) -> Result<Instance, Trouble>,
) -> refute::Search {
    let turns = (IN_ALL / choices.max(1)).clamp(3, TURNS);
    let share = SEARCHES / u64::try_from(choices).unwrap_or(1).max(1);
    work::within(share, || search(claim, needs, choice, turns, build))
}

/// Looks for a counterexample, with examples for unknown functions and data.
fn search(
    claim: &Claim,
    needs: &Needs,
    choice: &Choice,
    turns: usize,
    build: impl Fn(Manner) -> Result<Instance, Trouble>,
) -> refute::Search {
    let mut all = refute::Search::default();
    for manner in manners(claim, needs) {
        let Ok(mut instance) = build(manner) else { continue };
        let known = |side: &Result<_, Trouble>| {
            side.as_ref().err().is_none_or(Trouble::is_undefined)
        };
        if !known(&instance.left) || !known(&instance.right) {
            continue;
        }
        let seed = claim.seed();
        let found = refute::search(claim, &mut instance, choice, turns, seed);
        all.tested += found.tested;
        if found.found.is_some() {
            all.found = found.found;
            return all;
        }
    }
    all
}

/// Returns simple points with the values of both sides, for display.
pub(crate) fn samples(claim: &Claim, count: usize) -> Vec<Counterexample> {
    let needs = Needs::of(&claim.expressions(), &claim.uses, &claim.notation);
    let choices = points(claim, &needs).unwrap_or_default();
    let every = choices.len().div_ceil(count.max(1)).max(1);
    let seed = claim.seed();
    let manner = if is_open(claim, &needs) {
        Manner::Example { seed, affine: true }
    } else {
        Manner::Any
    };
    let mut shown = vec![];
    for choice in choices.iter().step_by(every).take(count) {
        let Ok(instance) = Instance::new(claim, choice, manner) else {
            continue;
        };
        let mut sampler = sample::Sampler::new(&instance, claim, seed);
        let point =
            (0..20).filter_map(|turn| sampler.point(4 * turn)).find(|point| {
                refute::test(claim, &instance, point) != refute::Test::Outside
            });
        if let Some(point) = point {
            shown.push(counterexample::describe(
                claim, &instance, choice, &point,
            ));
        }
    }
    shown
}
