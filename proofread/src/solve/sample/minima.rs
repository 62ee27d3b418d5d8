//! Points where a difference in one variable may have a minimum.

use super::Sampler;
use crate::ball::{Numbers, Point};
use crate::solve::instance::Instance;
use crate::term::Value;
use crate::value::{Q, whole};

impl Sampler {
    /// Adds points where the difference of the sides, in one variable, may have
    /// a minimum.
    pub(super) fn minima(&mut self, instance: &Instance) {
        let [(number, domain, _)] = self.variables.as_slice() else { return };
        let (number, domain) = (*number, domain.clone());
        let (Ok(Value::Scalar(left)), Ok(Value::Scalar(right))) =
            (&instance.left, &instance.right)
        else {
            return;
        };
        let mut terms = instance.store.terms.clone();
        let gap = terms.sub(*left, *right);
        let Ok(slope) = terms.derivative(gap, number) else { return };
        let value = |x: &Q| -> Option<f64> {
            let mut point = Point::default();
            point.variables.insert(number, x.clone());
            let mut numbers = Numbers::new(&terms, &point);
            numbers.value(slope).ok().map(|v| v.to_f64())
        };
        let mut grid: Vec<Q> = (-64..=64)
            .map(|k| Q::new((k * 3 + 1).into(), 40.into()))
            .filter(|x| domain.holds(x))
            .collect();
        grid.sort();
        for pair in grid.windows(2) {
            let (mut low, mut high) = (pair[0].clone(), pair[1].clone());
            let (Some(a), Some(b)) = (value(&low), value(&high)) else {
                continue;
            };
            if a * b > 0.0 {
                continue;
            }
            for _ in 0..40 {
                let middle = (&low + &high) / whole(2);
                match value(&middle) {
                    Some(c) if c * a > 0.0 => low = middle,
                    Some(_) => high = middle,
                    None => break,
                }
            }
            for x in [low, high] {
                let mut point = Point::default();
                point.variables.insert(number, x);
                self.special.push(point);
            }
        }
    }
}
