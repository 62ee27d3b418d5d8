//! Systems of known signs on a part of the domain, from conditions and from the
//! generators.

use super::Vector;
use crate::algebra::monomial::{Exponent, Gen, Monomial, share};
use crate::algebra::poly::Poly;
use crate::algebra::ring::{Algebra, Kind};
use crate::value::{Q, Signs};
use num_traits::One;
use std::collections::BTreeSet;

/// The largest number of generators of a system.
const GENERATORS: usize = 9;

/// A polynomial that is not negative, and true if it is positive.
type Known = (Poly, bool);

/// The known signs of polynomials on a part of the domain.
#[derive(Clone, Debug, Default)]
pub(super) struct System {
    pub(super) known: Vec<Known>,
    pub(super) zeros: Vec<Poly>,
}

impl System {
    pub(super) fn add(&mut self, poly: &Poly, signs: Signs) {
        let minus = poly.scaled(&-Q::one());
        if signs == Signs::ZERO {
            self.zeros.push(poly.clone());
        } else if signs == Signs::NOT_ZERO {
            self.known.push((poly.times(poly), true));
        } else if signs.are(Signs::NOT_NEGATIVE) {
            self.known.push((poly.clone(), signs.are(Signs::POSITIVE)));
        } else if signs.are(Signs::NOT_POSITIVE) {
            self.known.push((minus, signs.are(Signs::NEGATIVE)));
        }
    }

    fn generators(&self) -> BTreeSet<Gen> {
        let known = self.known.iter().map(|(poly, _)| poly);
        known.chain(&self.zeros).flat_map(Poly::generators).collect()
    }
}

impl Algebra {
    /// Returns the generators of a system, with all generators in their
    /// relations; none if there are too many.
    pub(super) fn closed(&self, system: &System) -> Option<BTreeSet<Gen>> {
        let mut all = system.generators();
        let mut open: Vec<Gen> = all.iter().copied().collect();
        while let Some(next) = open.pop() {
            let generator = self.generator(next);
            let mut more = BTreeSet::new();
            if let Some((_, poly)) = &generator.relation {
                more.extend(poly.generators());
            }
            match &generator.kind {
                Kind::Absolute(poly) => more.extend(poly.generators()),
                Kind::Inner(a, b) if a != b => {
                    for v in [a, b] {
                        more.extend(self.known(&Kind::Inner(*v, *v)));
                    }
                }
                _ => {}
            }
            for one in more {
                if all.insert(one) {
                    open.push(one);
                }
            }
            if all.len() > GENERATORS {
                return None;
            }
        }
        Some(all)
    }

    /// Adds what is known about the generators, and returns the sums and
    /// differences whose squares are useful.
    pub(super) fn add_bounds(
        &self,
        system: &mut System,
        generators: &BTreeSet<Gen>,
    ) -> Vec<Poly> {
        let constant = |value: &Q| Poly::constant(value.clone());
        let mut units = vec![Poly::constant(Q::one())];
        let mut lengths: Vec<(Poly, Vector)> = vec![];
        for of in generators {
            let generator = self.generator(*of);
            let own = Poly::generator(*of);
            let interval = &generator.interval;
            if let Some(low) = &interval.low {
                let known = own.minus(&constant(low));
                system.known.push((known, !interval.with_low));
            }
            if let Some(high) = &interval.high {
                let known = constant(high).minus(&own);
                system.known.push((known, !interval.with_high));
            }
            match &generator.kind {
                Kind::Absolute(poly) => {
                    system.known.push((own.minus(poly), false));
                    system.known.push((own.plus(poly), false));
                }
                Kind::Inner(a, b) if a == b => {
                    let half = share(Exponent::ONE, 2);
                    let length = Monomial::power(*of, half);
                    let length = Poly::term(length, Q::one());
                    system.known.push((length.clone(), !interval.with_low));
                    units.push(length.clone());
                    lengths.push((length, Vector::from([(*a, Q::one())])));
                    continue;
                }
                Kind::Inner(..) => continue,
                Kind::Root(2, square) => {
                    if let Some(vector) = self.vector_of_square(square) {
                        lengths.push((own.clone(), vector));
                    }
                }
                _ => {}
            }
            units.push(own);
        }
        // An inner product is at most the product of the lengths
        // (Cauchy-Schwarz).
        for (i, (a, v)) in lengths.iter().enumerate() {
            for (b, w) in &lengths[..i] {
                let Some(inner) = self.inner_product(v, w) else { continue };
                let Ok(both) = self.product(a, b) else { continue };
                system.known.push((both.minus(&inner), false));
                system.known.push((both.plus(&inner), false));
            }
        }
        let mut squares = units.clone();
        for (i, a) in units.iter().enumerate() {
            for b in &units[i + 1..] {
                squares.push(a.plus(b));
                squares.push(a.minus(b));
            }
        }
        squares
    }

    /// Returns the inner product of two combinations of vectors; none if one of
    /// the inner products has no generator.
    fn inner_product(&self, v: &Vector, w: &Vector) -> Option<Poly> {
        let mut sum = Poly::zero();
        for (a, x) in v {
            for (b, y) in w {
                let of = self.known(&Kind::Inner(*a.min(b), *a.max(b)))?;
                sum = sum.plus(&Poly::generator(of).scaled(&(x * y)));
            }
        }
        Some(sum)
    }
}
