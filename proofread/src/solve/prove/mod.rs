//! Proofs of equations and inequalities.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `goals` | the goals of a proof |
//! | `shown` | the proof of one goal on a part of the domain |
//! | `unproved` | conditions for values of the sides that were not shown |

mod goals;
mod shown;
mod unproved;

pub(super) use shown::by_squares;

use super::cut::{cut, is_empty};
use super::instance::{Instance, outside_integrals};
use crate::eval::signs_of;
use crate::relation::Relation;
use crate::term::{Guard, Op, Term};
use crate::work;
use goals::{Goal, goals, is_near, near};
use shown::shown;
use unproved::unproved;

/// The result of a proof.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Proof {
    /// The relation holds at every point, and both sides have values there.
    Holds,
    /// The relation holds where both sides have values, which was not shown for
    /// the whole domain.
    WhereDefined,
    /// No proof was found, for this reason.
    None(String),
}

/// The largest number of nested cuts of a domain into parts that are proved one
/// by one.
const CUTS: u32 = 4;

/// Proves that a relation holds on the whole domain of an instance.
pub(super) fn prove(
    instance: &mut Instance,
    relation: Relation,
    tolerance: Option<f64>,
) -> Proof {
    let (left, right) = match (&instance.left, &instance.right) {
        (Ok(left), Ok(right)) => (left.clone(), right.clone()),
        (Err(trouble), _) | (_, Err(trouble)) => {
            return Proof::None(trouble.to_string());
        }
    };
    let goals = match (relation, signs_of(relation)) {
        (Relation::Approximately, _) => {
            near(instance, &left, &right, tolerance)
        }
        (_, Some(signs)) => goals(instance, &left, &right, signs),
        (_, None) => {
            return Proof::None("no relation between values".into());
        }
    };
    let goals = match goals {
        Ok(goals) => goals,
        Err(trouble) => return Proof::None(trouble.to_string()),
    };
    if let Err(why) = in_parts(instance, &goals, &[], CUTS)
        && !is_near(instance, relation, &left, &right)
    {
        return Proof::None(why);
    }
    where_both_have_values(instance)
}

/// Returns the proof of a relation that holds wherever both sides have values: says
/// where they have.
pub(super) fn where_both_have_values(instance: &Instance) -> Proof {
    let (Ok(left), Ok(right)) = (&instance.left, &instance.right) else {
        return Proof::None("a side has no value".into());
    };
    let roots = [instance.parts(left), instance.parts(right)].concat();
    let own = [instance.obligations(left), instance.obligations(right)];
    let open = {
        // Both sides share one ring, so that equal terms look the same.
        let mut normalizer = instance.normalizer();
        // A sign that is shown for one side may help for the other.
        for obligation in own.iter().flatten() {
            normalizer.signs(obligation.term).ok();
        }
        own.map(|needs| {
            let needs = outside_integrals(&mut normalizer, &roots, needs);
            unproved(&mut normalizer, &needs)
        })
    };
    if open.iter().all(Vec::is_empty) {
        return Proof::Holds;
    }
    if open.iter().flatten().any(|open| open.exponent.is_some()) {
        return Proof::None(
            "a power whose base may be 0 or negative has no one meaning".into(),
        );
    }
    // Both sides lack values at the same places if the same conditions are
    // open. A condition on a case holds for one side only if the case applies.
    let mut has_cases = false;
    let terms = &instance.store.terms;
    terms.visit(&roots, &mut |part| {
        has_cases |= matches!(terms.op(part), Op::Cases(_));
    });
    if !has_cases
        && open[0].iter().all(|o| open[1].contains(o))
        && open[1].iter().all(|o| open[0].contains(o))
    {
        return Proof::WhereDefined;
    }
    let why = "the sides agree where both have values, but it was not shown \
               that they have values at the same points";
    Proof::None(why.into())
}

/// Proves goals, on parts of the domain if needed.
fn in_parts(
    instance: &mut Instance,
    goals: &[Goal],
    parts: &[Guard],
    cuts: u32,
) -> Result<(), String> {
    let mut left = vec![];
    for goal in goals {
        if !shown(instance, goal, parts) {
            left.push(goal.clone());
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    let why = || {
        if work::is_spent() {
            "a proof takes more work than one claim may take".to_owned()
        } else {
            "no proof was found".to_owned()
        }
    };
    if cuts == 0 || work::is_spent() {
        return Err(why());
    }
    let roots: Vec<Term> = left.iter().map(|goal| goal.difference).collect();
    let Some(cut) = cut(instance, &roots, parts) else { return Err(why()) };
    for part in cut {
        let mut parts = parts.to_vec();
        parts.push(part);
        if is_empty(instance, &parts) {
            continue;
        }
        in_parts(instance, &left, &parts, cuts - 1)?;
    }
    Ok(())
}
