//! Points to test: simple points, ends of domains, random points, and points
//! where a difference or a denominator is zero.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `draw` | random numbers and entries of vectors |
//! | `zeros` | points where a difference or a denominator is zero |
//! | `minima` | points where a difference in one variable may be least |

mod draw;
mod minima;
mod zeros;

use super::instance::Instance;
use crate::algebra::Poly;
use crate::ball::Point;
use crate::claim::Claim;
use crate::term::{Atom, AtomKind, Op, Terms};
use crate::value::{Interval, Q, Signs, whole};
use draw::Manner;
use num_traits::Zero;
use std::collections::BTreeMap;

/// A sampler of points in the domain of an instance.
pub(crate) struct Sampler {
    variables: Vec<(u32, Interval, Interval)>,
    atoms: Vec<Atom>,
    /// The variable that stands for the dimension.
    dimension: Option<u32>,
    dimensions: (i64, i64),
    rng: fastrand::Rng,
    /// The pairs of vectors that a condition makes perpendicular.
    perpendicular: Vec<(Atom, Atom)>,
    zeros: Vec<BTreeMap<u32, Poly>>,
    special: Vec<Point>,
}

impl Sampler {
    pub(super) fn new(instance: &Instance, claim: &Claim, seed: u64) -> Self {
        let terms = &instance.store.terms;
        // Conditions on one variable each narrow the domains.
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
            perpendicular: perpendicular(instance),
            zeros: vec![],
            special: vec![],
        }
    }

    /// Returns point number `turn`.
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
        // In some turns, all vectors are equal.
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
        for (a, b) in &self.perpendicular {
            make_perpendicular(&mut point, *a, *b);
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

    /// Gives a value to every variable and vector that has none yet.
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
            perpendicular: vec![],
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
                // No entry is 0: a vector of zeros would hide wrong digits.
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
}

/// Returns the pairs of free vectors whose inner product a condition sets to zero.
fn perpendicular(instance: &Instance) -> Vec<(Atom, Atom)> {
    let terms = &instance.store.terms;
    let zero = instance.guards.iter().filter(|g| g.signs == Signs::ZERO);
    let pair = zero.filter_map(|guard| match terms.op(guard.term) {
        Op::Inner(a, b) if a != b => Some((*a, *b)),
        _ => None,
    });
    let is_free = |atom| matches!(terms.atom(atom), AtomKind::Free(_));
    pair.filter(|(a, b)| is_free(*a) && is_free(*b)).collect()
}

/// Subtracts from vector `b` its part in the direction of vector `a`.
fn make_perpendicular(point: &mut Point, a: Atom, b: Atom) {
    let Some(along) = point.vectors.get(&a).cloned() else { return };
    let Some(entries) = point.vectors.get_mut(&b) else { return };
    let inner = |x: &[Q], y: &[Q]| x.iter().zip(y).map(|(x, y)| x * y).sum();
    let (above, below): (Q, Q) =
        (inner(&along, entries), inner(&along, &along));
    if below.is_zero() {
        return;
    }
    let factor = above / below;
    for (entry, x) in entries.iter_mut().zip(&along) {
        *entry -= &factor * x;
    }
}
