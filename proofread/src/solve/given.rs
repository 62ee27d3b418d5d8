//! Conditions that give a symbol a value: a claim with the condition `x = y` is
//! about `y` alone.

use super::instance::Known;
use super::points::Choice;
use crate::claim::Claim;
use crate::eval::{Eval, Key, Store};
use crate::expr::{Condition, Expr, Kind, Symbol, names};
use crate::notation::Declaration;
use crate::relation::Relation;
use crate::term::{Guard, Value};
use crate::value::{Interval, Trouble};

/// The symbols that conditions give a value, the conditions that are left, and
/// the guards under which the values exist.
type Given<'a> = (Known, Vec<&'a Condition>, Vec<Guard>);

/// Returns the symbols that conditions give a value, and the conditions that
/// are left. A later condition is used first: `x = y = z` makes both `z`.
pub(super) fn given<'a>(
    claim: &'a Claim,
    choice: &Choice,
    store: &mut Store,
) -> Result<Given<'a>, Trouble> {
    let mut known = Known::new();
    let (mut left, mut needed) = (vec![], vec![]);
    for condition in claim.conditions.iter().rev() {
        let (a, relation, b) = condition;
        // Every choice meets the conditions on whole numbers.
        if is_whole(claim, choice, store, [a, b]) {
            continue;
        }
        let mut found = None;
        if *relation == Relation::Equal {
            for (symbol, value) in [(a, b), (b, a)] {
                found = found.or(entry(
                    claim,
                    choice,
                    store,
                    &known,
                    (symbol, value),
                    &mut needed,
                )?);
            }
        }
        match found {
            Some(entry) => known.push(entry),
            None => left.push(condition),
        }
    }
    Ok((known, left, needed))
}

/// Returns whether both sides are whole numbers at a choice.
fn is_whole(
    claim: &Claim,
    choice: &Choice,
    store: &mut Store,
    sides: [&Expr; 2],
) -> bool {
    let indices = choice.indices.clone();
    let eval = Eval::new(&claim.notation, &[], store, indices);
    sides.into_iter().all(|side| eval.whole(side).is_ok())
}

/// Returns a free symbol with the value that a condition gives it.
fn entry(
    claim: &Claim,
    choice: &Choice,
    store: &mut Store,
    known: &Known,
    (symbol, value): (&Expr, &Expr),
    needed: &mut Vec<Guard>,
) -> Result<Option<(Key, Value)>, Trouble> {
    let Some((symbol, declaration)) = free(claim, symbol) else {
        return Ok(None);
    };
    if depends(claim, value, &symbol.name) {
        return Ok(None);
    }
    let (notation, uses) = (&claim.notation, &claim.uses);
    let indices = choice.indices.clone();
    let mut eval = Eval::new(notation, uses, store, indices);
    eval.overlay.extend(known.iter().cloned());
    let indices = symbol.indices.iter().map(|index| eval.whole(index));
    let indices = indices.collect::<Result<Vec<_>, _>>()?;
    let key = (symbol.name.clone(), indices);
    if known.iter().any(|(other, _)| *other == key) {
        return Ok(None);
    }
    let value = eval.value(value)?;
    let roots = match &value {
        Value::Scalar(term) => vec![*term],
        Value::Vector(vector) => vector.coefficients().collect(),
    };
    for need in store.terms.obligations(&roots) {
        if need.exponent.is_some() {
            return Ok(None);
        }
        // A condition without a value is not met.
        needed.push(Guard { term: need.term, signs: need.signs });
    }
    if let Value::Scalar(term) = value
        && declaration.domain != Interval::REALS
    {
        store.constraints.push((term, declaration.domain.clone()));
    }
    Ok(Some((key, value)))
}

/// Returns the symbol of an expression, if nothing defines it and no
/// distribution draws it.
fn free<'a>(
    claim: &'a Claim,
    expr: &'a Expr,
) -> Option<(&'a Symbol, &'a Declaration)> {
    let Kind::Symbol(symbol) = &expr.kind else { return None };
    let declaration = claim.notation.symbols.get(&symbol.id())?;
    let name = &symbol.name;
    let is_free = symbol.arguments.is_empty()
        && declaration.means.is_none()
        && !declaration.standard_normal
        && !claim.uses.iter().any(|used| used.symbol.name == *name)
        && (symbol.indices.is_empty()
            || !claim.notation.processes.values().any(|p| p.variable == *name));
    is_free.then_some((symbol, declaration))
}

/// Returns whether an expression contains a name, directly or by a definition.
fn depends(claim: &Claim, expr: &Expr, on: &str) -> bool {
    let mut found = false;
    let notation = &claim.notation;
    let uses = claim.uses.iter().map(|used| &used.body);
    for expr in std::iter::once(expr).chain(uses) {
        expr.visit(&mut |e| {
            for name in names(e) {
                let mut same =
                    notation.symbols.values().filter(|d| d.name == name);
                found |= name == on || same.any(|d| d.depends.contains(on));
            }
        });
    }
    found
}
