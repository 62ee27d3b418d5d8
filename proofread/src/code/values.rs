//! Values of expressions at a point, and what a small change of the point does
//! to them.

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
    /// The entries of an expression with indices bound and symbols given; with
    /// `nudges` every quantity is moved by a little of its own.
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
        // What was met for the first time gets a value now.
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
        // In one order, whatever order the tables have.
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

    /// The value where every symbol is moved by a little of its own: code gets
    /// them rounded, also those that follow from others.
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

/// A factor that moves a number by a little, this way or that.
fn nudge(rng: &mut fastrand::Rng) -> Q {
    let under = BigInt::from(1) << NUDGE;
    let step = Q::new(1.into(), under);
    let one = whole(1);
    if rng.bool() { one + step } else { one - step }
}

fn no_value(trouble: &Trouble) -> String {
    format!("no value here: {trouble}")
}
