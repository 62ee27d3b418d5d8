//! Tests of a relation between two values.

use super::refute::Test;
use crate::ball::Real;
use crate::claim::Claim;
use crate::eval::signs_of;
use crate::relation::Relation;
use crate::value::Signs;
use std::cmp::Ordering;

/// Tests a relation between both sides, which have the same number of entries.
pub(super) fn relate(claim: &Claim, left: &[Real], right: &[Real]) -> Test {
    let gaps: Vec<Option<Ordering>> =
        left.iter().zip(right).map(|(a, b)| a.sub(b).sign()).collect();
    match claim.relation {
        Relation::Equal | Relation::Defines => {
            if gaps.iter().any(|g| g.is_some_and(|g| g != Ordering::Equal)) {
                Test::Fails
            } else if gaps.iter().all(Option::is_some) {
                Test::Holds
            } else {
                Test::Unclear
            }
        }
        Relation::NotEqual => {
            if gaps.iter().any(|g| g.is_some_and(|g| g != Ordering::Equal)) {
                Test::Holds
            } else if gaps.iter().all(Option::is_some) {
                Test::Fails
            } else {
                Test::Unclear
            }
        }
        Relation::Approximately => approximately(claim, left, right),
        relation => {
            let Some(wanted) = signs_of(relation) else {
                return Test::Unclear;
            };
            let found = match gaps.first().copied().flatten() {
                Some(Ordering::Less) => Signs::NEGATIVE,
                Some(Ordering::Equal) => Signs::ZERO,
                Some(Ordering::Greater) => Signs::POSITIVE,
                None => return Test::Unclear,
            };
            if found.are(wanted) { Test::Holds } else { Test::Fails }
        }
    }
}

/// Tests `|a - b| ≤ tolerance (|a| + |b|) / 2`, for vectors with the sum of the
/// absolute entries as `|a|`.
fn approximately(claim: &Claim, left: &[Real], right: &[Real]) -> Test {
    let Some(tolerance) = claim.tolerance else { return Test::Unclear };
    let size = |entries: &mut dyn Iterator<Item = Real>| {
        entries.fold(Real::whole(0), |sum, x| sum.add(&x.abs()))
    };
    let both =
        size(&mut left.iter().cloned()).add(&size(&mut right.iter().cloned()));
    let gap = size(&mut left.iter().zip(right).map(|(a, b)| a.sub(b)));
    let half = tolerance / 2.0;
    let room = Real::from_f64(half).mul(&both).sub(&gap);
    match room.sign() {
        Some(Ordering::Less) => Test::Fails,
        Some(_) => Test::Holds,
        None => Test::Unclear,
    }
}
