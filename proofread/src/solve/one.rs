//! A claim at one choice of sizes and indices.

use super::examples::{among, contradiction, sought};
use super::instance::Instance;
use super::limit::{self, Answer};
use super::points::{self, Choice};
use super::prove::{self, Proof};
use super::{Counterexample, SEARCHES, Verdict, gibbs, proportion};
use crate::claim::Claim;
use crate::eval::Manner;
use crate::needs::Needs;
use crate::relation::Relation;
use crate::value::Trouble;
use crate::work;

/// The results at all choices of sizes and indices.
#[derive(Default)]
pub(super) struct Found {
    pub(super) proved: usize,
    /// The number of choices at which no point meets the conditions.
    pub(super) vacuous: usize,
    pub(super) tested: usize,
    /// The reason why a proof failed, if one did.
    pub(super) unproved: Option<String>,
    /// True if a side was not understood.
    pub(super) unsupported: bool,
    /// The choices at which neither side has a value.
    pub(super) undefined: Vec<Choice>,
    pub(super) where_defined: bool,
    /// The dimensions for which the claim was shown, if not for all.
    pub(super) dimensions: Option<(i64, i64)>,
}

/// Returns the claim at a choice. `manner` says what stands for unknown
/// functions.
pub(super) fn instance(
    claim: &Claim,
    choice: &Choice,
    manner: Manner,
) -> Result<Instance, Trouble> {
    match claim.relation {
        Relation::Proportional => proportion::equation(claim, choice, manner),
        _ => Instance::new(claim, choice, manner),
    }
}

/// Decides a claim at one choice; returns a verdict if it settles the claim.
pub(super) fn at(
    claim: &Claim,
    needs: &Needs,
    choice: &Choice,
    choices: usize,
    found: &mut Found,
) -> Option<Verdict> {
    let malformed = |trouble: &Trouble| {
        Some(Verdict::Malformed(points::meaningless(trouble, choice)))
    };
    let build = |manner| instance(claim, choice, manner);
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
    let relation = compared(claim);
    // The rest of the work is kept for the searches.
    let left = work::left();
    let units = left - SEARCHES.min(left / 2);
    let proof =
        work::within(units, || match proved(claim, choice, &mut instance) {
            Proof::None(why) => {
                in_listed_dimensions(claim, &mut instance, relation, found)
                    .unwrap_or(Proof::None(why))
            }
            proof => proof,
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
    tried(&tested, needs, choice, choices, found, build)
}

/// Tests a claim at points. A claim that was not proved may be refuted; a
/// proved claim is tested because the two methods must not disagree.
fn tried(
    tested: &Claim,
    needs: &Needs,
    choice: &Choice,
    choices: usize,
    found: &mut Found,
    build: impl Fn(Manner) -> Result<Instance, Trouble>,
) -> Option<Verdict> {
    if found.unproved.is_none() {
        let few = choices < 8 || found.proved % (choices / 4) == 1;
        let counterexample =
            few.then(|| contradiction(tested, needs, choice, build)).flatten();
        return counterexample.map(|found| {
            Verdict::Undecided(format!(
                "algebra proves it, and a point refutes it: {} (this is a \
                 fault of the checker: please report it)",
                found.in_words()
            ))
        });
    }
    let search = among(tested, needs, choice, choices, build);
    found.tested += search.tested;
    search.found.map(Verdict::Fails)
}

/// Proves a claim at a choice, in every dimension.
pub(super) fn proved(
    claim: &Claim,
    choice: &Choice,
    instance: &mut Instance,
) -> Proof {
    let proof = if gibbs::shown(claim, choice, instance) {
        prove::where_both_have_values(instance)
    } else {
        prove::prove(instance, compared(claim), claim.tolerance)
    };
    settled(claim, proof)
}

/// Takes back a proof where both sides have values, if a rule of differentiation may
/// have divided by 0 where the derivative exists.
fn settled(claim: &Claim, proof: Proof) -> Proof {
    if proof == Proof::WhereDefined && claim.has_rough_derivative() {
        let why = "it holds where the formula of the derivative has a value, and the \
                   derivative may have one elsewhere, too";
        return Proof::None(why.into());
    }
    proof
}

/// Returns the relation between the sides of an instance: a proportion is an
/// equation.
fn compared(claim: &Claim) -> Relation {
    match claim.relation {
        Relation::Proportional => Relation::Equal,
        relation => relation,
    }
}

/// Proves a relation in the dimensions that the notation lists.
fn in_listed_dimensions(
    claim: &Claim,
    instance: &mut Instance,
    relation: Relation,
    found: &mut Found,
) -> Option<Proof> {
    let (low, high) = *claim.notation.sizes.get("d")?;
    let depends = instance.store.terms.dimension_variable().is_some();
    if !depends || high - low > 8 {
        return None;
    }
    let mut weakest = Proof::Holds;
    for d in low..=high {
        instance.dimension = Some(d);
        let there = prove::prove(instance, relation, claim.tolerance);
        let there = settled(claim, there);
        instance.dimension = None;
        match there {
            Proof::Holds => {}
            Proof::WhereDefined => weakest = Proof::WhereDefined,
            Proof::None(_) => return None,
        }
    }
    found.dimensions = Some((low, high));
    Some(weakest)
}

/// Decides a limit at one choice; returns a verdict if it settles the claim.
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
