//! Signs that follow from other signs.
//!
//! What is known are polynomials that are not negative, some of them positive,
//! and polynomials that are zero. If products of these, with weights that are
//! not negative, add up to zero, and a positive one is among them, then no
//! point has all of these signs (Positivstellensatz). So a sign is shown: with
//! the contrary of it there is no point. The weights are found by linear
//! programming, in fractions.

use super::monomial::{Exponent, Gen, Monomial, share};
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, Kind};
use super::simplex::add_up_to_zero;
use crate::value::{Q, Signs};
use num_traits::{One, Signed};
use std::collections::{BTreeMap, BTreeSet};

/// The most generators of a system.
const GENERATORS: usize = 9;
/// The most products, and the most monomials in them.
const COLUMNS: usize = 170;
const ROWS: usize = 140;
/// The most terms of one product.
const TERMS: usize = 40;

/// A polynomial that is not negative, and whether it is positive.
type Known = (Poly, bool);

/// A combination of vectors with numbers as coefficients.
pub(super) type Vector = BTreeMap<u32, Q>;

/// What is known of the points of a part of the domain.
#[derive(Clone, Debug, Default)]
struct System {
    known: Vec<Known>,
    zeros: Vec<Poly>,
}

impl System {
    fn add(&mut self, poly: &Poly, signs: Signs) {
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
    /// Notes a condition that holds where the claim is made.
    pub(crate) fn assume(&mut self, ratio: &Ratio, signs: Signs) {
        if let Some(number) = ratio.as_number() {
            self.contradictory |= !Signs::of(number).are(signs);
            return;
        }
        if let Some((poly, flips)) = self.sign_bearer(ratio) {
            let signs = if flips { signs.flipped() } else { signs };
            self.facts.push((poly, signs));
        }
    }

    /// Whether a condition is seen not to hold anywhere.
    pub(crate) fn is_contradictory(&self) -> bool {
        self.contradictory
    }

    /// Whether it was shown that no point meets the conditions.
    pub(crate) fn is_never_met(&self) -> bool {
        let one = Poly::constant(Q::one());
        self.contradictory
            || self.facts.len() > 1 && self.never(&one, Signs::POSITIVE)
    }

    /// Whether a ratio has one of the signs wherever it has a value, by the
    /// conditions that hold.
    pub(crate) fn follows(&mut self, ratio: &Ratio, wanted: Signs) -> bool {
        if self.contradictory {
            return true;
        }
        if let Some(number) = ratio.as_number() {
            return Signs::of(number).are(wanted);
        }
        let Some((poly, flips)) = self.sign_bearer(ratio) else {
            return false;
        };
        let wanted = if flips { wanted.flipped() } else { wanted };
        let before = self.counted();
        let contraries: &[Signs] = match wanted {
            Signs::ZERO => &[Signs::POSITIVE, Signs::NEGATIVE],
            Signs::NOT_ZERO => &[Signs::ZERO],
            Signs::POSITIVE => &[Signs::NOT_POSITIVE],
            Signs::NEGATIVE => &[Signs::NOT_NEGATIVE],
            Signs::NOT_NEGATIVE => &[Signs::NEGATIVE],
            Signs::NOT_POSITIVE => &[Signs::POSITIVE],
            _ => return false,
        };
        let found = contraries.iter().all(|signs| self.never(&poly, *signs));
        self.count_anew(before);
        found
    }

    /// A polynomial that has the sign of a ratio, or the opposite one, wherever
    /// the ratio has a value: factors whose sign is known are left out, and
    /// powers are taken to 1 or 0.
    fn sign_bearer(&mut self, of: &Ratio) -> Option<(Poly, bool)> {
        let mut minus = of.number.is_negative();
        let mut poly = Poly::constant(Q::one());
        let mut times =
            |poly: &mut Poly, by: &Poly, signs: Signs, odd: bool| {
                match (signs.single(), odd) {
                    (Some(sign), true) if sign != 0 => minus ^= sign < 0,
                    (Some(sign), false) if sign != 0 => {}
                    (_, true) => *poly = poly.times(by),
                    // An even power may be zero.
                    (_, false) => {
                        *poly = poly.times(by);
                        *poly = poly.times(by);
                    }
                }
            };
        for (generator, exponent) in of.monomial.iter() {
            let signs = Signs::within(self.interval(generator));
            let odd = !exponent.is_integer() || exponent.to_integer() % 2 != 0;
            if exponent < Exponent::ZERO && !signs.are(Signs::NOT_ZERO) {
                // Of 1/x a sign is known where x is not 0 only.
                if !self.is_not_zero(&Poly::generator(generator)) {
                    return None;
                }
            }
            times(&mut poly, &Poly::generator(generator), signs, odd);
        }
        let factors: Vec<(Poly, i64)> =
            of.factors.iter().map(|(f, e)| (f.clone(), *e)).collect();
        for (factor, exponent) in factors {
            let signs = self.signs_of_poly(&factor);
            if exponent < 0
                && !signs.are(Signs::NOT_ZERO)
                && !self.is_not_zero(&factor)
            {
                return None;
            }
            times(&mut poly, &factor, signs, exponent % 2 != 0);
        }
        (poly.len() <= TERMS).then_some((poly, minus))
    }

    /// Whether the conditions say that a polynomial is not zero.
    fn is_not_zero(&self, poly: &Poly) -> bool {
        !self.facts.is_empty() && self.never(poly, Signs::ZERO)
    }

    /// Whether no point of the part has a polynomial of these signs.
    fn never(&self, poly: &Poly, signs: Signs) -> bool {
        let mut system = System::default();
        system.add(poly, signs);
        for (poly, signs) in &self.facts {
            system.add(poly, *signs);
        }
        let conditions = system.known.len();
        let Some(generators) = self.closed(&system) else { return false };
        let squares = self.add_bounds(&mut system, &generators);
        [false, true].into_iter().any(|more| {
            !crate::work::is_spent()
                && self.contradicts(
                    &system,
                    conditions,
                    &squares,
                    &generators,
                    more,
                )
        })
    }

    /// The generators of a system, with those that their relations hold.
    fn closed(&self, system: &System) -> Option<BTreeSet<Gen>> {
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

    /// Adds what the generators are known to be; and returns the sums and
    /// differences whose squares are of use.
    fn add_bounds(
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

    /// The inner product of two combinations of vectors; nothing if it holds one
    /// that has no generator.
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

    /// Whether products of what is known add up to a contradiction.
    fn contradicts(
        &self,
        system: &System,
        conditions: usize,
        squares: &[Poly],
        generators: &BTreeSet<Gen>,
        more: bool,
    ) -> bool {
        let mut columns: Vec<(Poly, bool, bool)> = vec![];
        let one = Poly::constant(Q::one());
        let mut put = |a: &Poly, b: &Poly, strict: bool, equal: bool| {
            if columns.len() >= COLUMNS || crate::work::is_spent() {
                return;
            }
            let Ok(product) = self.product(a, b) else { return };
            if product.len() > TERMS {
                return;
            }
            let column = (product, strict, equal);
            if !columns.contains(&column) {
                columns.push(column);
            }
        };
        let known = &system.known;
        put(&one, &one, true, false);
        for zero in &system.zeros {
            put(zero, &one, false, true);
            for of in generators {
                put(zero, &Poly::generator(*of), false, true);
            }
            for unit in squares {
                put(zero, unit, false, true);
            }
            if more {
                for of in generators {
                    let square = Poly::generator(*of);
                    put(zero, &square.times(&square), false, true);
                }
                for (poly, _) in &known[..conditions] {
                    put(zero, poly, false, true);
                }
                for other in &system.zeros {
                    put(zero, other, false, true);
                }
            }
        }
        for (i, (a, strict)) in known.iter().enumerate() {
            put(a, &one, *strict, false);
            for (b, also) in known[..=i].iter().take(conditions) {
                put(a, b, *strict && *also, false);
            }
        }
        for square in squares {
            put(square, square, false, false);
        }
        if more {
            for (i, (a, strict)) in known.iter().enumerate().skip(conditions) {
                for (b, also) in &known[conditions..=i] {
                    put(a, b, *strict && *also, false);
                }
            }
            for (a, strict) in &known[..conditions] {
                if let Ok(square) = self.product(a, a) {
                    put(a, &square, *strict, false);
                }
                for square in squares {
                    if let Ok(square) = self.product(square, square) {
                        put(a, &square, false, false);
                    }
                }
            }
        }
        solved(columns)
    }
}

/// Whether columns add up to zero, with a strict one among them.
fn solved(mut columns: Vec<(Poly, bool, bool)>) -> bool {
    // A column that is zero adds nothing, but for a strict one.
    if columns.iter().any(|(poly, strict, _)| *strict && poly.is_zero()) {
        return true;
    }
    columns.retain(|(poly, ..)| !poly.is_zero());
    // A monomial that only has one sign is in no sum that is zero.
    loop {
        let mut signs: BTreeMap<&Monomial, (bool, bool)> = BTreeMap::new();
        for (poly, _, equal) in &columns {
            for (monomial, coefficient) in poly.terms() {
                let (plus, minus) = signs.entry(monomial).or_default();
                *plus |= *equal || coefficient.is_positive();
                *minus |= *equal || coefficient.is_negative();
            }
        }
        let single: BTreeSet<Monomial> = signs
            .into_iter()
            .filter(|(_, (plus, minus))| plus != minus)
            .map(|(monomial, _)| monomial.clone())
            .collect();
        if single.is_empty() {
            break;
        }
        columns.retain(|(poly, ..)| {
            poly.terms().all(|(monomial, _)| !single.contains(monomial))
        });
    }
    if !columns.iter().any(|(_, strict, _)| *strict) {
        return false;
    }
    let mut rows: BTreeMap<Monomial, usize> = BTreeMap::new();
    let mut table = vec![];
    for (poly, strict, equal) in &columns {
        let mut entries = vec![];
        for (monomial, coefficient) in poly.terms() {
            let next = rows.len();
            let row = *rows.entry(monomial.clone()).or_insert(next);
            entries.push((row, coefficient.clone()));
        }
        if *equal {
            let minus =
                entries.iter().map(|(row, c)| (*row, -c.clone())).collect();
            table.push((minus, false));
        }
        table.push((entries, *strict));
    }
    rows.len() <= ROWS && add_up_to_zero(&table, rows.len())
}
