//! Values of expressions at a point, and their change under small perturbations
//! of the point.

use super::sample::Sample;
use super::{DIMENSION, NUDGE};
use crate::ball::{Numbers, Point, Real};
use crate::eval::{Key, Store};
use crate::expr::{Expr, Kind};
use crate::solve::Sampler;
use crate::term::Value;
use crate::value::{Q, Trouble, whole};
use num_bigint::BigInt;

impl Sample<'_> {
    /// Returns the entries of an expression with additional indices and symbols
    /// bound. With `nudges`, every free quantity is perturbed separately.
    pub(super) fn at(
        &self,
        expr: &Expr,
        bound: Vec<(String, i64)>,
        overlay: Vec<(Key, Value)>,
        nudges: Option<fastrand::Rng>,
    ) -> Result<Vec<Real>, String> {
        let mut store = self.store.borrow_mut();
        let value = {
            let mut eval = self.eval(&mut store, bound);
            eval.overlay = overlay;
            eval.value(expr).map_err(|trouble| no_value(&trouble))?
        };
        // Draws values for quantities that occur here for the first time.
        let mut point = self.point.borrow_mut();
        Sampler::complete(
            &store.terms,
            &mut point,
            DIMENSION,
            &mut self.rng.borrow_mut(),
        );
        let Some(mut rng) = nudges else {
            return entries(&store, &point, value);
        };
        let mut moved = point.clone();
        // Sorting makes the nudges independent of the order in the hash maps.
        let mut numbers: Vec<_> = moved.variables.iter_mut().collect();
        numbers.sort_by_key(|(number, _)| **number);
        for (_, value) in numbers {
            *value *= nudge(&mut rng);
        }
        let mut vectors: Vec<_> = moved.vectors.iter_mut().collect();
        vectors.sort_by_key(|(atom, _)| **atom);
        for entry in vectors.into_iter().flat_map(|(_, entries)| entries) {
            *entry *= nudge(&mut rng);
        }
        entries(&store, &moved, value)
    }

    /// Returns the value with every symbol perturbed separately, including
    /// symbols defined by other symbols, because code receives all of them
    /// rounded.
    pub(super) fn moved(
        &self,
        turn: u64,
        expr: &Expr,
    ) -> Result<Vec<Real>, String> {
        let mut rng = fastrand::Rng::with_seed(turn);
        let mut overlay: Vec<(Key, Value)> = vec![];
        let mut symbols = vec![];
        expr.visit(&mut |e| {
            if let Kind::Symbol(symbol) = &e.kind
                && symbol.arguments.is_empty()
            {
                symbols.push((symbol.clone(), e.clone()));
            }
        });
        for (symbol, expr) in symbols {
            let key = {
                let mut store = self.store.borrow_mut();
                let eval = self.eval(&mut store, vec![]);
                let indices = symbol.indices.iter().map(|i| eval.whole(i));
                let Ok(indices) = indices.collect::<Result<_, _>>() else {
                    continue;
                };
                (symbol.name.clone(), indices)
            };
            if overlay.iter().any(|(known, _)| *known == key) {
                continue;
            }
            let mut store = self.store.borrow_mut();
            let value = self.eval(&mut store, vec![]).value(&expr);
            let Ok(value) = value else { continue };
            let factor = nudge(&mut rng);
            let factor = store.terms.number(factor);
            overlay.push((key, value.scaled(factor, &mut store.terms)));
        }
        self.at(expr, vec![], overlay, Some(rng))
    }
}

fn entries(
    store: &Store,
    point: &Point,
    value: Value,
) -> Result<Vec<Real>, String> {
    let mut numbers = Numbers::new(&store.terms, point);
    let entries = match value {
        Value::Scalar(term) => numbers.value(term).map(|x| vec![x]),
        Value::Vector(vector) => numbers.vector(&vector).map(|mut x| {
            x.resize(DIMENSION, Real::whole(0));
            x
        }),
    };
    entries.map_err(|trouble| no_value(&trouble))
}

/// Returns a factor slightly above or below 1, at random.
fn nudge(rng: &mut fastrand::Rng) -> Q {
    let under = BigInt::from(1) << NUDGE;
    let step = Q::new(1.into(), under);
    let one = whole(1);
    if rng.bool() { one + step } else { one - step }
}

fn no_value(trouble: &Trouble) -> String {
    format!("no value here: {trouble}")
}
