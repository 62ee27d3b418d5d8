//! The signs that an element of the ring may have on the domain.

use super::bounds::{plus, power, times};
use super::monomial::{Exponent, Gen, share};
use super::orthant;
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, Kind};
use crate::value::{Interval, Q, Signs};
use num_traits::{One, Zero};
use std::collections::BTreeMap;

impl Algebra {
    /// Returns the signs that an element may have where it has a value.
    pub(crate) fn signs(&mut self, ratio: &Ratio) -> Signs {
        let mut signs = Signs::of(&ratio.number);
        for (of, exponent) in ratio.monomial.iter() {
            signs = signs.times(self.signs_of_power(of, exponent));
        }
        for (factor, exponent) in &ratio.factors {
            let own = self.signs_of_poly(factor);
            signs = signs.times(own.power(*exponent));
        }
        signs
    }

    fn signs_of_power(&self, of: Gen, exponent: Exponent) -> Signs {
        let own = Signs::within(self.interval(of));
        if exponent.is_integer() {
            return own.power(exponent.to_integer());
        }
        // A fractional power has a value only where its base is not negative.
        let own = own.and(Signs::NOT_NEGATIVE);
        if exponent < Exponent::ZERO { own.and(Signs::POSITIVE) } else { own }
    }

    /// Returns the signs that a polynomial may have.
    pub(crate) fn signs_of_poly(&mut self, poly: &Poly) -> Signs {
        if let Some(number) = poly.as_constant() {
            return Signs::of(&number);
        }
        if let Some(known) = self.signs.get(poly) {
            return *known;
        }
        let mut signs = Signs::within(&self.bounds(poly));
        if signs.single().is_none()
            && let Some(square) = self.signs_of_squares(poly)
        {
            signs = signs.and(square);
        }
        if signs.single().is_none() && !crate::work::is_spent() {
            let (poly, boxes) = self.with_cosines(poly);
            signs = signs.and(orthant::signs(&poly, &boxes));
        }
        self.signs.insert(poly.clone(), signs);
        signs
    }

    /// Notes the signs of an element that were shown in another way, if the
    /// element has only one polynomial factor.
    pub(crate) fn learn(&mut self, ratio: &Ratio, signs: Signs) {
        let mut factors = ratio.factors.iter();
        let (Some((factor, exponent)), None) = (factors.next(), factors.next())
        else {
            return;
        };
        // A sign of 1/x holds only where x is not 0, so it is not a sign of x.
        let below = ratio.monomial.iter().filter(|(_, e)| *e < Exponent::ZERO);
        let mut zeros = below.filter(|(of, _)| {
            !Signs::within(self.interval(*of)).are(Signs::NOT_ZERO)
        });
        if *exponent < 0 || zeros.next().is_some() {
            return;
        }
        let mut rest = ratio.clone();
        rest.factors.clear();
        let rest = self.signs(&rest);
        if exponent % 2 != 0
            && rest.are(Signs::NOT_ZERO)
            && rest.single().is_some()
        {
            let known = self.signs_of_poly(factor).and(signs.times(rest));
            self.signs.insert(factor.clone(), known);
        }
    }

    /// Returns a polynomial with every inner product of two different vectors
    /// written as a cosine times their lengths, and the intervals of its
    /// generators.
    fn with_cosines(&self, poly: &Poly) -> (Poly, BTreeMap<Gen, Interval>) {
        let mut boxes = BTreeMap::new();
        let mut result = Poly::zero();
        let one = || Q::one();
        let cosine = Interval::closed(-one(), one());
        for (monomial, coefficient) in poly.terms() {
            let mut changed = monomial.clone();
            for (of, exponent) in monomial.iter() {
                let Kind::Inner(a, b) = self.generator(of).kind else {
                    boxes.insert(of, self.interval(of).clone());
                    continue;
                };
                if a == b {
                    boxes.insert(of, self.interval(of).clone());
                    continue;
                }
                let squares = [a, b].map(|v| self.known(&Kind::Inner(v, v)));
                let [Some(a), Some(b)] = squares else {
                    boxes.insert(of, Interval::REALS);
                    continue;
                };
                // From here on the generator stands for the cosine.
                boxes.insert(of, cosine.clone());
                for square in [a, b] {
                    let half = share(exponent, 2);
                    let length = super::Monomial::power(square, half);
                    changed = changed.times(&length);
                    boxes.insert(square, self.interval(square).clone());
                }
            }
            result.put(changed, coefficient.clone());
        }
        (result, boxes)
    }

    /// Returns an interval that contains every value of a polynomial, by
    /// interval arithmetic.
    pub(crate) fn bounds(&self, poly: &Poly) -> Interval {
        let mut sum = Interval::point(&Q::zero());
        for (monomial, coefficient) in poly.terms() {
            if crate::work::is_spent() {
                return Interval::REALS;
            }
            let mut product = Interval::point(coefficient);
            for (of, exponent) in monomial.iter() {
                let power = power(self.interval(of), exponent);
                product = times(&product, &power);
            }
            sum = plus(&sum, &product);
        }
        sum
    }
}
