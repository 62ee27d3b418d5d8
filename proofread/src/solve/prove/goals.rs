//! The goals of a proof.

use crate::algebra::Normalizer;
use crate::eval::signs_of;
use crate::relation::Relation;
use crate::solve::instance::Instance;
use crate::term::{Term, Value};
use crate::value::{Q, Signs, Trouble};

/// A goal: the signs that a difference must be shown to have.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    pub(super) left: Term,
    pub(super) right: Term,
    pub(super) difference: Term,
    pub(super) signs: Signs,
}

/// Returns the goals for two sides; equal vectors have equal coefficients.
pub(super) fn goals(
    instance: &mut Instance,
    left: &Value,
    right: &Value,
    signs: Signs,
) -> Result<Vec<Goal>, Trouble> {
    let terms = &mut instance.store.terms;
    if let (Value::Scalar(left), Value::Scalar(right)) = (left, right) {
        let (mut left, mut right) = (*left, *right);
        // Two exponentials compare as their exponents do.
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
        // Vectors that are equal functions of equal arguments are the same.
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

/// Returns whether the conditions imply that the distance of two vectors is
/// zero.
pub(super) fn is_near(
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

/// Returns the goals for `|a - b| ≤ tolerance (|a| + |b|) / 2`, as two
/// inequalities.
pub(super) fn near(
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
