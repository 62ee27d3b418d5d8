//! Limits.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `equation` | equations with a limit, as the claim that they make |
//! | `near` | the domain and the conditions near the limit |
//! | `difference` | the limit of a difference |
//! | `fraction` | a term as one fraction |

mod difference;
mod equation;
mod fraction;
mod near;

pub(super) use equation::of_equation;
pub(super) use fraction::fraction;
pub(super) use near::depends;

use super::instance::{Instance, bound};
use super::points::Choice;
use crate::claim::{Claim, Limit};
use crate::eval::Eval;
use crate::expr::{Expr, Kind, Symbol};
use crate::span::Span;
use crate::term::{Op, Term, Value};
use crate::value::{Interval, Trouble};
use difference::at_place;
use near::{has_values, reaches, sides, some_points};
use rustc_hash::FxHashMap as HashMap;

/// The answer to the claim of a limit.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Holds,
    /// The claim is false, for this reason.
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

/// Decides `f → g` as a variable goes to its limit, by the limit of the
/// difference.
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
    // Conditions in another form are not used here.
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
        // A function without a derivative in closed form may still have a
        // limit.
        let found = match found {
            Err(Trouble::Unsupported(why)) => Answer::Unclear(why),
            found => found?,
        };
        match found {
            Answer::Holds => {}
            Answer::Fails(why) => return Ok(fails(why)),
            Answer::Unclear(why) => {
                // With numbers for the other variables, more is known.
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

/// The domains of variables, by number: of all but the one that varies, or of
/// none.
pub(super) type Domain = HashMap<u32, Interval>;

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
