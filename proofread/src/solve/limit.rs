//! Limits.

use super::approach::{self, Approach, Place};
use super::instance::{Instance, bound, obligations};
use super::points::Choice;
use crate::algebra::Normalizer;
use crate::claim::{Claim, Limit};
use crate::eval::Eval;
use crate::expr::{Expr, Kind, Symbol};
use crate::relation::Relation;
use crate::span::Span;
use crate::term::{Guard, Op, Term, Terms, Value};
use crate::value::{Interval, Q, Signs, Trouble, whole};
use std::collections::HashMap;

/// What a limit came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Holds,
    /// It is false, with what the difference goes to, or why.
    Fails(String),
    Unclear(String),
}

pub(super) fn variable(
    claim: &Claim,
) -> Result<&(Symbol, Option<Limit>), Trouble> {
    claim.varies.as_ref().ok_or_else(|| {
        Trouble::Unsupported(
            "the variable is not said; add a comment such as % varies: x_t, \
             or % varies: h \\to 0"
                .into(),
        )
    })
}

/// `\lim_{h \to 0} f = g` as what it claims: that `f` goes to `g`.
pub(super) fn of_equation(claim: &Claim) -> Option<Claim> {
    if claim.relation != Relation::Equal {
        return None;
    }
    let holds_limit = |expr: &Expr| {
        let mut found = false;
        expr.visit(&mut |e| found |= matches!(e.kind, Kind::Limit(_)));
        found
    };
    let (limit, other) = match (&claim.left.kind, &claim.right.kind) {
        (Kind::Limit(limit), _) => (limit, &claim.right),
        (_, Kind::Limit(limit)) => (limit, &claim.left),
        _ => return None,
    };
    if holds_limit(other) || holds_limit(&limit.of) {
        return None;
    }
    let mut conditions = claim.conditions.clone();
    if let (Limit::Number(at), Some(above)) = (limit.to, limit.from_above) {
        let by = Expr::new(Kind::Symbol(limit.by.clone()), Span::default());
        let side = if above { Relation::Greater } else { Relation::Less };
        let size = Expr::whole(at.abs());
        let at = if at < 0 {
            Expr::new(Kind::Sum(vec![(true, size)]), Span::default())
        } else {
            size
        };
        conditions.push((by, side, at));
    }
    Some(Claim {
        left: limit.of.clone(),
        relation: Relation::Tends,
        right: other.clone(),
        conditions,
        varies: Some((limit.by.clone(), Some(limit.to))),
        ..claim.clone()
    })
}

/// `f → g` as a variable goes to its limit: the limit of the difference.
pub(super) fn tends(
    claim: &Claim,
    instance: &mut Instance,
    choice: &Choice,
) -> Result<Answer, Trouble> {
    let (symbol, limit) = variable(claim)?;
    let Some(limit) = limit else {
        let why = "where the variable goes is not said: % varies: h \\to 0";
        return Err(Trouble::Unsupported(why.into()));
    };
    let number = scalar_variable(claim, instance, choice, symbol)?;
    if !reaches(instance, number, *limit) {
        let why = "the variable does not go there: its domain, or a condition, \
                   keeps it away";
        return Err(Trouble::Unsupported(why.into()));
    }
    if let Ok(right) = &instance.right
        && depends(&instance.store.terms, &instance.parts(right), number)
    {
        let why = "the limit depends on what varies";
        return Err(Trouble::Unsupported(why.into()));
    }
    if !has_values(instance, number, *limit) {
        let why =
            "it was not shown that the left side has values near the limit";
        return Ok(Answer::Unclear(why.into()));
    }
    // What conditions say in another form is not known here.
    let plain = instance.store.constraints.is_empty()
        && instance
            .guards
            .iter()
            .all(|guard| bound(&instance.store.terms, guard.term).is_some());
    let mut domain = instance.normalizer().domains;
    let sides = sides(instance, &domain, number, *limit);
    domain.remove(&number);
    let fails = |why: String| {
        if plain { Answer::Fails(why) } else { Answer::Unclear(why) }
    };
    let (left, right) = (instance.left.clone()?, instance.right.clone()?);
    let terms = &mut instance.store.terms;
    let parts: Vec<Term> = match (left, right) {
        (Value::Scalar(a), Value::Scalar(b)) => vec![terms.sub(a, b)],
        (a, b) => {
            let (a, b) = (a.vector(terms)?, b.vector(terms)?);
            terms.sub_vectors(&a, &b).coefficients().collect()
        }
    };
    let mut answer = Answer::Holds;
    for part in parts {
        let found = at_place(terms, part, number, (*limit, &sides), &domain);
        // A function without a derivative in closed form has a limit yet.
        let found = match found {
            Err(Trouble::Unsupported(why)) => Answer::Unclear(why),
            found => found?,
        };
        match found {
            Answer::Holds => {}
            Answer::Fails(why) => return Ok(fails(why)),
            Answer::Unclear(why) => {
                // Where the other quantities are numbers, more is known.
                for point in some_points(terms, number, &domain) {
                    let place = (*limit, sides.as_slice());
                    let there = at_place(terms, part, number, place, &point);
                    if let Ok(Answer::Fails(why)) = there {
                        return Ok(fails(why));
                    }
                }
                answer = Answer::Unclear(why);
            }
        }
    }
    Ok(answer)
}

/// Whether a variable comes as near to its limit as one likes, within its domain
/// and the conditions.
fn reaches(instance: &Instance, number: u32, limit: Limit) -> bool {
    let terms = &instance.store.terms;
    let mentions = |guard: &Guard| {
        bound(terms, guard.term).is_none()
            && depends(terms, &[guard.term], number)
    };
    if instance.guards.iter().any(mentions) {
        return false;
    }
    let normalizer = instance.normalizer();
    let own = &terms.variables()[number as usize].domain;
    let domain = normalizer.domains.get(&number).unwrap_or(own);
    let (low, high) = (domain.low.as_ref(), domain.high.as_ref());
    match limit {
        Limit::Infinity => high.is_none(),
        Limit::MinusInfinity => low.is_none(),
        Limit::Number(at) => {
            let at = whole(at);
            let wide = low.is_none() || high.is_none() || low < high;
            wide && low.is_none_or(|low| *low <= at)
                && high.is_none_or(|high| at <= *high)
        }
    }
}

/// Whether terms depend on a variable.
pub(super) fn depends(terms: &Terms, of: &[Term], number: u32) -> bool {
    let mut found = false;
    terms.visit(of, &mut |part| {
        found |= matches!(terms.op(part), Op::Variable(n) if *n == number);
    });
    found
}

/// Whether both sides of the claim have values near the limit, on each side of
/// it that belongs to the domain.
fn has_values(instance: &mut Instance, number: u32, limit: Limit) -> bool {
    let sides = [instance.left.clone(), instance.right.clone()];
    let needs: Vec<_> = sides
        .iter()
        .flatten()
        .flat_map(|side| instance.obligations(side))
        .collect();
    let terms = &mut instance.store.terms;
    let variable = terms.store(Op::Variable(number));
    let near: Vec<(Term, Signs)> = match limit {
        Limit::Infinity => {
            let large = terms.whole(1_000_000);
            vec![(terms.sub(variable, large), Signs::POSITIVE)]
        }
        Limit::MinusInfinity => {
            let large = terms.whole(-1_000_000);
            vec![(terms.sub(variable, large), Signs::NEGATIVE)]
        }
        Limit::Number(at) => {
            let little = Q::new(1.into(), 1000.into());
            let [low, high] = [whole(at) - &little, whole(at) + &little]
                .map(|end| terms.number(end));
            let at = terms.whole(at);
            let mut bound = |a, b| terms.sub(a, b);
            vec![
                (bound(variable, at), Signs::POSITIVE),
                (bound(variable, high), Signs::NEGATIVE),
                (bound(variable, at), Signs::NEGATIVE),
                (bound(variable, low), Signs::POSITIVE),
            ]
        }
    };
    near.chunks(2).all(|guards| {
        let parts: Vec<Guard> = guards
            .iter()
            .map(|(term, signs)| Guard { term: *term, signs: *signs })
            .collect();
        let mut normalizer = instance.normalizer_on(&parts);
        if normalizer.domains.values().any(Interval::is_empty) {
            return true;
        }
        needs.iter().all(|need| {
            let found = normalizer.signs(need.term);
            found.is_ok_and(|found| found.are(need.signs))
        })
    })
}

/// Values of quantities, by number: of all but what varies, or of none.
pub(super) type Domain = HashMap<u32, Interval>;

/// A few points of the domain of all quantities but one.
fn some_points(terms: &Terms, but: u32, domain: &Domain) -> Vec<Domain> {
    let values = [1, 2, -1].map(whole);
    let half = Q::new(1.into(), 2.into());
    let mut points = vec![];
    for first in &values {
        let mut point = Domain::new();
        for (number, variable) in (0_u32..).zip(terms.variables()) {
            let all = [first, &half, &values[0], &values[2]];
            let own = domain.get(&number).unwrap_or(&variable.domain);
            let inside = all.into_iter().find(|x| own.holds(x));
            if let Some(inside) = inside.filter(|_| number != but) {
                point.insert(number, Interval::point(inside));
            }
        }
        points.push(point);
    }
    points
}

fn scalar_variable(
    claim: &Claim,
    instance: &mut Instance,
    choice: &Choice,
    symbol: &Symbol,
) -> Result<u32, Trouble> {
    let expr = Expr::new(Kind::Symbol(symbol.clone()), Span::default());
    let (notation, uses) = (&claim.notation, &claim.uses);
    let indices = choice.indices.clone();
    let store = &mut instance.store;
    let value = Eval::new(notation, uses, store, indices).value(&expr)?;
    let Value::Scalar(term) = value else {
        let why = "a limit of a vector";
        return Err(Trouble::Unsupported(why.into()));
    };
    if let Op::Variable(number) = store.terms.op(term) {
        Ok(*number)
    } else {
        let why = "what varies must be free, not defined by others";
        Err(Trouble::Unsupported(why.into()))
    }
}

/// The sides from which a variable can come to a number: above, below.
fn sides(
    instance: &Instance,
    domain: &Domain,
    number: u32,
    limit: Limit,
) -> Vec<bool> {
    let Limit::Number(at) = limit else { return vec![true] };
    let own = &instance.store.terms.variables()[number as usize].domain;
    let domain = domain.get(&number).unwrap_or(own);
    let at = whole(at);
    let mut sides = vec![];
    if domain.high.as_ref().is_none_or(|high| *high > at) {
        sides.push(true);
    }
    if domain.low.as_ref().is_none_or(|low| *low < at) {
        sides.push(false);
    }
    sides
}

/// Where a difference goes: by its value at the place, or from each side.
fn at_place(
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

/// Where a difference goes from one side, or as the variable goes to infinity.
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

/// How often numerator and denominator are differentiated (L'Hôpital).
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
            // With 1/w for the variable, and w to 0 from above.
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

/// The signs of a term at a place, if it is continuous there.
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
    for needed in obligations(terms, &[there]) {
        // A root is not smooth where it is zero.
        let signs = needed.signs.and(Signs::NOT_ZERO);
        if !normalizer.signs(needed.term).ok()?.are(signs) {
            return None;
        }
    }
    normalizer.signs(there).ok()
}

/// A term as one fraction.
pub(super) fn fraction(
    terms: &mut Terms,
    of: Term,
) -> Result<(Term, Term), Trouble> {
    let one = terms.whole(1);
    match terms.op(of).clone() {
        Op::Sum(parts) => {
            let (mut over, mut under) = (terms.zero(), one);
            for part in parts {
                let (a, b) = fraction(terms, part)?;
                let first = terms.mul(over, b);
                let second = terms.mul(a, under);
                over = terms.add(first, second);
                under = terms.mul(under, b);
            }
            Ok((over, under))
        }
        Op::Product(parts) => {
            let (mut over, mut under) = (one, one);
            for part in parts {
                let (a, b) = fraction(terms, part)?;
                over = terms.mul(over, a);
                under = terms.mul(under, b);
            }
            Ok((over, under))
        }
        Op::Quotient(a, b) => {
            let (a, b) = (fraction(terms, a)?, fraction(terms, b)?);
            Ok((terms.mul(a.0, b.1), terms.mul(a.1, b.0)))
        }
        Op::Power(a, exponent) => {
            let (a, b) = fraction(terms, a)?;
            let size = exponent.abs();
            let (a, b) = (terms.power(a, size)?, terms.power(b, size)?);
            Ok(if exponent < 0 { (b, a) } else { (a, b) })
        }
        _ => Ok((of, one)),
    }
}
