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
//! | `points` | the sizes and indices at which a claim is decided |
//! | `instance`, `given` | a claim at one of them, as terms, and its conditions |
//! | `prove` | proofs of equations and inequalities |
//! | `groups` | equations, summand by summand |
//! | `monotone` | inequalities by derivatives and logarithms |
//! | `gibbs` | bounds by the mean of a divergence |
//! | `limit`, `proportion` | limits and proportions |
//! | `refute`, `sample` | the search for a counterexample |
//! | `exact` | a relation at a rational point, in the ring |
//! | `counterexample` | a point at which a claim fails, for people |

mod counterexample;
mod exact;
mod gibbs;
mod given;
mod groups;
mod instance;
mod limit;
mod monotone;
mod points;
mod proportion;
mod prove;
mod refute;
mod sample;

pub use counterexample::Counterexample;
pub(crate) use points::{Choice, points};
pub(crate) use sample::Sampler;

use crate::claim::Claim;
use crate::eval::Manner;
use crate::expr::{Expr, Kind};
use crate::needs::Needs;
use crate::read::Relation;
use crate::value::Trouble;
use crate::work;
use instance::Instance;
use limit::Answer;
use prove::Proof;

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
    /// Where it was shown only, if not everywhere.
    pub only: Option<String>,
}

/// Points that are tried for each choice of sizes and indices, and in all.
const TURNS: usize = 40;
const IN_ALL: usize = 600;

/// Units of work for all proofs of a claim, and for all searches. The texts that
/// come with this crate take at most 300,000 for a claim.
const PROOFS: u64 = 2_000_000;
const SEARCHES: u64 = 2_000_000;

/// Decides a relation.
pub(crate) fn decide(claim: &Claim) -> Verdict {
    work::within(PROOFS + SEARCHES, || decided(claim))
}

fn decided(claim: &Claim) -> Verdict {
    if claim.relation == Relation::Distributed {
        return distributed(claim);
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
            at(claim, &needs, choice, choices.len(), &mut found)
        {
            return verdict;
        }
    }
    conclude(claim, &choices, found)
}

/// What was found at all choices of sizes and indices.
#[derive(Default)]
struct Found {
    proved: usize,
    /// At how many choices no point meets the conditions.
    vacuous: usize,
    tested: usize,
    /// Why a proof failed, where one did.
    unproved: Option<String>,
    /// Whether a side was not understood.
    unsupported: bool,
    /// Where neither side has a value.
    undefined: Vec<Choice>,
    where_defined: bool,
    /// The dimensions for which it was shown, if not for all.
    dimensions: Option<(i64, i64)>,
}

/// Decides a claim at one choice; a verdict if it settles the claim.
fn at(
    claim: &Claim,
    needs: &Needs,
    choice: &Choice,
    choices: usize,
    found: &mut Found,
) -> Option<Verdict> {
    let malformed = |trouble: &Trouble| {
        Some(Verdict::Malformed(points::meaningless(trouble, choice)))
    };
    let build = |manner| match claim.relation {
        Relation::Proportional => proportion::equation(claim, choice, manner),
        _ => Instance::new(claim, choice, manner),
    };
    let mut instance = match build(Manner::Any) {
        Ok(instance) => instance,
        Err(trouble) => return malformed(&trouble),
    };
    if instance.is_vacuous() {
        found.vacuous += 1;
        return None;
    }
    let undefined = |side: &Result<_, Trouble>| {
        side.as_ref().is_err_and(Trouble::is_undefined)
    };
    match (undefined(&instance.left), undefined(&instance.right)) {
        (true, true) => {
            found.undefined.push(choice.clone());
            return None;
        }
        (true, false) | (false, true)
            if claim.relation != Relation::Tends
                && (instance.left.is_ok() || instance.right.is_ok()) =>
        {
            // A point where the other side has a value is a counterexample.
            return Some(match sought(claim, needs, choice, build) {
                Some(found) => Verdict::Fails(found),
                None => Verdict::Undecided(
                    "one side has no value, and it is not clear that the \
                     other has one"
                        .into(),
                ),
            });
        }
        _ => {}
    }
    let trouble =
        instance.left.as_ref().err().or(instance.right.as_ref().err());
    match trouble {
        Some(Trouble::OutOfRange(_) | Trouble::Circle(_)) => {
            return malformed(&trouble.cloned()?);
        }
        Some(trouble) => {
            let why = points::meaningless(trouble, choice);
            found.unproved.get_or_insert(why);
            found.unsupported |= matches!(trouble, Trouble::Unsupported(_));
        }
        None => {}
    }
    if claim.relation == Relation::Tends {
        return limit_at(claim, choice, &mut instance, found);
    }
    if claim.relation == Relation::Approximately && claim.tolerance.is_none() {
        let why = "≈ without a tolerance claims nothing; add a comment such \
                   as % tolerance: 1e-3";
        return Some(Verdict::Malformed(why.into()));
    }
    let relation = match claim.relation {
        Relation::Proportional => Relation::Equal,
        relation => relation,
    };
    // What is left for searches is kept for them.
    let units = work::left().saturating_sub(SEARCHES);
    let proof = work::within(units, || {
        if gibbs::shown(claim, choice, &mut instance) {
            Proof::Holds
        } else {
            prove_in_dimensions(claim, &mut instance, relation, found)
        }
    });
    if !matches!(proof, Proof::None(_)) && !proportion::has_factor(&instance) {
        let why = "the sides are equal up to a factor, but the factor may be 0";
        return Some(Verdict::Undecided(why.into()));
    }
    match proof {
        Proof::Holds => found.proved += 1,
        Proof::WhereDefined => {
            found.proved += 1;
            found.where_defined = true;
        }
        Proof::None(why) => {
            found.unproved.get_or_insert(why);
        }
    }
    let tested = Claim { relation, ..claim.clone() };
    if found.unproved.is_none() {
        // A proof is tried at points, too: two ways must not disagree.
        let few = choices < 8 || found.proved % (choices / 4) == 1;
        let counterexample =
            few.then(|| contradiction(&tested, needs, choice, build)).flatten();
        return counterexample.map(|found| {
            Verdict::Undecided(format!(
                "algebra proves it, and a point refutes it: {} (this is a \
                 fault of the checker: please report it)",
                crate::diagnostics::in_words(&found)
            ))
        });
    }
    let turns = (IN_ALL / choices.max(1)).clamp(3, TURNS);
    let share = SEARCHES / u64::try_from(choices).unwrap_or(1).max(1);
    let search =
        work::within(share, || search(&tested, needs, choice, turns, build));
    found.tested += search.tested;
    search.found.map(Verdict::Fails)
}

/// Proves a relation in every dimension, or else in those that the notation
/// lists.
fn prove_in_dimensions(
    claim: &Claim,
    instance: &mut Instance,
    relation: Relation,
    found: &mut Found,
) -> Proof {
    let tolerance = claim.tolerance;
    let proof = prove::prove(instance, relation, tolerance);
    let depends = instance.store.terms.dimension_variable().is_some();
    let listed = claim.notation.sizes.get("d");
    let (Proof::None(_), Some((low, high)), true) = (&proof, listed, depends)
    else {
        return proof;
    };
    if high - low > 8 {
        return proof;
    }
    let mut weakest = Proof::Holds;
    for d in *low..=*high {
        instance.dimension = Some(d);
        let there = prove::prove(instance, relation, tolerance);
        instance.dimension = None;
        match there {
            Proof::Holds => {}
            Proof::WhereDefined => weakest = Proof::WhereDefined,
            Proof::None(_) => return proof,
        }
    }
    found.dimensions = Some((*low, *high));
    weakest
}

/// Decides a limit at one choice; a verdict if it settles the claim.
fn limit_at(
    claim: &Claim,
    choice: &Choice,
    instance: &mut Instance,
    found: &mut Found,
) -> Option<Verdict> {
    match limit::tends(claim, instance, choice) {
        Ok(Answer::Holds) => found.proved += 1,
        Ok(Answer::Fails(why)) => {
            return Some(Verdict::Fails(Counterexample {
                place: choice.in_words(),
                left: why,
                right: "0".into(),
                ..Counterexample::default()
            }));
        }
        Ok(Answer::Unclear(why)) => found.unproved = Some(why),
        Err(trouble) => {
            let why = points::meaningless(&trouble, choice);
            return Some(Verdict::Malformed(why));
        }
    }
    None
}

/// Whether a claim is about functions or data of which nothing is known.
fn is_open(claim: &Claim, needs: &Needs) -> bool {
    // A mean without a subscript is over the data, too.
    needs.has_functions(&claim.notation)
        || claim.is_about_probabilities()
            && !claim.notation.processes.is_empty()
}

/// The manners in which what is open is made an example.
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

fn contradiction(
    claim: &Claim,
    needs: &Needs,
    choice: &Choice,
    build: impl Fn(Manner) -> Result<Instance, Trouble>,
) -> Option<Counterexample> {
    let manner = *manners(claim, needs).last()?;
    let mut instance = build(manner).ok()?;
    refute::contradicts(claim, &mut instance, choice, claim.seed())
}

/// A counterexample, if one is found soon.
fn sought(
    claim: &Claim,
    needs: &Needs,
    choice: &Choice,
    build: impl Fn(Manner) -> Result<Instance, Trouble>,
) -> Option<Counterexample> {
    work::within(SEARCHES, || search(claim, needs, choice, TURNS, build).found)
}

/// Looks for a counterexample; functions and data that are open are examples.
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

fn conclude(claim: &Claim, choices: &[Choice], found: Found) -> Verdict {
    if found.vacuous == choices.len() {
        let why = "no point meets its condition, so it says nothing";
        return Verdict::Malformed(why.into());
    }
    let everywhere = found.undefined.len() + found.vacuous == choices.len();
    if everywhere {
        let why = "neither side has a value anywhere";
        return Verdict::Malformed(why.into());
    }
    let equation = matches!(
        claim.relation,
        Relation::Equal | Relation::Defines | Relation::Proportional
    );
    let tier = if claim.is_about_probabilities() {
        Tier::Gaussian
    } else if equation {
        Tier::Exact
    } else {
        Tier::Certified
    };
    let mut evidence = Evidence {
        tier,
        points: found.proved,
        ranges: points::in_words(choices),
        only: None,
    };
    if let Some((low, high)) = found.dimensions {
        let d = if low == high {
            format!("d = {low}")
        } else {
            format!("d = {low} to {high}")
        };
        let comma = if evidence.ranges.is_empty() { "" } else { ", " };
        evidence.ranges = format!("{}{comma}{d}", evidence.ranges);
    }
    if let Some(why) = found.unproved {
        if found.tested == 0 {
            return if found.unsupported {
                Verdict::Malformed(why)
            } else {
                Verdict::Undecided(why)
            };
        }
        evidence.tier = Tier::Searched;
        evidence.points = found.tested;
        evidence.only = Some(why);
        return Verdict::Holds(evidence);
    }
    if !found.undefined.is_empty() || found.where_defined {
        let places: Vec<String> =
            found.undefined.iter().map(Choice::in_words).collect();
        let places = match places.as_slice() {
            [] => String::new(),
            [only] => format!(": not at {only}"),
            [first, ..] => format!(": not at {first}, for one"),
        };
        let why = format!("it holds where both sides have values{places}");
        if claim.notation.allows_undefined {
            evidence.only = Some(why);
            return Verdict::Holds(evidence);
        }
        return Verdict::Undecided(format!(
            "{why}; say where it holds, as in \\text{{for }} t \\ge 2"
        ));
    }
    Verdict::Holds(evidence)
}

/// `ε ~ N(m, v I)`, of a symbol that the notation says is standard normal.
fn distributed(claim: &Claim) -> Verdict {
    let declared = match &claim.left.kind {
        Kind::Symbol(symbol) => claim.notation.symbols.get(&symbol.id()),
        _ => None,
    };
    let Kind::Normal(normal) = &claim.right.kind else {
        let why = "only a Gaussian can stand on the right of this sign";
        return Verdict::Undecided(why.into());
    };
    if !declared.is_some_and(|d| d.standard_normal) {
        return Verdict::Undecided(
            "the notation does not say how this is distributed".into(),
        );
    }
    let part = |left: &Expr, right: Expr| Claim {
        left: left.clone(),
        relation: Relation::Equal,
        right,
        ..claim.clone()
    };
    // What is not shown of its mean or its variance is not shown of it.
    for (side, value) in [(&normal.mean, 0), (&normal.variance, 1)] {
        match decide(&part(side, Expr::whole(value))) {
            Verdict::Holds(evidence) if evidence.tier != Tier::Searched => {}
            other => return other,
        }
    }
    Verdict::Holds(Evidence {
        tier: Tier::Gaussian,
        points: 1,
        ranges: String::new(),
        only: None,
    })
}

/// Plain points with the values of both sides, to show.
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
