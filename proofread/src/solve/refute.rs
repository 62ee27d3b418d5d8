//! Counterexamples: points of the domain at which a relation fails.
//!
//! A point is made of rational numbers. Both sides are evaluated there in ball
//! arithmetic, with more bits until the balls tell which side is larger. A
//! point where they never tell is no counterexample.

use super::counterexample::{Counterexample, refutation};
use super::exact;
use super::instance::Instance;
use super::points::Choice;
use super::relate::relate;
use super::sample::Sampler;
use crate::ball::{Numbers, Point, Real, with_bits};
use crate::claim::Claim;
use crate::relation::Relation;
use crate::term::Value;
use crate::value::{Interval, Trouble};
use std::cmp::Ordering;

/// The result of a test of a relation at a point.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// The relation holds there.
    Holds,
    /// The relation fails there.
    Fails,
    /// The bits are too few to tell.
    Unclear,
    /// A side has no value that could be found.
    Unknown,
    /// The point is not in the domain, or neither side has a value.
    Outside,
}

impl Test {
    /// Returns the result at a point where one side has a value and the other
    /// has none.
    pub(super) fn one_sided(claim: &Claim) -> Self {
        if claim.has_rough_derivative() { Self::Unclear } else { Self::Fails }
    }
}

/// The numbers of bits with which a point is tested, in turn. Equal sides never
/// tell, so an equation gets fewer bits than an inequality.
const BITS: [usize; 3] = [160, 640, 2560];

/// The units of work for one point in the ring.
const EXACT: u64 = 20_000;

/// Returns the numbers of bits with which a relation is tested.
fn bits(claim: &Claim) -> &'static [usize] {
    match claim.relation {
        Relation::Equal | Relation::Defines => &BITS[..2],
        _ => &BITS,
    }
}

/// The points that meet the conditions at which a proved claim is tested.
const CHECKED: usize = 8;

/// The points that are drawn to find these.
const CHECKED_TURNS: usize = 40;

/// After a counterexample with tiny or huge numbers, the points that are tried for one
/// with plain numbers.
const MORE: usize = 12;

/// The result of a search.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    pub(super) found: Option<Counterexample>,
    /// The number of points where the relation held, or was not seen to fail.
    pub(super) tested: usize,
}

/// Returns a counterexample if one of a few points refutes a proved claim.
pub(super) fn contradicts(
    claim: &Claim,
    instance: &mut Instance,
    choice: &Choice,
    seed: u64,
) -> Option<Counterexample> {
    let mut sampler = Sampler::new(instance, claim, seed);
    let mut inside = 0;
    for turn in 0..CHECKED_TURNS {
        if inside == CHECKED {
            break;
        }
        let Some(point) = sampler.point(turn) else { continue };
        match with_bits(BITS[0], || at(claim, instance, &point)) {
            Test::Fails => {
                return Some(refutation(claim, instance, choice, &point));
            }
            Test::Outside => {}
            _ => inside += 1,
        }
    }
    None
}

/// Looks for a counterexample to an instance.
pub(super) fn search(
    claim: &Claim,
    instance: &mut Instance,
    choice: &Choice,
    turns: usize,
    seed: u64,
) -> Search {
    let mut search = Search::default();
    let mut sampler = Sampler::new(instance, claim, seed);
    let mut last = turns;
    for turn in 0.. {
        if turn >= last || crate::work::is_spent() {
            break;
        }
        let Some(point) = sampler.point(turn) else { continue };
        match test(claim, instance, &point) {
            Test::Fails => {
                let found = refutation(claim, instance, choice, &point);
                if found.is_plain() {
                    search.found = Some(found);
                    break;
                }
                if search.found.is_none() {
                    search.found = Some(found);
                    last = last.min(turn + MORE);
                }
            }
            Test::Holds | Test::Unclear => search.tested += 1,
            Test::Outside | Test::Unknown => {}
        }
    }
    if search.found.is_some() || crate::work::is_spent() {
        return search;
    }
    if !claim.is_about_probabilities() {
        sampler.find_zeros(instance);
    }
    for point in sampler.special() {
        if test(claim, instance, &point) == Test::Fails {
            let found = refutation(claim, instance, choice, &point);
            search.found = Some(found);
            return search;
        }
    }
    search
}

/// Tests a relation at one point.
pub(super) fn test(claim: &Claim, instance: &Instance, point: &Point) -> Test {
    for bits in bits(claim) {
        let found = with_bits(*bits, || at(claim, instance, point));
        match found {
            Test::Unclear => {}
            Test::Unknown => {
                // Balls have no values for integrals; the ring may have.
                let found = exactly(claim, instance, point);
                return if found == Test::Unclear {
                    Test::Unknown
                } else {
                    found
                };
            }
            found => return found,
        }
    }
    exactly(claim, instance, point)
}

/// Tests a relation in the ring, which may decide a rational point that balls
/// do not.
fn exactly(claim: &Claim, instance: &Instance, point: &Point) -> Test {
    crate::work::within(EXACT, || exact::test(claim, instance, point))
}

/// Returns whether a point lies in the domain; none if that is not clear.
fn is_inside(instance: &Instance, numbers: &mut Numbers) -> Option<bool> {
    for guard in &instance.guards {
        match numbers.value(guard.term) {
            Ok(value) => {
                let signs = crate::ball::signs(&value).ok()?;
                if !signs.are(guard.signs) {
                    return Some(false);
                }
            }
            Err(_) => return Some(false),
        }
    }
    for base in &instance.store.not_negative {
        if let Ok(value) = numbers.value(*base)
            && value.sign()? == Ordering::Less
        {
            return Some(false);
        }
    }
    for (term, domain) in &instance.store.constraints {
        match numbers.value(*term) {
            Ok(value) => {
                if !lies_in(&value, domain)? {
                    return Some(false);
                }
            }
            // Where a symbol has no value, the claim may still have one.
            Err(Trouble::Division | Trouble::Undefined(_)) => {}
            Err(_) => return None,
        }
    }
    Some(true)
}

fn lies_in(value: &Real, domain: &Interval) -> Option<bool> {
    let order = |end: &crate::value::Q| value.sub(&Real::rational(end)).sign();
    if let Some(low) = &domain.low {
        let above = order(low)?;
        let fits = above == Ordering::Greater
            || above == Ordering::Equal && domain.with_low;
        if !fits {
            return Some(false);
        }
    }
    if let Some(high) = &domain.high {
        let below = order(high)?;
        let fits = below == Ordering::Less
            || below == Ordering::Equal && domain.with_high;
        if !fits {
            return Some(false);
        }
    }
    Some(true)
}

/// Returns the entries of a side at a point.
pub(super) fn entries(
    numbers: &mut Numbers,
    side: &Result<Value, Trouble>,
    dimension: usize,
) -> Result<Vec<Real>, Trouble> {
    match side {
        Ok(Value::Scalar(term)) => Ok(vec![numbers.value(*term)?]),
        Ok(Value::Vector(vector)) => {
            let mut entries = numbers.vector(vector)?;
            entries.resize(dimension, Real::whole(0));
            Ok(entries)
        }
        Err(trouble) => Err(trouble.clone()),
    }
}

/// Returns the dimension of the vectors of a point.
pub(super) fn dimension(point: &Point) -> usize {
    point.vectors.values().next().map_or(1, Vec::len)
}

fn at(claim: &Claim, instance: &Instance, point: &Point) -> Test {
    let mut numbers = Numbers::new(&instance.store.terms, point);
    match is_inside(instance, &mut numbers) {
        Some(true) => {}
        Some(false) => return Test::Outside,
        None => return Test::Unclear,
    }
    let size = dimension(point);
    let left = entries(&mut numbers, &instance.left, size);
    let right = entries(&mut numbers, &instance.right, size);
    let (mut left, mut right) = match (left, right) {
        (Ok(left), Ok(right)) => (left, right),
        (Err(a), Err(b)) if a.is_undefined() && b.is_undefined() => {
            return Test::Outside;
        }
        // One side has a value and the other has none.
        (Err(a), Ok(_)) | (Ok(_), Err(a)) if a.is_undefined() => {
            return Test::one_sided(claim);
        }
        (Err(a), _) | (_, Err(a)) if a == Trouble::Unclear => {
            return Test::Unclear;
        }
        _ => return Test::Unknown,
    };
    // The number 0 is also the vector 0.
    let most = left.len().max(right.len());
    left.resize(most, Real::whole(0));
    right.resize(most, Real::whole(0));
    relate(claim, &left, &right)
}
