//! Relations at real points, with 256 bits.

use super::points::meaningless;
use super::{Claim, Point};
use crate::needs::Needs;
use crate::read::Relation;
use crate::source::Reals;
use crate::value::{Number, Real, Trouble, Value};
use crate::world::{Source, World};
use std::cmp::Ordering;

/// What the test found.
pub(super) enum Outcome {
    Holds { tested: usize },
    Fails,
    Unclear(String),
    Malformed(String),
}

/// Draws for each point; more where there are few points.
fn draws(points: usize) -> usize {
    (40 / points.max(1)).clamp(1, 12)
}

/// Draws that may have no value for one that counts.
const WITHOUT_VALUE: usize = 40;

pub(super) fn test(claim: &Claim, needs: &Needs, points: &[Point]) -> Outcome {
    let mut rng = fastrand::Rng::with_seed(claim.seed ^ 0x5ea1);
    let mut tested = 0;
    for point in points {
        for _ in 0..draws(points.len()) {
            match draw(claim, needs, point, &mut rng) {
                Ok(Some(true)) => tested += 1,
                Ok(Some(false)) => return Outcome::Fails,
                Ok(None) => {
                    let why = "the sides agree to some digits, but neither \
                               clearly nor clearly not";
                    return Outcome::Unclear(why.into());
                }
                Err(trouble) => {
                    return Outcome::Malformed(meaningless(&trouble, point));
                }
            }
        }
    }
    Outcome::Holds { tested }
}

fn draw(
    claim: &Claim,
    needs: &Needs,
    point: &Point,
    rng: &mut fastrand::Rng,
) -> Result<Option<bool>, Trouble> {
    let mut last = Trouble::Undefined("nothing that has a value");
    for _ in 0..WITHOUT_VALUE {
        let source = Reals(rng.fork());
        let mut world = World::new(source, point.sizes.clone());
        if !world.fill(claim.notation, claim.uses, needs) {
            last = Trouble::Unsupported(
                "no values were found that lie in their domains".into(),
            );
            continue;
        }
        match holds(claim, &mut world, point) {
            Err(trouble @ (Trouble::Undefined(_) | Trouble::Division)) => {
                last = trouble;
            }
            result => return result,
        }
    }
    Err(last)
}

/// Whether the relation holds in a world; nothing if that is not clear.
pub(super) fn holds<S: Source<Number = Real>>(
    claim: &Claim,
    world: &mut World<S>,
    point: &Point,
) -> Result<Option<bool>, Trouble> {
    let (left, right) = claim.sides(world, point)?;
    compare(claim, &left, &right, world.largest)
}

fn compare(
    claim: &Claim,
    left: &Value<Real>,
    right: &Value<Real>,
    largest: f64,
) -> Result<Option<bool>, Trouble> {
    let difference = left.sub(right)?;
    let size = difference
        .entries()
        .iter()
        .map(Real::abs)
        .reduce(|a, b| if a.compare(&b) == Ordering::Less { b } else { a })
        .unwrap_or(Real::whole(0));
    if size.is_nan() {
        return Err(Trouble::Undefined("a value beyond all numbers"));
    }
    // Rounding is relative to the largest number on the way: 2^-256 a step.
    let scale = Real::from_f64(largest.max(1e-200));
    let equal = if size.compare(&scale.shifted(-180)) != Ordering::Greater {
        Some(true)
    } else if size.compare(&scale.shifted(-120)) == Ordering::Greater {
        Some(false)
    } else {
        None
    };
    let order = || -> Result<Ordering, Trouble> {
        let difference = difference.clone().scalar()?;
        Ok(difference.compare(&Real::whole(0)))
    };
    let strictly = |wanted: Ordering| -> Result<Option<bool>, Trouble> {
        Ok(equal.map(|equal| !equal).and_then(|apart| {
            Some(apart && order().ok()? == wanted)
        }))
    };
    let weakly = |wanted: Ordering| -> Result<Option<bool>, Trouble> {
        match equal {
            Some(true) => Ok(Some(true)),
            Some(false) => Ok(Some(order()? == wanted)),
            None => Ok(None),
        }
    };
    match claim.relation {
        Relation::Equal | Relation::Defines => Ok(equal),
        Relation::NotEqual => Ok(equal.map(|equal| !equal)),
        Relation::Less => strictly(Ordering::Less),
        Relation::Greater => strictly(Ordering::Greater),
        Relation::LessEqual => weakly(Ordering::Less),
        Relation::GreaterEqual => weakly(Ordering::Greater),
        Relation::Approximately => {
            let Some(tolerance) = claim.tolerance else {
                return Err(Trouble::Unsupported(
                    "≈ without a tolerance claims nothing; add a comment \
                     such as % tolerance: 1e-3"
                        .into(),
                ));
            };
            let near = Real::from_f64(tolerance)
                .mul(&entries_size(left).add(&entries_size(right)));
            Ok(Some(size.compare(&near) != Ordering::Greater))
        }
        Relation::Proportional | Relation::Distributed | Relation::Tends => {
            Err(Trouble::Unsupported(
                "this kind of relation is not decided yet".into(),
            ))
        }
    }
}

fn entries_size(value: &Value<Real>) -> Real {
    let sizes = value.entries().iter().map(Real::abs);
    sizes.reduce(|a, b| a.add(&b)).unwrap_or(Real::whole(0))
}
