//! Counterexamples in words: points at which a claim fails.

use super::digits::{DECIMALS, SIX, Style, rounded};
use super::exact;
use super::instance::Instance;
use super::points::Choice;
use super::refute::{self, Test, dimension, entries};
use crate::ball::{Numbers, Point, with_bits};
use crate::claim::Claim;
use crate::eval::Eval;
use crate::expr::{Expr, Kind, Symbol, Variables};
use crate::span::Span;
use crate::term::{Op, Term, Terms, Value};
use crate::value::Q;
use std::collections::BTreeSet;

/// The values at which a relation is false.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counterexample {
    /// The sizes and indices, such as `T = 3, t = 2`.
    pub place: String,
    /// The symbols of the relation with their values.
    pub values: Vec<(String, String)>,
    /// The value of the left side.
    pub left: String,
    /// The value of the right side.
    pub right: String,
}

/// The value of a side without a value.
const UNDEFINED: &str = "not defined";

impl Counterexample {
    /// Returns whether all numbers are written without a power of ten.
    pub(super) fn is_plain(&self) -> bool {
        let values = self.values.iter().map(|(_, value)| value);
        let is_power = |pair: &[u8]| {
            pair[0] == b'e' && (pair[1] == b'-' || pair[1].is_ascii_digit())
        };
        let has_power = |text: &String| {
            text.contains("10^") || text.as_bytes().windows(2).any(is_power)
        };
        let mut all = values.chain([&self.left, &self.right]);
        !all.any(has_power)
    }

    /// Returns the place and the values of both sides, in lines.
    pub fn in_words(&self) -> String {
        let Counterexample { place, values, left, right } = self;
        let values: Vec<_> = std::iter::once(place.clone())
            .filter(|place| !place.is_empty())
            .chain(
                values.iter().map(|(name, value)| format!("{name} = {value}")),
            )
            .collect();
        let place = match values.as_slice() {
            [] => String::new(),
            values => format!("at {}\n", values.join(", ")),
        };
        if left.is_empty() {
            return place.trim_end().to_owned();
        }
        format!(
            "{place}the left side is {left}\n\
             the right side is {right}"
        )
    }
}

/// Returns the counterexample at a point at which the claim fails. Its digits are the
/// point itself: as few as refute the claim.
///
/// If no decimal number near the point refutes the claim, as in `3 a \ne 1`, the
/// numbers of the point are fractions.
pub(super) fn refutation(
    claim: &Claim,
    instance: &Instance,
    choice: &Choice,
    point: &Point,
) -> Counterexample {
    let near = DECIMALS.into_iter().find_map(|decimals| {
        let near = rounded(point, decimals)?;
        let fails = near == *point // which was tested
            || in_domains(instance, &near)
                && refute::test(claim, instance, &near) == Test::Fails;
        fails.then_some((near, Style::Decimals(decimals)))
    });
    let (point, style) = match &near {
        Some((near, style)) => (near, *style),
        None => (point, Style::Fractions),
    };
    with_bits(256, || in_words(claim, instance, choice, point, style))
}

/// Returns whether each number of a point is in the domain of its symbol.
fn in_domains(instance: &Instance, point: &Point) -> bool {
    let declared = instance.store.terms.variables();
    point.variables.iter().all(|(number, x)| {
        let variable = declared.get(*number as usize);
        variable.is_none_or(|variable| variable.domain.holds(x))
    })
}

/// Returns the values of all symbols and of both sides at a point.
pub(super) fn describe(
    claim: &Claim,
    instance: &Instance,
    choice: &Choice,
    point: &Point,
) -> Counterexample {
    with_bits(256, || in_words(claim, instance, choice, point, SIX))
}

fn in_words(
    claim: &Claim,
    instance: &Instance,
    choice: &Choice,
    point: &Point,
    style: Style,
) -> Counterexample {
    let mut store = instance.store.clone();
    let size = dimension(point);
    let mut values: Vec<(String, String)> = vec![];
    let indices = &choice.indices;
    let Claim { notation, uses, .. } = claim;
    let eval = Eval::new(notation, uses, &mut store, indices.clone());
    let mut written = symbols(claim);
    for variable in variables(claim, &eval) {
        if !written.contains(&variable) {
            written.push(variable);
        }
    }
    let mut has_bound = false;
    for symbol in written {
        let expr = Expr::new(Kind::Symbol(symbol.clone()), Span::default());
        let mut eval = Eval::new(notation, uses, &mut store, indices.clone());
        eval.overlay.extend(instance.known.iter().cloned());
        if eval.whole(&expr).is_ok() {
            continue;
        }
        let value = eval.value(&expr);
        let mut numbers = Numbers::new(&store.terms, point);
        let Ok(entries) = entries(&mut numbers, &value, size) else {
            has_bound = true; // by a sum or a product
            continue;
        };
        let name = crate::print::symbol(&symbol);
        if values.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let exact = match value {
            Ok(Value::Scalar(term)) => number(&store.terms, term, point),
            _ => None,
        };
        let text = match exact {
            Some(exact) => style.number(exact),
            None => style.entries(&entries),
        };
        values.push((name, text));
    }
    let mut numbers = Numbers::new(&instance.store.terms, point);
    let mut side = |side| match entries(&mut numbers, side, size) {
        Ok(value) => SIX.entries(&value),
        Err(trouble) if trouble.is_undefined() => UNDEFINED.into(),
        Err(_) => match side {
            Ok(Value::Scalar(term))
                if exact::is_undefined(instance, point, *term) =>
            {
                UNDEFINED.into()
            }
            _ => "not known".into(),
        },
    };
    let (left, right) = (side(&instance.left), side(&instance.right));
    // What is not written may be why a side has no value.
    let undefined = left == UNDEFINED || right == UNDEFINED;
    if has_bound || undefined {
        for (name, value) in free_variables(instance, point, style) {
            if !values.iter().any(|(known, _)| *known == name) {
                values.push((name, value));
            }
        }
    }
    let dimension = instance.store.terms.dimension_variable();
    let dimension = dimension.and_then(|d| point.variables.get(&d));
    let mut place = choice.in_words();
    if let Some(d) = dimension {
        let comma = if place.is_empty() { "" } else { ", " };
        place = format!("{place}{comma}d = {d}");
    }
    Counterexample { place, values, left, right }
}

/// Returns the value of a free number at a point.
fn number<'a>(terms: &Terms, term: Term, point: &'a Point) -> Option<&'a Q> {
    let Op::Variable(number) = terms.op(term) else { return None };
    point.variables.get(number)
}

/// Returns the free numbers that the sides depend on, with their values.
fn free_variables(
    instance: &Instance,
    point: &Point,
    style: Style,
) -> Vec<(String, String)> {
    let terms = &instance.store.terms;
    let sides = [&instance.left, &instance.right].into_iter().flatten();
    let roots: Vec<Term> =
        sides.flat_map(|side| instance.parts(side)).collect();
    let (mut numbers, mut bound) = (BTreeSet::new(), BTreeSet::new());
    terms.visit(&roots, &mut |term| match terms.op(term) {
        Op::Variable(number) => _ = numbers.insert(*number),
        Op::Integral(number, _) => _ = bound.insert(*number),
        _ => {}
    });
    numbers.retain(|number| !bound.contains(number));
    let dimension = terms.dimension_variable();
    numbers.retain(|number| Some(*number) != dimension);
    let named = numbers.into_iter().filter_map(|number| {
        let value = style.number(point.variables.get(&number)?);
        let name = &terms.variables().get(number as usize)?.name;
        Some((name.clone(), value))
    });
    named.collect()
}

/// Returns the symbols of the claim, each once, in the order of writing.
fn symbols(claim: &Claim) -> Vec<Symbol> {
    let mut symbols: Vec<Symbol> = vec![];
    for side in claim.expressions() {
        side.visit(&mut |expr| {
            if let Kind::Symbol(symbol) = &expr.kind
                && !symbols.contains(symbol)
            {
                symbols.push(symbol.clone());
            }
        });
    }
    symbols
}

/// Returns the variables of the densities in the claim, one by one.
fn variables(claim: &Claim, eval: &Eval) -> Vec<Symbol> {
    let mut found = vec![];
    for side in claim.expressions() {
        side.visit(&mut |expr| {
            let Kind::Density(density) = &expr.kind else { return };
            for Variables { name, from, to } in
                density.of.iter().chain(&density.given)
            {
                let variable = |index: Expr| Symbol {
                    name: name.clone(),
                    indices: vec![index],
                    arguments: vec![],
                };
                let ends =
                    to.as_ref().map(|to| (eval.whole(from), eval.whole(to)));
                match ends {
                    None => found.push(variable(from.clone())),
                    Some((Ok(from), Ok(to))) => {
                        found
                            .extend((from..=to).map(Expr::whole).map(variable));
                    }
                    Some(_) => {}
                }
            }
        });
    }
    found
}
