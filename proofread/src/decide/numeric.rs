//! Relations at real points, with 256 bits.

use super::counterexample::{self, Counterexample};
use super::points::meaningless;
use super::pool::Pool;
use super::{Claim, Limit, Point, Sides, has_density};
use crate::eval::Eval;
use crate::expr::Symbol;
use crate::needs::Needs;
use crate::notation::Interval;
use crate::read::Relation;
use crate::source::Reals;
use crate::value::{Number, Real, Trouble, Value};
use crate::world::{Source, World};
use std::cmp::Ordering;

/// What the test found.
pub(super) enum Outcome {
    Holds { tested: usize, sampled: bool },
    Fails(Counterexample),
    Unclear(String),
    Malformed(String),
}

/// Draws for each point: more where there are few points, fewer where each
/// costs much.
fn draws(points: usize, needs: &Needs) -> usize {
    let wanted = if needs.expectation { 4 } else { 40 };
    (wanted / points.max(1)).clamp(1, 12)
}

/// Which points are tested where each takes thousands of evaluations: the ends
/// and one between.
fn is_chosen(i: usize, points: usize) -> bool {
    i == 0 || i + 1 == points || i == points / 2
}

/// Draws from all over the domain.
const WIDE: usize = 400;
/// Draws that may have no value for one that counts.
const WITHOUT_VALUE: usize = 40;

pub(super) fn test(claim: &Claim, needs: &Needs, points: &[Point]) -> Outcome {
    let mut pool = Pool::new(Reals::new, claim.seed ^ 0x5ea1);
    let (mut tested, mut sampled) = (0, false);
    for (i, point) in points.iter().enumerate() {
        if sampled && !is_chosen(i, points.len()) {
            continue;
        }
        let mut next = 0;
        for turn in 0..draws(points.len(), needs) {
            if sampled && turn > 0 {
                break;
            }
            let tried = draw(claim, needs, point, &mut pool, &mut next, turn);
            sampled |= pool.sampled();
            match tried {
                Ok(Tested::Holds) => tested += 1,
                Ok(Tested::Fails(found)) => return Outcome::Fails(found),
                Ok(Tested::Unclear) if sampled => {
                    let why = "an expectation was sampled, and its error is \
                               too large to tell";
                    return Outcome::Unclear(why.into());
                }
                Ok(Tested::Unclear) => {
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
    Outcome::Holds { tested, sampled }
}

/// The same, and then all over the domain: for what is no identity.
pub(super) fn test_widely(
    claim: &Claim,
    needs: &Needs,
    points: &[Point],
) -> Outcome {
    let near = test(claim, needs, points);
    let Outcome::Holds { tested, sampled } = near else { return near };
    match far_and_wide(claim, needs, points) {
        Ok(more) => Outcome::Holds { tested: tested + more, sampled },
        Err(found) => Outcome::Fails(found),
    }
}

/// Draws from all over the domain, the ends and large numbers among them:
/// what is no identity may fail only there. Those that have no value there,
/// or no clear one, do not count.
fn far_and_wide(
    claim: &Claim,
    needs: &Needs,
    points: &[Point],
) -> Result<usize, Counterexample> {
    if needs.expectation || !needs.processes.is_empty() {
        return Ok(0);
    }
    let mut pool = Pool::new(Reals::far_and_wide, claim.seed ^ 0x31de);
    let mut tested = 0;
    for k in 0..WIDE {
        let point = &points[k % points.len()];
        let Some(world) = pool.get(claim, needs, point, k / points.len())
        else {
            continue;
        };
        match holds(claim, world, point) {
            Ok(Some(true)) => tested += 1,
            Ok(Some(false)) => {
                let found = counterexample::describe(claim, world, point);
                return Err(found);
            }
            _ => {}
        }
    }
    Ok(tested)
}

enum Tested {
    Holds,
    Fails(Counterexample),
    Unclear,
}

fn draw(
    claim: &Claim,
    needs: &Needs,
    point: &Point,
    pool: &mut Pool<Reals>,
    next: &mut usize,
    turn: usize,
) -> Result<Tested, Trouble> {
    let mut last = Trouble::Undefined("nothing that has a value");
    for _ in 0..WITHOUT_VALUE {
        let Some(world) = pool.get(claim, needs, point, *next) else {
            let why = "no values were found that lie in their domains";
            return Err(Trouble::Unsupported(why.into()));
        };
        *next += 1;
        world.thorough = turn == 0;
        match holds(claim, world, point) {
            Err(trouble @ (Trouble::Undefined(_) | Trouble::Division)) => {
                last = trouble;
            }
            Err(trouble) => return Err(trouble),
            Ok(Some(true)) => return Ok(Tested::Holds),
            Ok(None) => return Ok(Tested::Unclear),
            Ok(Some(false)) => {
                let found = counterexample::describe(claim, world, point);
                return Ok(Tested::Fails(found));
            }
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
    match claim.relation {
        Relation::Proportional => proportional(claim, world, point),
        Relation::Tends => tends(claim, world, point),
        Relation::Equal if has_density(claim) => {
            let sides = logs(claim, world, point);
            let (left, right) = match sides {
                // A side that is not positive has no logarithm.
                Err(Trouble::Undefined(_)) => claim.sides(world, point)?,
                sides => sides?,
            };
            compare(claim, &left, &right, world.sampled)
        }
        _ => {
            let (left, right) = claim.sides(world, point)?;
            compare(claim, &left, &right, world.sampled)
        }
    }
}

/// The logarithms of both sides: densities may be so small that their
/// difference is nothing beside the numbers on the way.
fn logs<S: Source<Number = Real>>(
    claim: &Claim,
    world: &mut World<S>,
    point: &Point,
) -> Result<Sides<Real>, Trouble> {
    let indices = point.indices.clone();
    let mut eval = Eval::new(claim.notation, claim.uses, world, indices);
    let left = S::log(&mut eval, claim.left)?;
    let right = S::log(&mut eval, claim.right)?;
    Ok((Value::Scalar(left), Value::Scalar(right)))
}

/// Both sides where a symbol has a value of ours.
fn sides_with<S: Source<Number = Real>>(
    claim: &Claim,
    world: &mut World<S>,
    point: &Point,
    symbol: &Symbol,
    value: Value<Real>,
) -> Result<Sides<Real>, Trouble> {
    // What was computed with another value is of no use.
    world.joints.clear();
    world.kernels.clear();
    let indices = point.indices.clone();
    let mut eval = Eval::new(claim.notation, claim.uses, world, indices);
    let whole = symbol.indices.iter().map(|index| eval.whole(index));
    let indices = whole.collect::<Result<Vec<_>, _>>()?;
    eval.overlay.push(((symbol.name.clone(), indices), value));
    let sides = (eval.value(claim.left)?, eval.value(claim.right)?);
    world.joints.clear();
    world.kernels.clear();
    Ok(sides)
}

fn variable<'a>(
    claim: &Claim<'a>,
) -> Result<&'a (Symbol, Option<Limit>), Trouble> {
    claim.varies.ok_or_else(|| {
        Trouble::Unsupported(
            "the variable is not said; add a comment such as % varies: x_t, \
             or % varies: h \\to 0"
                .into(),
        )
    })
}

/// `f ∝ g` in a variable: the quotient is the same wherever it is.
fn proportional<S: Source<Number = Real>>(
    claim: &Claim,
    world: &mut World<S>,
    point: &Point,
) -> Result<Option<bool>, Trouble> {
    let (symbol, _) = variable(claim)?;
    let declared = claim.notation.symbols.get(&symbol.id());
    let Some(declared) = declared.filter(|d| d.means.is_none()) else {
        let why = "what varies must be free, not defined by others";
        return Err(Trouble::Unsupported(why.into()));
    };
    let mut first: Option<(Real, Real)> = None;
    for k in 0..4 {
        let key = (format!("{}: varied", symbol.name), vec![k]);
        let value = world.varied(key, declared);
        let (a, b) = sides_with(claim, world, point, symbol, value)?;
        let (a, b) = (a.scalar()?, b.scalar()?);
        if b.may_be_zero() {
            let why = "the right side is zero";
            return Err(Trouble::Unsupported(why.into()));
        }
        let Some((c, d)) = &first else {
            first = Some((a, b));
            continue;
        };
        match equal(&a.mul(d), &b.mul(c), world.sampled) {
            Some(true) => {}
            other => return Ok(other),
        }
    }
    Ok(Some(true))
}

/// `f → g` as a variable goes to its limit, from both sides where it may: the
/// distance falls to nothing. One that stays where it is refutes the claim;
/// one that falls too slowly does neither.
fn tends<S: Source<Number = Real>>(
    claim: &Claim,
    world: &mut World<S>,
    point: &Point,
) -> Result<Option<bool>, Trouble> {
    let (symbol, limit) = variable(claim)?;
    let Some(limit) = limit else {
        let why = "where the variable goes is not said: % varies: h \\to 0";
        return Err(Trouble::Unsupported(why.into()));
    };
    let declared = claim.notation.symbols.get(&symbol.id());
    let domain = declared.map_or(Interval::REALS, |d| d.domain);
    let mut verdict = None;
    for side in [1, -1] {
        let mut distances = vec![];
        for k in [20, 40, 60, 80] {
            let value = match limit {
                Limit::Number(number) => {
                    let step = Real::whole(side).shifted(-k);
                    Real::whole(*number).add(&step)
                }
                Limit::Infinity => Real::whole(side).shifted(k),
            };
            if !domain.holds(value.to_f64()) {
                break;
            }
            let value = Value::Scalar(value);
            let (a, b) = sides_with(claim, world, point, symbol, value)?;
            let entries = a.sub(&b)?;
            let size = entries.entries().iter().map(Real::abs);
            distances
                .push(size.reduce(|a, b| a.add(&b)).unwrap_or(Real::whole(0)));
        }
        if distances.len() < 4 || *limit == Limit::Infinity && side < 0 {
            continue;
        }
        let sizes: Vec<f64> = distances.iter().map(Real::size).collect();
        let falls = sizes
            .windows(2)
            .all(|pair| pair[1] <= pair[0] - 10.0 || pair[1] < -150.0);
        let stays = (sizes[3] - sizes[2]).abs() < 1e-3 && sizes[3] > -50.0;
        match (falls, stays) {
            (true, _) => verdict = verdict.or(Some(true)),
            (_, true) => return Ok(Some(false)),
            _ => return Ok(None),
        }
    }
    Ok(verdict)
}

/// How near the sides of an equation must be known to be where one was
/// sampled, relative to their size, as a power of two: 1 in 10.
const NEAR: f64 = -3.32;

/// Whether two numbers are equal; nothing if they are too uncertain to tell.
fn equal(a: &Real, b: &Real, sampled: bool) -> Option<bool> {
    let difference = a.sub(b);
    if !difference.may_be_zero() {
        return Some(false);
    }
    // A hundred bits that agree, or an error that is next to nothing.
    let bits = if sampled { NEAR } else { -100.0 };
    let known = a.size().max(b.size()) + bits;
    (difference.error() <= known.max(-150.0)).then_some(true)
}

fn compare(
    claim: &Claim,
    left: &Value<Real>,
    right: &Value<Real>,
    sampled: bool,
) -> Result<Option<bool>, Trouble> {
    let difference = left.sub(right)?;
    if difference.entries().iter().any(Real::is_nan) {
        return Err(Trouble::Undefined("a value beyond all numbers"));
    }
    let zero = [Real::whole(0)];
    let padded = |value: &Value<Real>, i: usize| {
        // The number 0 is also the vector 0.
        value.entries().get(i).unwrap_or(&zero[0]).clone()
    };
    let mut equal = Some(true);
    for i in 0..difference.entries().len() {
        match self::equal(&padded(left, i), &padded(right, i), sampled) {
            Some(true) => {}
            Some(false) => {
                equal = Some(false);
                break;
            }
            None => equal = None,
        }
    }
    let order = || -> Result<Ordering, Trouble> {
        let difference = difference.clone().scalar()?;
        Ok(difference.compare(&Real::whole(0)))
    };
    let strictly = |wanted: Ordering| -> Result<Option<bool>, Trouble> {
        Ok(equal
            .map(|equal| !equal)
            .and_then(|apart| Some(apart && order().ok()? == wanted)))
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
            let size = entries_size(&difference);
            if sampled && size.sub(&near).may_be_zero() {
                return Ok(None);
            }
            Ok(Some(size.compare(&near) != Ordering::Greater))
        }
        Relation::Proportional | Relation::Distributed | Relation::Tends => {
            let why = "this relation is not one between two values";
            Err(Trouble::Unsupported(why.into()))
        }
    }
}

fn entries_size(value: &Value<Real>) -> Real {
    let sizes = value.entries().iter().map(Real::abs);
    sizes.reduce(|a, b| a.add(&b)).unwrap_or(Real::whole(0))
}
