//! Limits of a term as a variable goes to infinity, or to 0 from above: by
//! continuity, by the limits of its parts, and by derivatives (L'Hôpital).
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `parts` | sums, products, powers and functions, by the limits of their parts |
//! | `quotients` | quotients, also by derivatives; products as quotients |

mod parts;
mod quotients;

use super::limit::{Domain, depends};
use crate::algebra::Normalizer;
use crate::expr::Function;
use crate::term::{Op, Term, Terms};
use crate::value::{Interval, Signs, whole};
use rustc_hash::FxHashMap as HashMap;

/// The place that a variable goes to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// Infinity.
    Infinity,
    /// The number 0, from above.
    Zero,
}

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Limit {
    /// A number that does not depend on the variable.
    Finite(Term),
    /// Plus infinity if false, minus infinity if true.
    Infinite(bool),
}

/// The largest number of derivatives and rewritings on one path.
const DEPTH: u32 = 5;
/// The largest number of terms that are examined.
const LOOKS: u32 = 400;

/// A search for limits.
pub(super) struct Approach<'a> {
    pub(super) terms: &'a mut Terms,
    pub(super) variable: u32,
    pub(super) place: Place,
    /// The domains of all other variables.
    pub(super) domain: &'a Domain,
    looks: u32,
}

impl<'a> Approach<'a> {
    pub(super) fn new(
        terms: &'a mut Terms,
        variable: u32,
        place: Place,
        domain: &'a Domain,
    ) -> Self {
        Self { terms, variable, place, domain, looks: LOOKS }
    }

    /// Returns the limit of a term, if it is found.
    pub(super) fn of(&mut self, term: Term) -> Option<Limit> {
        let term = self.without_bars(term)?;
        self.limit(term, DEPTH)
    }

    /// Returns the term without the absolute values whose arguments have one
    /// sign near the place.
    fn without_bars(&mut self, term: Term) -> Option<Term> {
        let mut inside = vec![];
        let terms = &*self.terms;
        terms.visit(&[term], &mut |part| {
            if let Op::Absolute(inner) = terms.op(part) {
                inside.push(*inner);
            }
        });
        let below: HashMap<Term, bool> = inside
            .into_iter()
            .filter_map(|inner| Some((inner, self.sign_near(inner)?)))
            .collect();
        if below.is_empty() {
            return Some(term);
        }
        self.terms.without_bars(term, &below).ok()
    }

    fn limit(&mut self, term: Term, depth: u32) -> Option<Limit> {
        self.looks = self.looks.checked_sub(1)?;
        crate::work::spend(20);
        if crate::work::is_spent() {
            return None;
        }
        if !depends(self.terms, &[term], self.variable) {
            return Some(Limit::Finite(term));
        }
        if let Some(value) = self.continuous(term) {
            return Some(Limit::Finite(value));
        }
        match self.terms.op(term).clone() {
            Op::Variable(_) => match self.place {
                Place::Infinity => Some(Limit::Infinite(false)),
                Place::Zero => None,
            },
            Op::Sum(parts) => self
                .sum(&parts, depth)
                .or_else(|| self.as_fraction(term, depth)),
            Op::Product(parts) => self
                .product(&parts, depth)
                .or_else(|| self.quotients(&parts, depth))
                .or_else(|| self.as_fraction(term, depth)),
            Op::Quotient(a, b) => self
                .quotient(a, b, depth)
                .or_else(|| self.as_fraction(term, depth)),
            Op::Power(a, n) => {
                let limit = self.limit(a, depth)?;
                self.power(limit, a, n)
            }
            Op::Root(degree, a) => match self.limit(a, depth)? {
                Limit::Infinite(false) => Some(Limit::Infinite(false)),
                Limit::Infinite(true) => None,
                Limit::Finite(a) => {
                    let root = self.terms.root(degree, a).ok()?;
                    self.finite(root)
                }
            },
            Op::Absolute(a) => match self.limit(a, depth)? {
                Limit::Finite(a) => {
                    let absolute = self.terms.absolute(a);
                    self.finite(absolute)
                }
                Limit::Infinite(_) => Some(Limit::Infinite(false)),
            },
            Op::Function(function, a) => self.function(function, a, depth),
            Op::RealPower(a, b) => {
                let log = self.terms.log(a).ok()?;
                let exponent = self.terms.mul(b, log);
                self.function(Function::Exp, exponent, depth)
            }
            _ => None,
        }
    }

    /// Returns the value at the place, if the term is continuous there.
    fn continuous(&mut self, term: Term) -> Option<Term> {
        let Place::Zero = self.place else { return None };
        let zero = self.terms.zero();
        let there = self.terms.substituted(term, self.variable, zero).ok()?;
        match self.finite(there)? {
            Limit::Finite(there) => Some(there),
            Limit::Infinite(_) => None,
        }
    }

    /// Returns a term as a limit, if the term has a value.
    fn finite(&mut self, term: Term) -> Option<Limit> {
        for need in self.terms.obligations(&[term]) {
            if !self.signs(need.term)?.are(need.signs) {
                return None;
            }
        }
        // The ring also shows a denominator that equals zero in another form.
        self.normalizer().ratio(term).ok()?;
        Some(Limit::Finite(term))
    }

    fn normalizer(&self) -> Normalizer<'_> {
        let mut normalizer = Normalizer::new(self.terms);
        normalizer.domains.clone_from(self.domain);
        normalizer
    }

    fn signs(&self, term: Term) -> Option<Signs> {
        self.normalizer().signs(term).ok()
    }

    /// Returns whether a term is negative near the place; none if its sign
    /// there is unknown.
    fn sign_near(&self, term: Term) -> Option<bool> {
        let mut normalizer = self.normalizer();
        let near = match self.place {
            Place::Infinity => Interval::from(whole(1_000_000), false),
            Place::Zero => Interval {
                low: Some(whole(0)),
                high: Some(whole(1) / whole(1000)),
                with_low: false,
                with_high: false,
            },
        };
        normalizer.domains.insert(self.variable, near);
        let signs = normalizer.signs(term).ok()?;
        if signs.are(Signs::POSITIVE) {
            Some(false)
        } else if signs.are(Signs::NEGATIVE) {
            Some(true)
        } else {
            None
        }
    }
}
