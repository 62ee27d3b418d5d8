//! Where a term goes as a variable goes to infinity, or falls to a number:
//! by continuity, by the limits of its parts, and by derivatives (L'Hôpital).

use super::instance::obligations;
use super::limit::{Domain, depends, fraction};
use crate::algebra::Normalizer;
use crate::expr::Function;
use crate::term::{Op, Term, Terms};
use crate::value::{Interval, Signs, whole};
use std::collections::HashMap;

/// Where a variable goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// Beyond all bounds.
    Infinity,
    /// To 0 from above.
    Zero,
}

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Limit {
    /// A number that does not depend on what varies.
    Finite(Term),
    /// Beyond all bounds, with this sign.
    Infinite(bool),
}

/// How often a derivative is taken on one way.
const DEPTH: u32 = 5;
/// The most terms that are looked at.
const LOOKS: u32 = 400;

/// A search for limits.
pub(super) struct Approach<'a> {
    pub(super) terms: &'a mut Terms,
    pub(super) variable: u32,
    pub(super) place: Place,
    /// The values of all other quantities.
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

    /// The limit of a term, if it is found.
    pub(super) fn of(&mut self, term: Term) -> Option<Limit> {
        let term = self.without_bars(term)?;
        self.limit(term, DEPTH)
    }

    /// The term without the absolute values whose arguments have one sign near
    /// the place.
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

    /// The value at the place, where the term is continuous there.
    fn continuous(&mut self, term: Term) -> Option<Term> {
        let Place::Zero = self.place else { return None };
        let zero = self.terms.zero();
        let there = self.terms.substituted(term, self.variable, zero).ok()?;
        match self.finite(there)? {
            Limit::Finite(there) => Some(there),
            Limit::Infinite(_) => None,
        }
    }

    /// A term that has a value.
    fn finite(&mut self, term: Term) -> Option<Limit> {
        for need in obligations(self.terms, &[term]) {
            if !self.signs(need.term)?.are(need.signs) {
                return None;
            }
        }
        // A zero in a denominator that is no plain one shows in the ring.
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

    /// The sign of a term near the place, beyond what its limit says.
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

    fn sum(&mut self, parts: &[Term], depth: u32) -> Option<Limit> {
        let (mut finite, mut infinite) = (vec![], None);
        for part in parts {
            match self.limit(*part, depth)? {
                Limit::Finite(term) => finite.push(term),
                Limit::Infinite(minus) => {
                    if infinite.is_some_and(|known| known != minus) {
                        return None;
                    }
                    infinite = Some(minus);
                }
            }
        }
        let sum = self.terms.sum(&finite);
        Some(infinite.map_or(Limit::Finite(sum), Limit::Infinite))
    }

    fn product(&mut self, parts: &[Term], depth: u32) -> Option<Limit> {
        let (mut finite, mut infinite) = (vec![], None);
        for part in parts {
            match self.limit(*part, depth)? {
                Limit::Finite(term) => finite.push(term),
                Limit::Infinite(minus) => {
                    infinite = Some(infinite.unwrap_or(false) ^ minus);
                }
            }
        }
        let product = self.terms.product(&finite);
        let Some(minus) = infinite else {
            return Some(Limit::Finite(product));
        };
        let signs = self.signs(product)?;
        if signs.are(Signs::POSITIVE) {
            Some(Limit::Infinite(minus))
        } else if signs.are(Signs::NEGATIVE) {
            Some(Limit::Infinite(!minus))
        } else {
            None
        }
    }

    fn power(&mut self, limit: Limit, base: Term, n: i64) -> Option<Limit> {
        match limit {
            Limit::Infinite(minus) if n > 0 => {
                Some(Limit::Infinite(minus && n % 2 != 0))
            }
            Limit::Infinite(_) if n < 0 => {
                Some(Limit::Finite(self.terms.zero()))
            }
            Limit::Infinite(_) => None,
            Limit::Finite(at) => {
                let signs = self.signs(at)?;
                if n < 0 && signs == Signs::ZERO {
                    let minus = n % 2 != 0 && self.sign_near(base)?;
                    return Some(Limit::Infinite(minus));
                }
                let power = self.terms.power(at, n).ok()?;
                self.finite(power)
            }
        }
    }

    fn function(
        &mut self,
        function: Function,
        of: Term,
        depth: u32,
    ) -> Option<Limit> {
        let limit = self.limit(of, depth)?;
        let zero = self.terms.zero();
        match (function, limit) {
            (Function::Log, Limit::Finite(at))
                if self.signs(at)? == Signs::ZERO =>
            {
                Some(Limit::Infinite(true))
            }
            (Function::Log, Limit::Finite(at)) => {
                let log = self.terms.log(at).ok()?;
                self.finite(log)
            }
            (_, Limit::Finite(at)) => {
                let value = self.terms.apply(function, at).ok()?;
                self.finite(value)
            }
            (Function::Exp, Limit::Infinite(true)) => Some(Limit::Finite(zero)),
            (Function::Exp | Function::Log, Limit::Infinite(false)) => {
                Some(Limit::Infinite(false))
            }
            (Function::Tanh, Limit::Infinite(minus)) => {
                let one = self.terms.whole(if minus { -1 } else { 1 });
                Some(Limit::Finite(one))
            }
            _ => None,
        }
    }

    fn quotient(&mut self, a: Term, b: Term, depth: u32) -> Option<Limit> {
        let (above, below) = (self.limit(a, depth)?, self.limit(b, depth)?);
        match (above, below) {
            (Limit::Finite(_), Limit::Infinite(_)) => {
                Some(Limit::Finite(self.terms.zero()))
            }
            (Limit::Infinite(minus), Limit::Finite(at)) => {
                let signs = self.signs(at)?;
                let flips = if signs.are(Signs::POSITIVE) {
                    false
                } else if signs.are(Signs::NEGATIVE) {
                    true
                } else if signs == Signs::ZERO {
                    self.sign_near(b)?
                } else {
                    return None;
                };
                Some(Limit::Infinite(minus ^ flips))
            }
            (Limit::Infinite(_), Limit::Infinite(_)) => {
                self.by_derivatives(a, b, depth)
            }
            (Limit::Finite(over), Limit::Finite(under)) => {
                let (over_signs, signs) =
                    (self.signs(over)?, self.signs(under)?);
                if signs.are(Signs::NOT_ZERO) {
                    let value = self.terms.div(over, under).ok()?;
                    return self.finite(value);
                }
                if signs != Signs::ZERO {
                    return None;
                }
                if over_signs == Signs::ZERO {
                    return self.by_derivatives(a, b, depth);
                }
                let minus = if over_signs.are(Signs::POSITIVE) {
                    false
                } else if over_signs.are(Signs::NEGATIVE) {
                    true
                } else {
                    return None;
                };
                Some(Limit::Infinite(minus ^ self.sign_near(b)?))
            }
        }
    }

    /// L'Hôpital's rule. No function here swings near the place: a sine or a
    /// cosine of what goes to infinity has no limit that is found.
    fn by_derivatives(
        &mut self,
        a: Term,
        b: Term,
        depth: u32,
    ) -> Option<Limit> {
        let depth = depth.checked_sub(1)?;
        let a = self.terms.derivative(a, self.variable).ok()?;
        let b = self.terms.derivative(b, self.variable).ok()?;
        let quotient = self.terms.div(a, b).ok()?;
        let (a, b) = fraction(self.terms, quotient).ok()?;
        self.quotient(a, b, depth)
    }

    /// A term as one fraction.
    fn as_fraction(&mut self, term: Term, depth: u32) -> Option<Limit> {
        let (a, b) = fraction(self.terms, term).ok()?;
        if self.terms.as_number(b).is_some() {
            return None;
        }
        let depth = depth.checked_sub(1)?;
        self.quotient(a, b, depth)
    }

    /// A product of what goes to 0 and what goes to infinity, as a quotient:
    /// one factor after the other is taken below the line.
    fn quotients(&mut self, parts: &[Term], depth: u32) -> Option<Limit> {
        let depth = depth.checked_sub(1)?;
        for i in 0..parts.len() {
            let Some(below) = self.inverse(parts[i]) else { continue };
            let rest = [&parts[..i], &parts[i + 1..]].concat();
            let above = self.terms.product(&rest);
            if let Some(found) = self.quotient(above, below, depth) {
                return Some(found);
            }
        }
        None
    }

    /// One over a term that varies and is not zero near the place.
    fn inverse(&mut self, of: Term) -> Option<Term> {
        if !depends(self.terms, &[of], self.variable) {
            return None;
        }
        match self.terms.op(of).clone() {
            Op::Function(Function::Exp, inner) => {
                let minus = self.terms.neg(inner);
                self.terms.exp(minus).ok()
            }
            Op::Power(a, n) => {
                self.sign_near(a)?;
                self.terms.power(a, n.checked_neg()?).ok()
            }
            Op::Quotient(a, b) => {
                self.sign_near(a)?;
                self.terms.div(b, a).ok()
            }
            _ => {
                self.sign_near(of)?;
                let one = self.terms.whole(1);
                self.terms.div(one, of).ok()
            }
        }
    }
}
