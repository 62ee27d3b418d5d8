//! The conversion of terms to elements of the ring.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `vectors` | equal vectors; inner products of vectors |
//! | `calls` | values of unknown functions |
//! | `cases` | the case that applies; the largest value |
//! | `signs` | signs of terms, by their form and by conditions |

mod calls;
mod cases;
mod signs;
mod vectors;

use super::monomial::{Exponent, Monomial};
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, Kind};
use crate::expr::Function;
use crate::term::{Atom, Op, Term, Terms};
use crate::value::{Interval, Q, Signs, Trouble, whole};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

/// A converter of the terms of a claim to elements of one ring.
#[derive(Debug)]
pub(crate) struct Normalizer<'a> {
    pub(crate) terms: &'a Terms,
    pub(crate) algebra: Algebra,
    /// The domains that are smaller here than the variables' own.
    pub(crate) domains: HashMap<u32, Interval>,
    /// The known values of variables.
    pub(crate) values: HashMap<u32, Ratio>,
    /// The vectors that are known by their entries.
    pub(crate) entries: HashMap<Atom, Vec<Q>>,
    known: HashMap<Term, Result<Ratio, Trouble>>,
    /// True for a term that was shown to have a value on the whole domain.
    total: HashMap<Term, bool>,
    /// The variables `x` for which `1 - x` is a term.
    complements: HashSet<u32>,
}

impl<'a> Normalizer<'a> {
    pub(crate) fn new(terms: &'a Terms) -> Self {
        Self {
            terms,
            algebra: Algebra::default(),
            domains: HashMap::default(),
            values: HashMap::default(),
            entries: HashMap::default(),
            known: HashMap::default(),
            total: HashMap::default(),
            complements: terms.complements(),
        }
    }

    /// Returns the element of the ring for a term.
    pub(crate) fn ratio(&mut self, term: Term) -> Result<Ratio, Trouble> {
        if let Some(known) = self.known.get(&term) {
            return known.clone();
        }
        let known = |part| self.known.contains_key(&part);
        for part in self.terms.order(term, known) {
            let result = self.one(part);
            self.known.insert(part, result);
        }
        self.known[&term].clone()
    }

    /// Returns the difference of two terms.
    pub(crate) fn difference(
        &mut self,
        a: Term,
        b: Term,
    ) -> Result<Ratio, Trouble> {
        let (a, b) = (self.ratio(a)?, self.ratio(b)?);
        self.algebra.difference(&a, &b)
    }

    /// Returns the element for a term from the elements of its parts.
    fn one(&mut self, term: Term) -> Result<Ratio, Trouble> {
        match self.terms.op(term) {
            Op::Number(value) => Ok(Ratio::number(value.clone())),
            Op::Pi => Ok(self.algebra.pi()),
            Op::Variable(number) => Ok(self.variable(*number)),
            Op::Sum(parts) => {
                let mut sum = Ratio::zero();
                for part in parts {
                    let part = self.part(*part)?;
                    sum = self.algebra.sum(&sum, &part)?;
                }
                Ok(sum)
            }
            Op::Product(parts) => {
                let mut product = Ratio::one();
                for part in parts {
                    product = product.times(&self.part(*part)?);
                }
                Ok(product)
            }
            Op::Quotient(a, b) => {
                let (a, b) = (self.part(*a)?, self.part(*b)?);
                let inverse = b.inverse().ok_or(Trouble::Division)?;
                Ok(a.times(&inverse))
            }
            Op::Power(a, exponent) => {
                self.part(*a)?.power(*exponent).ok_or(Trouble::Division)
            }
            Op::Root(degree, a) => {
                let a = self.part(*a)?;
                self.algebra.root(*degree, &a)
            }
            Op::Absolute(a) => {
                let a = self.part(*a)?;
                self.algebra.absolute(&a)
            }
            Op::Function(function, a) => {
                let a = self.part(*a)?;
                match function {
                    Function::Log => self.algebra.log(&a),
                    Function::Exp => self.algebra.exp(&a),
                    Function::Sin => self.algebra.sine(&a),
                    Function::Cos => self.algebra.cosine(&a),
                    Function::Tanh => self.algebra.tanh(&a),
                }
            }
            Op::RealPower(a, b) => {
                let (a, b) = (self.part(*a)?, self.part(*b)?);
                if a.is_zero() && self.algebra.signs(&b).are(Signs::POSITIVE) {
                    return Ok(a);
                }
                if !self.algebra.signs(&a).are(Signs::POSITIVE) {
                    return Err(Trouble::disputed_power());
                }
                let log = self.algebra.log(&a)?;
                self.algebra.exp(&b.times(&log))
            }
            Op::Inner(a, b) => self.inner(*a, *b),
            Op::Call(call) => self.call(call),
            Op::Cases(cases) => self.cases(cases),
            Op::Extremum(most, parts) => self.extremum(*most, parts),
            Op::Integral(variable, [from, to, body]) => {
                let [from, to, body] =
                    [self.part(*from)?, self.part(*to)?, self.part(*body)?];
                let own = &self.terms.variables()[*variable as usize];
                let of = self.algebra.variable(*variable, &own.domain);
                self.algebra.integral(of, &from, &to, &body)
            }
        }
    }

    fn part(&self, term: Term) -> Result<Ratio, Trouble> {
        self.known.get(&term).cloned().unwrap_or(Err(Trouble::Budget))
    }

    fn variable(&mut self, number: u32) -> Ratio {
        if let Some(value) = self.values.get(&number) {
            return value.clone();
        }
        let variables = self.terms.variables();
        let own = &variables[number as usize].domain;
        let domain = self.domains.get(&number).unwrap_or(own);
        if let Some(only) = domain.single() {
            return Ratio::number(only.clone());
        }
        // If the terms contain 1 - x, then 1 - x is the generator, so that a
        // product of such factors stays a product.
        if self.complements.contains(&number)
            && let (Some(low), Some(high)) = (&domain.low, &domain.high)
        {
            let interval = Interval {
                low: Some(whole(1) - high),
                high: Some(whole(1) - low),
                with_low: domain.with_high,
                with_high: domain.with_low,
            };
            let of = self.algebra.plain(Kind::Complement(number), interval);
            let mut gap = Poly::constant(whole(1));
            gap.put(Monomial::power(of, Exponent::ONE), whole(-1));
            return Ratio::from_poly(&gap);
        }
        let of = self.algebra.variable(number, domain);
        Ratio::monomial(Monomial::power(of, Exponent::ONE))
    }
}
