//! Points to try: plain ones, ends of domains, random ones, and those where a
//! difference or a denominator is zero.

use super::instance::Instance;
use crate::algebra::{Exponent, Gen, Kind, Monomial, Poly, Ratio};
use crate::ball::Point;
use crate::claim::Claim;
use crate::term::{Atom, AtomKind, Terms, Value};
use crate::value::{Interval, Q, whole};
use num_traits::Zero;
use std::collections::BTreeMap;

/// Draws points of the domain of an instance.
pub(crate) struct Sampler {
    variables: Vec<(u32, Interval, Interval)>,
    atoms: Vec<Atom>,
    /// The variable that stands for the dimension.
    dimension: Option<u32>,
    dimensions: (i64, i64),
    rng: fastrand::Rng,
    zeros: Vec<BTreeMap<u32, Poly>>,
    special: Vec<Point>,
}

/// How a point is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Plain,
    Even,
    Wide,
}

impl Sampler {
    pub(super) fn new(instance: &Instance, claim: &Claim, seed: u64) -> Self {
        let terms = &instance.store.terms;
        // Within the conditions, as far as they speak of one variable each.
        let narrowed = instance.normalizer().domains;
        let variables = (0_u32..).zip(terms.variables()).map(|(i, v)| {
            let Some(domain) = narrowed.get(&i) else {
                return (i, v.domain.clone(), v.draw.clone());
            };
            let draw = v.draw.meet(domain);
            let draw = if draw.is_empty() { domain.to_draw() } else { draw };
            (i, domain.clone(), draw)
        });
        let dimension = terms.dimension_variable();
        let variables =
            variables.filter(|(i, ..)| Some(*i) != dimension).collect();
        let free = |(atom, kind): (Atom, &AtomKind)| match kind {
            AtomKind::Free(_) => Some(atom),
            AtomKind::Call(_) => None,
        };
        let declared = claim.notation.sizes.get("d").copied();
        Self {
            variables,
            atoms: terms.atoms().filter_map(free).collect(),
            dimension,
            dimensions: declared.unwrap_or((1, 3)),
            rng: fastrand::Rng::with_seed(seed),
            zeros: vec![],
            special: vec![],
        }
    }

    /// Point number `turn`.
    pub(super) fn point(&mut self, turn: usize) -> Option<Point> {
        let manner = match turn % 4 {
            0 | 1 => Manner::Plain,
            2 => Manner::Even,
            _ => Manner::Wide,
        };
        let manner = if turn >= 8 && turn.is_multiple_of(3) {
            Manner::Wide
        } else {
            manner
        };
        let mut point = Point::default();
        for i in 0..self.variables.len() {
            let (number, domain, draw) = self.variables[i].clone();
            let value = self.number(&domain, &draw, manner);
            point.variables.insert(number, value);
        }
        if turn % 14 == 5 {
            self.make_alike(&mut point);
        }
        let (low, high) = self.dimensions;
        let size = self.rng.i64(low.max(1)..=high.clamp(1, 4).max(low));
        if let Some(number) = self.dimension {
            point.variables.insert(number, whole(size));
        }
        let size = usize::try_from(size).ok()?;
        // Vectors that are equal, or 0, now and then.
        let alike = turn % 7 == 5;
        let mut first: Option<Vec<Q>> = None;
        for i in 0..self.atoms.len() {
            let entries = match (&first, alike) {
                (Some(first), true) => first.clone(),
                _ => (0..size).map(|_| self.entry(manner)).collect(),
            };
            first.get_or_insert_with(|| entries.clone());
            point.vectors.insert(self.atoms[i], entries);
        }
        Some(point)
    }

    /// Gives one value to all variables of one domain.
    fn make_alike(&self, point: &mut Point) {
        let mut first: Vec<(&Interval, Q)> = vec![];
        for (number, domain, _) in &self.variables {
            let known = first.iter().find(|(other, _)| *other == domain);
            if let Some((_, value)) = known {
                point.variables.insert(*number, value.clone());
            } else if let Some(value) = point.variables.get(number) {
                first.push((domain, value.clone()));
            }
        }
    }

    /// Points where a difference or a denominator is zero.
    pub(super) fn special(&mut self) -> Vec<Point> {
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
            // All vectors 0.
            for entries in point.vectors.values_mut() {
                entries.iter_mut().for_each(|x| *x = Q::zero());
            }
            all.push(point);
        }
        all
    }

    /// Gives a value to every quantity and vector that has none yet.
    pub(crate) fn complete(
        terms: &Terms,
        point: &mut Point,
        dimension: usize,
        rng: &mut fastrand::Rng,
    ) {
        let mut sampler = Self {
            variables: vec![],
            atoms: vec![],
            dimension: None,
            dimensions: (1, 1),
            rng: rng.clone(),
            zeros: vec![],
            special: vec![],
        };
        for (number, variable) in (0_u32..).zip(terms.variables()) {
            point.variables.entry(number).or_insert_with(|| {
                let (domain, draw) = (&variable.domain, &variable.draw);

                sampler.number(domain, draw, Manner::Even)
            });
        }
        for (atom, kind) in terms.atoms() {
            if matches!(kind, AtomKind::Free(_))
                && !point.vectors.contains_key(&atom)
            {
                // None is 0: of what is nothing no digit can be off.
                let entry = |_| {
                    let odd = 2 * sampler.rng.i64(-16..=15) + 1;
                    Q::new(odd.into(), 16.into())
                };
                let entries = (0..dimension).map(entry).collect();
                point.vectors.insert(atom, entries);
            }
        }
        *rng = sampler.rng;
    }

    fn entry(&mut self, manner: Manner) -> Q {
        match manner {
            Manner::Plain => whole(self.rng.i64(-1..=2)),
            Manner::Wide => {
                let size = [1, 8, 64, 512][self.rng.usize(0..4)];
                Q::new((size * self.rng.i64(-16..=16)).into(), 8.into())
            }
            Manner::Even => Q::new(self.rng.i64(-16..=16).into(), 8.into()),
        }
    }

    fn number(
        &mut self,
        domain: &Interval,
        draw: &Interval,
        manner: Manner,
    ) -> Q {
        let value = match manner {
            Manner::Plain => self.plain(draw),
            Manner::Even => self.on_grid(draw, 1024),
            Manner::Wide => self.wide(domain),
        };
        if domain.holds(&value) { value } else { self.on_grid(draw, 64) }
    }

    /// Numbers that are easy on the eye.
    fn plain(&mut self, interval: &Interval) -> Q {
        let part = interval.to_draw();
        let (Some(low), Some(high)) = (&part.low, &part.high) else {
            return Q::zero();
        };
        if high - low >= whole(4) {
            let values = [1, -1, 2, -2, 0, 3, -3];
            let value = whole(values[self.rng.usize(0..values.len())]);
            if interval.holds(&value) {
                return value;
            }
        }
        let n = [2, 4, 10][self.rng.usize(0..3)];
        self.on_grid(&part, n)
    }

    /// `low + (high - low) k/n`, ends left out that do not belong to it.
    fn on_grid(&mut self, interval: &Interval, n: i64) -> Q {
        let part = interval.to_draw();
        let (Some(low), Some(high)) = (&part.low, &part.high) else {
            return Q::zero();
        };
        let from = i64::from(!part.with_low);
        let to = n - i64::from(!part.with_high);
        let k = self.rng.i64(from..=to.max(from));
        low + (high - low) * Q::new(k.into(), n.into())
    }

    /// The ends and what is near them, 0 and ±1, small and large numbers.
    fn wide(&mut self, domain: &Interval) -> Q {
        let small = Q::new(
            self.rng.i64(1..=9).into(),
            num_bigint::BigInt::from(2).pow(self.rng.u32(1..=30)),
        );
        let large =
            whole(self.rng.i64(1..=99)) * whole(10).pow(self.rng.i32(0..=3));
        match (&domain.low, &domain.high, self.rng.u8(0..8)) {
            (Some(low), _, 0 | 1) => low + &small,
            (Some(low), _, 2) => low.clone(),
            (_, Some(high), 3 | 4) => high - &small,
            (_, Some(high), 5) => high.clone(),
            (_, _, 0 | 6) => large,
            (_, _, 1 | 7) => -large,
            (_, _, 2) => whole(self.rng.i64(-2..=2)),
            (_, _, 3) => small,
            (_, _, 4) => -small,
            _ => self.on_grid(domain, 4096),
        }
    }

    /// Polynomials that make the difference of the sides, or what they divide
    /// by, zero.
    pub(super) fn find_zeros(&mut self, instance: &Instance) {
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

    /// Points where a polynomial in one variable may be least.
    fn minima(&mut self, instance: &Instance) {
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
            let mut numbers = crate::ball::Numbers::new(&terms, &point);
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

/// A polynomial in variables alone, by each that it is linear in.
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
    // With the numbers of the variables in place of their generators.
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

/// The value of a variable where a polynomial that is linear in it is zero.
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
