//! Proofs of equations and inequalities.

use super::cut::{cut, is_empty};
use super::instance::{Instance, Obligation, outside_integrals};
use super::{facts, groups, monotone};
use crate::algebra::{Normalizer, Ratio};
use crate::eval::signs_of;
use crate::relation::Relation;
use crate::term::{Guard, Op, Term, Value};
use crate::value::{Q, Signs, Trouble};
use crate::work;
use std::collections::HashMap;

/// What a proof came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Proof {
    /// The relation holds at every point, and both sides have values there.
    Holds,
    /// The same, where both sides have values: these places were not shown to
    /// be all of the domain.
    WhereDefined,
    /// No proof was found, with the reason.
    None(String),
}

/// How often a domain is cut in parts that are proved one by one.
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
    let own = [instance.obligations(&left), instance.obligations(&right)];
    if let Err(why) = in_parts(instance, &goals, &[], CUTS)
        && !is_near(instance, relation, &left, &right)
    {
        return Proof::None(why);
    }
    let open = {
        // One ring for both sides, so that what is the same looks the same.
        let mut normalizer = instance.normalizer();
        // What is shown of one side may show the same of the other.
        for obligation in own.iter().flatten() {
            normalizer.signs(obligation.term).ok();
        }
        let roots = [instance.parts(&left), instance.parts(&right)].concat();
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
    // Both sides lack values at the same places if they need the same.
    if open[0].iter().all(|o| open[1].contains(o))
        && open[1].iter().all(|o| open[0].contains(o))
    {
        return Proof::WhereDefined;
    }
    let why = "the sides agree where both have values, but it was not shown \
               that they have values at the same points";
    Proof::None(why.into())
}

/// One thing to show: which signs a difference may have.
#[derive(Clone, Debug)]
struct Goal {
    left: Term,
    right: Term,
    difference: Term,
    signs: Signs,
}

/// What is to be shown: of vectors, that their coefficients agree.
fn goals(
    instance: &mut Instance,
    left: &Value,
    right: &Value,
    signs: Signs,
) -> Result<Vec<Goal>, Trouble> {
    let terms = &mut instance.store.terms;
    if let (Value::Scalar(left), Value::Scalar(right)) = (left, right) {
        let (mut left, mut right) = (*left, *right);
        // Of two exponentials the exponents tell which is larger.
        let exponents = (terms.as_exponent(left), terms.as_exponent(right));
        if let (Some(a), Some(b)) = exponents {
            (left, right) = (a, b);
        }
        let difference = terms.bare_difference(left, right);
        return Ok(vec![Goal { left, right, difference, signs }]);
    }
    let left = left.clone().vector(terms)?;
    let right = right.clone().vector(terms)?;
    let difference = terms.sub_vectors(&left, &right);
    if signs == Signs::ZERO {
        // Vectors that are equal functions of equal arguments are one.
        let zero = terms.zero();
        let sums = {
            let mut normalizer = Normalizer::new(terms);
            let combination = normalizer.combination(&difference)?;
            combination.is_empty()
        };
        if sums {
            return Ok(vec![]);
        }
        let coefficients: Vec<Term> = difference.coefficients().collect();
        let goal = |term: Term| Goal {
            left: term,
            right: zero,
            difference: term,
            signs,
        };
        return Ok(coefficients.into_iter().map(goal).collect());
    }
    let square = terms.inner(&difference, &difference);
    let zero = terms.zero();
    Ok(vec![Goal { left: square, right: zero, difference: square, signs }])
}

/// Whether the distance of two vectors is zero, by the conditions.
fn is_near(
    instance: &mut Instance,
    relation: Relation,
    left: &Value,
    right: &Value,
) -> bool {
    let is_scalar = |side: &Value| matches!(side, Value::Scalar(_));
    if signs_of(relation) != Some(Signs::ZERO)
        || instance.guards.is_empty()
        || is_scalar(left) && is_scalar(right)
    {
        return false;
    }
    let terms = &mut instance.store.terms;
    let sides = (left.clone().vector(terms), right.clone().vector(terms));
    let (Ok(left), Ok(right)) = sides else { return false };
    let gap = terms.sub_vectors(&left, &right);
    let square = terms.inner(&gap, &gap);
    instance.normalizer().follows(square, Signs::ZERO)
}

/// `|a - b| ≤ tolerance (|a| + |b|) / 2`, as two inequalities.
fn near(
    instance: &mut Instance,
    left: &Value,
    right: &Value,
    tolerance: Option<f64>,
) -> Result<Vec<Goal>, Trouble> {
    let (Value::Scalar(left), Value::Scalar(right)) = (left, right) else {
        let why = "≈ between vectors is not decided";
        return Err(Trouble::Unsupported(why.into()));
    };
    let tolerance = tolerance.and_then(Q::from_float);
    let tolerance = tolerance.ok_or(Trouble::Budget)?;
    let tolerance = tolerance / crate::value::whole(2);
    let positive = [*left, *right].map(|side| {
        let signs = instance.normalizer().signs(side);
        signs.is_ok_and(|signs| signs.are(Signs::NOT_NEGATIVE))
    });
    let terms = &mut instance.store.terms;
    let size = |side, positive: bool, terms: &mut crate::term::Terms| {
        if positive { side } else { terms.absolute(side) }
    };
    let a = size(*left, positive[0], terms);
    let b = size(*right, positive[1], terms);
    let both = terms.add(a, b);
    let factor = terms.number(tolerance);
    let room = terms.mul(factor, both);
    let gap = terms.bare_difference(*left, *right);
    let mut goals = vec![];
    for gap in [gap, terms.neg(gap)] {
        let difference = terms.bare_difference(room, gap);
        let (left, right) = (room, gap);
        let signs = Signs::NOT_NEGATIVE;
        goals.push(Goal { left, right, difference, signs });
    }
    Ok(goals)
}

/// Proves goals, on parts of the domain if need be.
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

/// A goal without the absolute values whose arguments do not change their signs
/// on a part of the domain; nothing if there are none.
fn without_bars(
    instance: &mut Instance,
    goal: &Goal,
    parts: &[Guard],
) -> Option<Goal> {
    let terms = &instance.store.terms;
    let mut inside = vec![];
    terms.visit(&[goal.difference], &mut |part| {
        if let Op::Absolute(inner) = terms.op(part) {
            inside.push(*inner);
        }
    });
    let mut normalizer = instance.normalizer_on(parts);
    let below: HashMap<Term, bool> = inside
        .into_iter()
        .filter_map(|inner| {
            let signs = normalizer.signs(inner).ok()?;
            let above = signs.are(Signs::NOT_NEGATIVE);
            (above || signs.are(Signs::NOT_POSITIVE)).then_some((inner, !above))
        })
        .collect();
    if below.is_empty() {
        return None;
    }
    let terms = &mut instance.store.terms;
    let mut plain = |term| terms.without_bars(term, &below).ok();
    let (left, right) = (plain(goal.left)?, plain(goal.right)?);
    let difference = terms.bare_difference(left, right);
    Some(Goal { left, right, difference, signs: goal.signs })
}

/// Whether a goal was shown on a part of the domain.
fn shown(instance: &mut Instance, goal: &Goal, parts: &[Guard]) -> bool {
    if facts::stated(instance, (goal.left, goal.right), goal.signs) {
        return true;
    }
    let mut normalizer = instance.normalizer_on(parts);
    if normalizer.algebra.is_contradictory() {
        return true;
    }
    if goal.signs == Signs::ZERO
        && groups::are_equal(&mut normalizer, goal.left, goal.right)
    {
        return true;
    }
    let Ok(difference) = normalizer.ratio(goal.difference) else {
        return false;
    };
    if normalizer.algebra.signs(&difference).are(goal.signs)
        || normalizer
            .signs(goal.difference)
            .is_ok_and(|found| found.are(goal.signs))
        || against_zero(&mut normalizer, goal)
        || by_squares(&mut normalizer, (goal.left, goal.right), goal.signs)
    {
        return true;
    }
    let plain = without_bars(instance, goal, parts);
    let goal = plain.as_ref().unwrap_or(goal);
    monotone::shown(instance, goal.difference, goal.signs, parts)
        || monotone::shown_by_logs(
            instance,
            (goal.left, goal.right),
            goal.signs,
            parts,
        )
        || facts::shown(instance, (goal.left, goal.right), goal.signs, parts)
        || instance.normalizer_on(parts).follows(goal.difference, goal.signs)
}

/// Of a side that is compared with 0, the sign by its own form.
fn against_zero(normalizer: &mut Normalizer, goal: &Goal) -> bool {
    let Goal { left, right, signs, .. } = *goal;
    let (term, signs) = if normalizer.terms.is_zero(right) {
        (left, signs)
    } else if normalizer.terms.is_zero(left) {
        (right, signs.flipped())
    } else {
        return false;
    };
    normalizer.signs(term).is_ok_and(|found| found.are(signs))
}

/// Of two numbers that are not negative the squares tell which is larger.
pub(super) fn by_squares(
    normalizer: &mut Normalizer,
    (left, right): (Term, Term),
    signs: Signs,
) -> bool {
    let sides = [left, right].map(|side| normalizer.ratio(side));
    let [Ok(left), Ok(right)] = sides else { return false };
    let algebra = &mut normalizer.algebra;
    let [a, b] = [&left, &right].map(|side| algebra.signs(side));
    let flips = if a.are(Signs::NOT_NEGATIVE) && b.are(Signs::NOT_NEGATIVE) {
        false
    } else if a.are(Signs::NOT_POSITIVE) && b.are(Signs::NOT_POSITIVE) {
        true
    } else {
        return false;
    };
    let square = |side: &Ratio| side.times(side);
    let Ok(difference) = algebra.difference(&square(&left), &square(&right))
    else {
        return false;
    };
    let signs = if flips { signs.flipped() } else { signs };
    algebra.signs(&difference).are(signs)
}

/// The obligations that were not shown to hold on the whole domain, as elements
/// of the ring.
fn unproved(
    normalizer: &mut Normalizer,
    obligations: &[Obligation],
) -> Vec<Open> {
    let mut open: Vec<Open> = vec![];
    for obligation in obligations {
        let Obligation { term, mut signs, exponent } = *obligation;
        if let Some(exponent) = exponent
            && normalizer
                .signs(exponent)
                .is_ok_and(|found| found.are(Signs::POSITIVE))
        {
            signs = Signs::NOT_NEGATIVE;
        }
        let Ok(ratio) = normalizer.ratio(term) else {
            open.push(Open { what: format!("{term:?}"), signs, exponent });
            continue;
        };
        if normalizer.signs(term).is_ok_and(|found| found.are(signs))
            || normalizer.follows(term, signs)
        {
            continue;
        }
        // A number in front does not matter but for its sign.
        let mut bare = ratio.clone();
        bare.number = if ratio.has_minus() && signs != Signs::NOT_ZERO {
            -Q::from_integer(1.into())
        } else {
            Q::from_integer(1.into())
        };
        let entry = Open { what: format!("{bare:?}"), signs, exponent };
        if !open.contains(&entry) {
            open.push(entry);
        }
    }
    open
}

/// An obligation that was not shown to hold.
#[derive(Debug, PartialEq)]
struct Open {
    what: String,
    signs: Signs,
    exponent: Option<Term>,
}
