//! The limit of a difference, which is 0 or not: by its value at the limit, by
//! derivatives (L'Hôpital), or from each side.

use super::{Answer, Domain, fraction};
use crate::algebra::Normalizer;
use crate::claim::Limit;
use crate::solve::approach::{self, Approach, Place};
use crate::term::{Op, Term, Terms};
use crate::value::{Signs, Trouble};

/// Finds the limit of a difference by its value at the place, or from each
/// side.
pub(super) fn at_place(
    terms: &mut Terms,
    of: Term,
    variable: u32,
    (limit, sides): (Limit, &[bool]),
    domain: &Domain,
) -> Result<Answer, Trouble> {
    let first = of_difference(terms, of, variable, limit, domain);
    let unclear = match first {
        Ok(Answer::Unclear(_)) | Err(Trouble::Unsupported(_)) => first,
        first => return first,
    };
    let mut holds = !sides.is_empty();
    for above in sides {
        match from_side(terms, of, variable, (limit, *above), domain) {
            Some(Answer::Holds) => {}
            Some(Answer::Fails(why)) => return Ok(Answer::Fails(why)),
            _ => holds = false,
        }
    }
    if holds { Ok(Answer::Holds) } else { unclear }
}

/// Finds the limit of a difference from one side, or as the variable goes to
/// infinity.
fn from_side(
    terms: &mut Terms,
    of: Term,
    variable: u32,
    (limit, above): (Limit, bool),
    domain: &Domain,
) -> Option<Answer> {
    let moved = terms.store(Op::Variable(variable));
    let one = terms.whole(1);
    let ways = match limit {
        Limit::Number(at) => {
            let at = terms.whole(at);
            let step = if above { moved } else { terms.neg(moved) };
            vec![(terms.add(at, step), Place::Zero)]
        }
        Limit::Infinity => {
            let inverse = terms.div(one, moved).ok()?;
            vec![(moved, Place::Infinity), (inverse, Place::Zero)]
        }
        Limit::MinusInfinity => {
            let minus = terms.neg(moved);
            let inverse = terms.div(one, moved).ok()?;
            let inverse = terms.neg(inverse);
            vec![(minus, Place::Infinity), (inverse, Place::Zero)]
        }
    };
    for (value, place) in ways {
        let moved = terms.substituted(of, variable, value).ok()?;
        let found = Approach::new(terms, variable, place, domain).of(moved);
        match found {
            Some(approach::Limit::Infinite(_)) => {
                let why = "the difference grows beyond all bounds";
                return Some(Answer::Fails(why.into()));
            }
            Some(approach::Limit::Finite(gap)) => {
                let mut normalizer = Normalizer::new(terms);
                normalizer.domains.clone_from(domain);
                let signs = normalizer.signs(gap).ok()?;
                if signs == Signs::ZERO {
                    return Some(Answer::Holds);
                }
                if signs.are(Signs::NOT_ZERO) {
                    let why = "the difference goes to something other than 0";
                    return Some(Answer::Fails(why.into()));
                }
            }
            None => {}
        }
    }
    None
}

/// The largest number of times that numerator and denominator are
/// differentiated (L'Hôpital).
const TIMES: usize = 5;

fn of_difference(
    terms: &mut Terms,
    of: Term,
    variable: u32,
    limit: Limit,
    domain: &Domain,
) -> Result<Answer, Trouble> {
    let (of, at) = match limit {
        Limit::Number(at) => (of, terms.whole(at)),
        Limit::Infinity | Limit::MinusInfinity => {
            // The variable becomes ±1/w, with w going to 0 from above.
            let one =
                terms.whole(if limit == Limit::Infinity { 1 } else { -1 });
            let w = terms.store(Op::Variable(variable));
            let inverse = terms.div(one, w)?;
            (terms.substituted(of, variable, inverse)?, terms.zero())
        }
    };
    let (mut over, mut under) = fraction(terms, of)?;
    for _ in 0..TIMES {
        let below = value_at(terms, under, variable, at, domain);
        let above = value_at(terms, over, variable, at, domain);
        let (Some(below), Some(above)) = (below, above) else { break };
        match (below, above) {
            (below, Signs::ZERO) if below.are(Signs::NOT_ZERO) => {
                return Ok(Answer::Holds);
            }
            (below, above)
                if below.are(Signs::NOT_ZERO) && above.are(Signs::NOT_ZERO) =>
            {
                let why = "the difference goes to something other than 0";
                return Ok(Answer::Fails(why.into()));
            }
            (Signs::ZERO, above) if above.are(Signs::NOT_ZERO) => {
                let why = "the difference grows beyond all bounds";
                return Ok(Answer::Fails(why.into()));
            }
            (Signs::ZERO, Signs::ZERO) => {
                over = terms.derivative(over, variable)?;
                under = terms.derivative(under, variable)?;
                let next = terms.div(over, under);
                // Derivatives may be fractions again.
                let Ok(next) = next else { break };
                (over, under) = fraction(terms, next)?;
            }
            _ => break,
        }
    }
    let why = "the limit of the difference was not found";
    Ok(Answer::Unclear(why.into()))
}

/// Returns the signs of a term at a place, if it is continuous there.
fn value_at(
    terms: &mut Terms,
    of: Term,
    variable: u32,
    at: Term,
    domain: &Domain,
) -> Option<Signs> {
    let there = terms.substituted(of, variable, at).ok()?;
    let mut normalizer = Normalizer::new(terms);
    normalizer.domains.clone_from(domain);
    for needed in terms.obligations(&[there]) {
        // A root is not smooth where its radicand is zero.
        let signs = needed.signs.and(Signs::NOT_ZERO);
        if !normalizer.signs(needed.term).ok()?.are(signs) {
            return None;
        }
    }
    normalizer.signs(there).ok()
}
