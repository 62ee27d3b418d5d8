//! The test that the conditions of cases leave out no point.

use crate::term::{Term, Terms};
use crate::value::{Q, Signs, whole};
use num_traits::Zero;

/// A condition of a case: `term - bound` has one of the signs.
pub(super) struct Bounded {
    term: Term,
    bound: Q,
    signs: Signs,
}

impl Bounded {
    /// Returns the condition that `left - right` has one of the signs.
    pub(super) fn new(
        terms: &mut Terms,
        left: Term,
        right: Term,
        signs: Signs,
    ) -> Self {
        let number = |term| terms.as_number(term).cloned();
        match (number(left), number(right)) {
            (_, Some(bound)) => Self { term: left, bound, signs },
            (Some(bound), _) => {
                Self { term: right, bound, signs: signs.flipped() }
            }
            _ => {
                // a < b and b > a are one condition.
                let (term, other) =
                    (terms.sub(left, right), terms.sub(right, left));
                let (term, signs) = if term <= other {
                    (term, signs)
                } else {
                    (other, signs.flipped())
                };
                Self { term, bound: Q::zero(), signs }
            }
        }
    }

    fn holds(&self, at: &Q) -> bool {
        Signs::of(&(at - &self.bound)).are(self.signs)
    }
}

/// Returns whether at every point the conditions of a case hold: the last case has
/// none, or all bound one quantity, and together they leave nothing out.
pub(super) fn covers(cases: &[Vec<Bounded>]) -> bool {
    if cases.last().is_some_and(Vec::is_empty) {
        return true;
    }
    let mut all = cases.iter().flatten();
    let Some(first) = all.next() else { return false };
    if all.any(|other| other.term != first.term) {
        return false;
    }
    // Between two neighbouring bounds, all values meet the same conditions.
    let mut bounds: Vec<Q> =
        cases.iter().flatten().map(|b| b.bound.clone()).collect();
    bounds.sort();
    let between = bounds.windows(2).map(|two| (&two[0] + &two[1]) / whole(2));
    let ends = [&bounds[0] - whole(1), &bounds[bounds.len() - 1] + whole(1)];
    let points: Vec<Q> = between.chain(ends).chain(bounds.clone()).collect();
    points.iter().all(|at| {
        cases.iter().any(|case| case.iter().all(|bound| bound.holds(at)))
    })
}
