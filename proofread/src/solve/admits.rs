//! The sizes and indices that the conditions of a claim admit, and conditions
//! that allow more than the notation does.

use super::points::{Choice, MOST};
use crate::claim::Claim;
use crate::eval::{Eval, Manner, Store};
use crate::expr::{Condition, Expr, Kind};
use crate::notation::Notation;
use crate::relation::Relation;

/// Returns whether a choice meets the conditions on whole numbers alone.
pub(super) fn admits(
    claim: &Claim,
    notation: &Notation,
    point: &Choice,
) -> Result<bool, String> {
    for condition in &claim.conditions {
        let (left, relation, right) = condition;
        let (sizes, manner) = (point.sizes.clone(), Manner::Any);
        let mut store = Store::new(sizes, manner);
        let indices = point.indices.clone();
        let eval = Eval::new(notation, &[], &mut store, indices);
        // A condition on real quantities restricts the point, not the choice.
        let (Ok(a), Ok(b)) = (eval.whole(left), eval.whole(right)) else {
            if never_of_dimension(condition, notation, point)? {
                return Ok(false);
            }
            continue;
        };
        for (name, other, value, relation) in
            [(left, right, b, relation.flipped()), (right, left, a, *relation)]
        {
            if let Some(why) = wider(name, other, value, relation, &eval) {
                return Err(why);
            }
        }
        if !met(a, *relation, b)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn met(a: i64, relation: Relation, b: i64) -> Result<bool, String> {
    Ok(match relation {
        Relation::Equal => a == b,
        Relation::NotEqual => a != b,
        Relation::Less => a < b,
        Relation::LessEqual => a <= b,
        Relation::Greater => a > b,
        Relation::GreaterEqual => a >= b,
        _ => return Err("a condition that cannot be checked".into()),
    })
}

/// Returns whether no dimension that the notation lists meets a condition.
/// Elsewhere the dimension stays a symbol.
fn never_of_dimension(
    (left, relation, right): &Condition,
    notation: &Notation,
    point: &Choice,
) -> Result<bool, String> {
    let Some(&(low, high)) = notation.sizes.get("d") else {
        return Ok(false);
    };
    for value in (low..=high).take(MOST) {
        let mut sizes = point.sizes.clone();
        sizes.insert("d".into(), value);
        let mut store = Store::new(sizes, Manner::Any);
        let indices = point.indices.clone();
        let eval = Eval::new(notation, &[], &mut store, indices);
        let (Ok(a), Ok(b)) = (eval.whole(left), eval.whole(right)) else {
            return Ok(false);
        };
        if met(a, *relation, b)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns a message if `other relation index` allows more than the notation
/// does: the claim would be shown for less than it says.
fn wider(
    index: &Expr,
    bound: &Expr,
    other: i64,
    relation: Relation,
    eval: &Eval,
) -> Option<String> {
    let Kind::Symbol(symbol) = &index.kind else { return None };
    let (notation, name) = (eval.notation, &symbol.name);
    let known = notation.indices.get(name);
    // A bound on a size is a number; a bound on an index may be a size.
    let (mut fixed, mut number) = (true, true);
    bound.visit(&mut |e| {
        if let Kind::Symbol(symbol) = &e.kind {
            number = false;
            fixed &=
                known.is_some() && !notation.indices.contains_key(&symbol.name);
        }
    });
    // A number is more than a small size, but less than a large size, so it
    // does not allow more for all sizes.
    let grows = known.is_some_and(|(_, high)| high.size.is_some()) && number;
    let (low, high) = match known {
        Some((low, _)) if grows => (eval.bound(low), i64::MAX - 1),
        Some((low, high)) => (eval.bound(low), eval.bound(high)),
        None => *notation.sizes.get(name)?,
    };
    let allows_more = match relation {
        Relation::LessEqual => other < low,
        Relation::Less => other < low - 1,
        Relation::GreaterEqual => other > high,
        Relation::Greater => other > high + 1,
        _ => false,
    };
    (fixed && allows_more).then(|| {
        let (low, high) = match known {
            Some((low, high)) => {
                (low.expr().to_string(), high.expr().to_string())
            }
            None => (low.to_string(), high.to_string()),
        };
        format!(
            "{name} is from {low} to {high} by the notation, and the condition \
             allows more"
        )
    })
}
