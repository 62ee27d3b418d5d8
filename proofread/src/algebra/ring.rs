//! The generators of an algebra, and sums of its elements.

pub(crate) use super::generator::{Argument, Combination, Generator, Kind};
use super::monomial::{Exponent, Gen, Monomial};
use super::poly::Poly;
use super::ratio::Ratio;
use crate::value::{Interval, Q, Trouble};
use num_traits::One;
use rustc_hash::FxHashMap as HashMap;
use std::cell::Cell;
use std::collections::BTreeMap;

/// A ring of functions on the domain of a claim: polynomials in generators
/// modulo the relations of the generators.
///
/// An element that is zero in the ring is zero at every point of the domain,
/// since every relation holds there. The reverse need not be true.
#[derive(Clone, Debug, Default)]
pub(crate) struct Algebra {
    generators: Vec<Generator>,
    /// The generators of variables.
    variables: HashMap<u32, Gen>,
    /// The vectors that are values of functions, with their calls.
    pub(super) vectors: Vec<(u32, String, Vec<Argument>)>,
    /// The signs of polynomials that were found already.
    pub(super) signs: HashMap<Poly, crate::value::Signs>,
    /// The signs of polynomials that the conditions give.
    pub(super) facts: Vec<(Poly, crate::value::Signs)>,
    /// True if one of the conditions holds at no point.
    pub(super) contradictory: bool,
    /// The number of products of terms that were computed.
    work: Cell<usize>,
}

/// The largest number of terms of a polynomial; a claim that needs more is not
/// decided.
pub(super) const MOST_TERMS: usize = 3000;
/// The largest number of products of terms for one proof.
const MOST_WORK: usize = 200_000;

impl Algebra {
    /// Returns a generator by its number.
    pub(crate) fn generator(&self, of: Gen) -> &Generator {
        &self.generators[of.0 as usize]
    }

    /// Returns all generators.
    pub(crate) fn generators(&self) -> impl Iterator<Item = (Gen, &Generator)> {
        (0..).map(Gen).zip(&self.generators)
    }

    /// Returns the interval of the values of a generator.
    pub(crate) fn interval(&self, of: Gen) -> &Interval {
        &self.generator(of).interval
    }

    /// Enters a generator.
    pub(super) fn enter(
        &mut self,
        kind: Kind,
        interval: Interval,
        relation: Option<(i64, Poly)>,
    ) -> Gen {
        let next = u32::try_from(self.generators.len()).unwrap_or(u32::MAX);
        self.generators.push(Generator { kind, interval, relation });
        Gen(next)
    }

    /// Returns the generator of a free variable.
    pub(crate) fn variable(&mut self, number: u32, domain: &Interval) -> Gen {
        if let Some(known) = self.variables.get(&number) {
            return *known;
        }
        let of = self.enter(Kind::Variable(number), domain.clone(), None);
        self.variables.insert(number, of);
        of
    }

    /// Returns the known generator of a kind, if there is one.
    pub(super) fn known(&self, kind: &Kind) -> Option<Gen> {
        let found = self.generators.iter().position(|g| g.kind == *kind);
        found.and_then(|i| u32::try_from(i).ok()).map(Gen)
    }

    /// Returns the generator of a kind that needs no relation.
    pub(super) fn plain(&mut self, kind: Kind, interval: Interval) -> Gen {
        let known = self.known(&kind);
        known.unwrap_or_else(|| self.enter(kind, interval, None))
    }

    /// Returns the sum of two ratios.
    pub(crate) fn sum(&self, a: &Ratio, b: &Ratio) -> Result<Ratio, Trouble> {
        if a.is_zero() {
            return Ok(b.clone());
        }
        if b.is_zero() {
            return Ok(a.clone());
        }
        // The common factors stay a product.
        let monomial = a.monomial.common(&b.monomial);
        let mut factors = BTreeMap::new();
        for factor in a.factors.keys().chain(b.factors.keys()) {
            let exponent = |r: &Ratio| *r.factors.get(factor).unwrap_or(&0);
            factors.insert(factor.clone(), exponent(a).min(exponent(b)));
        }
        factors.retain(|_, exponent| *exponent != 0);
        let mut common = Ratio { number: Q::one(), monomial, factors };
        let Some(inverse) = common.inverse() else {
            return Err(Trouble::Division);
        };
        let (a, b) = (a.times(&inverse), b.times(&inverse));
        let mut sum = self.expanded(&a)?.plus(&self.expanded(&b)?);
        sum = self.reduced(&sum)?;
        if sum.is_zero() {
            return Ok(Ratio::zero());
        }
        self.work(sum.len() * (1 + common.factors.len()) * 8)?;
        self.cancel(&mut sum, &mut common);
        Ok(common.times(&Ratio::from_poly(&sum)))
    }

    /// Divides a numerator by the factors of its denominator that divide it.
    fn cancel(&self, sum: &mut Poly, common: &mut Ratio) {
        let below: Vec<(Poly, i64)> =
            common.factors.iter().map(|(f, e)| (f.clone(), *e)).collect();
        for (factor, exponent) in below {
            for _ in exponent..0 {
                let Some(quotient) = sum.divided(&factor) else { break };
                *sum = quotient;
                let one = BTreeMap::from([(factor.clone(), 1)]);
                *common = common.times(&Ratio { factors: one, ..Ratio::one() });
            }
        }
        let roots: Vec<(Gen, Exponent)> = common.monomial.iter().collect();
        for (of, exponent) in roots {
            let Some((degree, radicand)) = &self.generator(of).relation else {
                continue;
            };
            let degree = Exponent::from(*degree);
            let mut left = exponent;
            while left < Exponent::ZERO && radicand.as_constant().is_none() {
                let Some(quotient) = sum.divided(radicand) else { break };
                *sum = quotient;
                let power = Monomial::power(of, degree);
                common.monomial = common.monomial.times(&power);
                left += degree;
            }
        }
    }

    /// Returns the difference of two ratios.
    pub(crate) fn difference(
        &self,
        a: &Ratio,
        b: &Ratio,
    ) -> Result<Ratio, Trouble> {
        self.sum(a, &b.negated())
    }

    /// Returns whether two ratios are the same element of the ring.
    pub(crate) fn equal(&self, a: &Ratio, b: &Ratio) -> bool {
        a == b || self.difference(a, b).is_ok_and(|d| d.is_zero())
    }

    /// Returns the work counted so far.
    pub(super) fn counted(&self) -> usize {
        self.work.get()
    }

    /// Resets the count to an earlier value: later work is counted elsewhere.
    pub(super) fn count_anew(&self, counted: usize) {
        self.work.set(counted);
    }

    /// Counts work; an error if it is more than one proof may take.
    pub(super) fn work(&self, more: usize) -> Result<(), Trouble> {
        self.work.set(self.work.get().saturating_add(more));
        let spent = crate::work::is_spent();
        if spent || more > 100 * MOST_TERMS || self.work.get() > MOST_WORK {
            return Err(Trouble::Budget);
        }
        Ok(())
    }

    /// Returns whether two combinations of vectors are equal.
    pub(crate) fn same_vector(&self, a: &Combination, b: &Combination) -> bool {
        let zero = Ratio::zero();
        let atoms = a.keys().chain(b.keys());
        atoms.into_iter().all(|atom| {
            let of = |c: &Combination| c.get(atom).unwrap_or(&zero).clone();
            self.equal(&of(a), &of(b))
        })
    }

    /// Returns whether two lists of arguments are equal.
    pub(super) fn same_arguments(
        &self,
        a: &[Argument],
        b: &[Argument],
    ) -> bool {
        a.len() == b.len()
            && a.iter().zip(b).all(|pair| match pair {
                (Argument::Scalar(a), Argument::Scalar(b)) => self.equal(a, b),
                (Argument::Vector(a), Argument::Vector(b)) => {
                    self.same_vector(a, b)
                }
                _ => false,
            })
    }
}
