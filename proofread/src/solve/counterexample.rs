//! Counterexamples in words: points at which a claim fails.

use super::exact;
use super::instance::Instance;
use super::points::Choice;
use super::refute::{dimension, entries};
use crate::ball::{Numbers, Point, Real, with_bits};
use crate::claim::Claim;
use crate::eval::Eval;
use crate::expr::{Expr, Kind, Symbol, Variables};
use crate::span::Span;
use crate::term::{Op, Term, Value};
use num_traits::ToPrimitive;
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

/// Returns the values of all symbols and of both sides at a point.
pub(super) fn describe(
    claim: &Claim,
    instance: &Instance,
    choice: &Choice,
    point: &Point,
) -> Counterexample {
    with_bits(256, || in_words(claim, instance, choice, point))
}

fn in_words(
    claim: &Claim,
    instance: &Instance,
    choice: &Choice,
    point: &Point,
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
        let Ok(value) = entries(&mut numbers, &value, size) else {
            has_bound = true; // by a sum or a product
            continue;
        };
        let name = crate::print::symbol(&symbol);
        if !values.iter().any(|(known, _)| *known == name) {
            values.push((name, in_digits(&value)));
        }
    }
    if has_bound {
        for (name, value) in free_variables(instance, point) {
            if !values.iter().any(|(known, _)| *known == name) {
                values.push((name, value));
            }
        }
    }
    let mut numbers = Numbers::new(&instance.store.terms, point);
    let mut side = |side| match entries(&mut numbers, side, size) {
        Ok(value) => in_digits(&value),
        Err(trouble) if trouble.is_undefined() => "not defined".into(),
        Err(_) => match side {
            Ok(Value::Scalar(term))
                if exact::is_undefined(instance, point, *term) =>
            {
                "not defined".into()
            }
            _ => "not known".into(),
        },
    };
    let (left, right) = (side(&instance.left), side(&instance.right));
    let dimension = instance.store.terms.dimension_variable();
    let dimension = dimension.and_then(|d| point.variables.get(&d));
    let mut place = choice.in_words();
    if let Some(d) = dimension {
        let comma = if place.is_empty() { "" } else { ", " };
        place = format!("{place}{comma}d = {d}");
    }
    Counterexample { place, values, left, right }
}

/// Returns the free numbers that the sides depend on, with their values.
fn free_variables(instance: &Instance, point: &Point) -> Vec<(String, String)> {
    let terms = &instance.store.terms;
    let sides = [&instance.left, &instance.right].into_iter().flatten();
    let roots: Vec<Term> =
        sides.flat_map(|side| instance.parts(side)).collect();
    let mut numbers = BTreeSet::new();
    terms.visit(&roots, &mut |term| {
        if let Op::Variable(number) = terms.op(term) {
            numbers.insert(*number);
        }
    });
    let dimension = terms.dimension_variable();
    numbers.retain(|number| Some(*number) != dimension);
    let named = numbers.into_iter().filter_map(|number| {
        let value = Real::rational(point.variables.get(&number)?);
        let name = &terms.variables().get(number as usize)?.name;
        Some((name.clone(), digits(&value)))
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

/// Returns a number, or the entries of a vector, to six digits.
fn in_digits(value: &[Real]) -> String {
    match value {
        [only] => digits(only),
        entries => {
            let entries: Vec<_> = entries.iter().map(digits).collect();
            format!("({})", entries.join(", "))
        }
    }
}

fn digits(value: &Real) -> String {
    // Rounding leaves a tiny number where the value is 0.
    if value.may_be_zero() {
        return "0".into();
    }
    let size = value.size() * std::f64::consts::LOG10_2;
    let x = value.to_f64();
    if x.is_infinite() || x == 0.0 {
        let sign = if value.to_f64().is_sign_negative() { "-" } else { "" };
        return format!("{sign}10^{}", size.to_i64().unwrap_or(0));
    }
    let text = if x != 0.0 && !(1e-4..1e7).contains(&x.abs()) {
        format!("{x:.5e}")
    } else {
        // The text has six digits in all.
        let whole = [1e1, 1e2, 1e3, 1e4, 1e5];
        let before = whole.iter().filter(|&&p| x.abs() >= p).count();
        format!("{x:.*}", 5 - before)
    };
    let text = if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    // 0.9999999 is not shown as 1: it may lie in a domain without 1.
    let shown = text.parse().unwrap_or(x);
    let gap = (x - shown).abs();
    if text.len() < 5 && gap > 1e-12 * x.abs() { format!("{x}") } else { text }
}
