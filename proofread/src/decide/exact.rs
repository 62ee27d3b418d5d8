//! Identities, tested in the prime field.

use super::points::meaningless;
use super::pool::Pool;
use super::{Claim, Point};
use crate::needs::Needs;
use crate::source::Field;
use crate::value::{Number, Trouble};

/// What the test found.
pub(super) enum Outcome {
    Holds { tested: usize, false_pass: f64 },
    Fails,
    NotAlgebraic,
    Malformed(String),
}

/// A bound on a false pass that is small enough, as a binary logarithm, and
/// the most draws to get there.
const ENOUGH: f64 = -60.0;
const DRAWS: usize = 16;
/// Draws that may be rejected for one that counts.
const REJECTED: usize = 400;
/// The binary logarithm of the size of the field.
const LOG_P: f64 = 61.0;

pub(super) fn test(claim: &Claim, needs: &Needs, points: &[Point]) -> Outcome {
    let mut pool = Pool::new(Field, claim.seed);
    let mut false_pass = f64::NEG_INFINITY;
    let mut tested = 0;
    for point in points {
        let (mut bound, mut next) = (0.0, 0);
        for _ in 0..DRAWS {
            if bound <= ENOUGH {
                break;
            }
            tested += 1;
            match draw(claim, needs, point, &mut pool, &mut next) {
                Ok(Some(one)) => bound += one.min(0.0),
                Ok(None) => return Outcome::Fails,
                Err(Trouble::NotAlgebraic | Trouble::Reject) => {
                    return Outcome::NotAlgebraic;
                }
                Err(trouble) => {
                    return Outcome::Malformed(meaningless(&trouble, point));
                }
            }
        }
        false_pass = false_pass.max(bound);
    }
    Outcome::Holds { tested, false_pass }
}

/// One admissible draw, from world `next` on: the binary logarithm of the
/// bound on a false pass, or nothing if the sides differ.
fn draw(
    claim: &Claim,
    needs: &Needs,
    point: &Point,
    pool: &mut Pool<Field>,
    next: &mut usize,
) -> Result<Option<f64>, Trouble> {
    for _ in 0..REJECTED {
        let world = pool.get(claim, needs, point, *next);
        let world = world.ok_or(Trouble::Reject)?;
        *next += 1;
        let (left, right) = match claim.sides(world, point) {
            Ok(sides) => sides,
            Err(Trouble::Reject) => continue,
            // Of a random element once in 2^61; else of what is zero.
            Err(trouble) => return Err(trouble),
        };
        let difference = left.sub(&right)?;
        if !difference.entries().iter().all(Number::is_zero) {
            return Ok(None);
        }
        let degree =
            difference.entries().iter().map(|e| e.degree()).max().unwrap_or(0);
        // A polynomial of degree n in the draws and k roots becomes one of
        // degree 2^k n when its conjugates are multiplied; each condition
        // that something be a square is met by about half of the draws.
        let roots = world.radicands.len() as f64;
        let conditions = world.conditions() as f64;
        let degree = f64::from(degree.max(1)).log2();
        return Ok(Some(roots + degree + conditions - LOG_P));
    }
    Err(Trouble::Reject)
}
