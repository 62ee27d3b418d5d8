//! Points where a difference or a denominator is zero.

use super::Sampler;
use crate::algebra::{Exponent, Gen, Kind, Monomial, Poly, Ratio};
use crate::ball::Point;
use crate::solve::instance::Instance;
use crate::term::Value;
use crate::value::Q;
use num_traits::Zero;
use std::collections::BTreeMap;

impl Sampler {
    /// Returns points where a difference or a denominator is zero, or where a
    /// difference may be least.
    pub(in crate::solve) fn special(&mut self) -> Vec<Point> {
        let mut all = std::mem::take(&mut self.special);
        for turn in 0..3 * self.zeros.len() {
            let i = turn % self.zeros.len();
            let Some(mut point) = self.point(turn * 2) else { continue };
            let zeros = self.zeros[i].clone();
            for (number, poly) in &zeros {
                if let Some(root) = root(poly, *number, &point) {
                    let known =
                        self.variables.iter().find(|(n, ..)| n == number);
                    if known.is_some_and(|(_, domain, _)| domain.holds(&root)) {
                        let mut changed = point.clone();
                        changed.variables.insert(*number, root);
                        all.push(changed);
                    }
                }
            }
            // The last point has all vectors 0.
            for entries in point.vectors.values_mut() {
                entries.iter_mut().for_each(|x| *x = Q::zero());
            }
            all.push(point);
        }
        all
    }

    /// Finds polynomials that are zero where the difference of the sides, or a
    /// term that they divide by, is zero.
    pub(in crate::solve) fn find_zeros(&mut self, instance: &Instance) {
        let mut normalizer = instance.normalizer();
        let mut ratios: Vec<Ratio> = vec![];
        let sides = [&instance.left, &instance.right];
        let [Ok(left), Ok(right)] = sides else { return };
        if let (Value::Scalar(a), Value::Scalar(b)) = (left, right) {
            ratios.extend(normalizer.difference(*a, *b));
        }
        for side in [left, right] {
            for obligation in instance.obligations(side) {
                ratios.extend(normalizer.ratio(obligation.term));
            }
        }
        let variables: BTreeMap<Gen, u32> = normalizer
            .algebra
            .generators()
            .filter_map(|(of, generator)| match generator.kind {
                Kind::Variable(number) => Some((of, number)),
                _ => None,
            })
            .collect();
        for ratio in ratios {
            let mut polys: Vec<Poly> = ratio.factors.into_keys().collect();
            polys.extend(
                ratio.monomial.iter().map(|(of, _)| Poly::generator(of)),
            );
            for poly in polys {
                self.zeros.extend(by_variable(&poly, &variables));
            }
        }
        self.minima(instance);
    }
}

/// Returns a polynomial in variables alone, for each variable that it is linear
/// in.
fn by_variable(
    poly: &Poly,
    variables: &BTreeMap<Gen, u32>,
) -> Vec<BTreeMap<u32, Poly>> {
    let plain =
        poly.generators().into_iter().all(|of| variables.contains_key(&of))
            && poly.terms().all(|(m, _)| m.iter().all(|(_, e)| e.is_integer()));
    if !plain {
        return vec![];
    }
    // The numbers of the variables replace their generators.
    let mut renamed = Poly::zero();
    for (monomial, coefficient) in poly.terms() {
        let mut product = Monomial::one();
        for (of, exponent) in monomial.iter() {
            let power = Monomial::power(Gen(variables[&of]), exponent);
            product = product.times(&power);
        }
        renamed.put(product, coefficient.clone());
    }
    let linear = renamed.generators().into_iter().filter(|of| {
        renamed.collected(*of).keys().all(|e| *e <= Exponent::ONE)
    });
    linear.map(|of| BTreeMap::from([(of.0, renamed.clone())])).collect()
}

/// Returns the value of a variable where a polynomial that is linear in it is
/// zero.
fn root(poly: &Poly, number: u32, point: &Point) -> Option<Q> {
    let mut rest = poly.clone();
    for of in poly.generators() {
        if of.0 != number {
            rest = rest.at(of, point.variables.get(&of.0)?)?;
        }
    }
    let parts = rest.collected(Gen(number));
    let part = |e: Exponent| -> Option<Q> {
        parts.get(&e).map_or(Some(Q::zero()), Poly::as_constant)
    };
    let (constant, slope) = (part(Exponent::ZERO)?, part(Exponent::ONE)?);
    (!slope.is_zero()).then(|| -constant / slope)
}
