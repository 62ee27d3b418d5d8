//! Roots and absolute values.

use super::monomial::{Exponent, Monomial, share};
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, Kind};
use crate::value::{Interval, Q, Signs, Trouble, whole};
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

impl Algebra {
    /// Returns the root of a degree. Each factor whose sign is known gets a
    /// root of its own, `√(ab) = √a √b`; the others stay together under one
    /// root.
    pub(crate) fn root(
        &mut self,
        degree: u32,
        of: &Ratio,
    ) -> Result<Ratio, Trouble> {
        if of.is_zero() {
            return Ok(Ratio::zero());
        }
        if degree % 2 == 1 {
            return self.odd_root(degree, of);
        }
        let n = i64::from(degree);
        let mut outside = Ratio::one();
        // The factors that stay under the root, and the sign of the radicand.
        let mut inside = Ratio::one();
        let mut minus = of.number.is_negative();
        for (generator, exponent) in of.monomial.iter() {
            let signs = Signs::within(self.interval(generator));
            if signs.are(Signs::NOT_NEGATIVE) || !exponent.is_integer() {
                let share = share(exponent, n);
                let power = Monomial::power(generator, share);
                outside = outside.times(&Ratio::monomial(power));
                continue;
            }
            let (times, left) = split(exponent.to_integer(), n);
            let one = Monomial::power(generator, Exponent::ONE);
            let one = Ratio::monomial(one);
            let absolute = self.absolute(&one)?;
            outside = outside.times(&power_of(&absolute, times)?);
            inside = inside.times(&power_of(&one, left)?);
        }
        for (factor, exponent) in &of.factors {
            let (times, left) = split(*exponent, n);
            let one = single(factor, 1);
            if times != 0 {
                let absolute = self.absolute(&one)?;
                outside = outside.times(&power_of(&absolute, times)?);
            }
            if left == 0 {
                continue;
            }
            let signs = self.signs_of_poly(factor);
            if signs.are(Signs::NOT_NEGATIVE) {
                let root = self.root_of_poly(n, factor);
                outside = outside.times(&power_of(&root, left)?);
            } else if signs.are(Signs::NOT_POSITIVE) && left % 2 == 1 {
                minus = !minus;
                let root = self.root_of_poly(n, &factor.scaled(&whole(-1)));
                outside = outside.times(&power_of(&root, left)?);
            } else {
                inside = inside.times(&single(factor, left));
            }
        }
        let number = self.root_of_number(n, &of.number.abs())?;
        let sign = if minus { whole(-1) } else { whole(1) };
        let rest = self.expanded(&inside.scaled(&sign))?;
        match rest.as_constant() {
            Some(one) if one.is_one() => {}
            // The root has a value where the part outside is zero.
            Some(_) if !self.signs(&outside).are(Signs::NOT_ZERO) => {
                let why =
                    "a root that is no real number except where it is zero";
                return Err(Trouble::Unsupported(why.into()));
            }
            Some(_) => {
                let what = "the root of a negative number";
                return Err(Trouble::Undefined(what));
            }
            None => {
                outside = outside.times(&self.root_of_poly(n, &rest));
            }
        }
        Ok(outside.times(&number))
    }

    /// Returns the real root of odd degree of a ratio of known sign, also of a
    /// negative one.
    fn odd_root(&mut self, degree: u32, of: &Ratio) -> Result<Ratio, Trouble> {
        let signs = self.signs(of);
        let flips = signs.are(Signs::NOT_POSITIVE);
        if !flips && !signs.are(Signs::NOT_NEGATIVE) {
            let why = "an odd root of an expression that may be negative";
            return Err(Trouble::Unsupported(why.into()));
        }
        let of = if flips { of.negated() } else { of.clone() };
        let n = i64::from(degree);
        let mut result = self.root_of_number(n, &of.number.abs())?;
        for (generator, exponent) in of.monomial.iter() {
            let share = share(exponent, n);
            if !Signs::within(self.interval(generator)).are(Signs::NOT_NEGATIVE)
            {
                let why = "an odd root of an expression that may be negative";
                return Err(Trouble::Unsupported(why.into()));
            }
            let power = Monomial::power(generator, share);
            result = result.times(&Ratio::monomial(power));
        }
        for (factor, exponent) in &of.factors {
            if !self.signs_of_poly(factor).are(Signs::NOT_NEGATIVE) {
                let why = "an odd root of an expression that may be negative";
                return Err(Trouble::Unsupported(why.into()));
            }
            let (times, left) = split(*exponent, n);
            result = result.times(&single(factor, times));
            let root = self.root_of_poly(n, factor);
            result = result.times(&power_of(&root, left)?);
        }
        Ok(if flips { result.negated() } else { result })
    }

    /// Returns the generator `r ≥ 0` with `r^n = p`.
    fn root_of_poly(&mut self, n: i64, of: &Poly) -> Ratio {
        let kind = Kind::Root(n, of.clone());
        let known = self.known(&kind);
        let generator = known.unwrap_or_else(|| {
            let positive = self.signs_of_poly(of).are(Signs::POSITIVE);
            let bounds = self.bounds(of);
            let mut interval = Interval::from(Q::zero(), !positive);
            if bounds.high.is_some_and(|high| high <= Q::one()) {
                interval.high = Some(Q::one());
                interval.with_high = true;
            }
            self.enter(kind, interval, Some((n, of.clone())))
        });
        Ratio::monomial(Monomial::power(generator, Exponent::ONE))
    }

    /// Returns the root of a positive number as a rational number times roots
    /// of primes, so that `√6` is `√2 √3`.
    fn root_of_number(&mut self, n: i64, of: &Q) -> Result<Ratio, Trouble> {
        let mut result = Ratio::one();
        for (prime, exponent) in prime_powers(of) {
            let (times, left) = split(exponent, n);
            let prime = Q::from_integer(prime);
            result =
                result.times(&power_of(&Ratio::number(prime.clone()), times)?);
            if left > 0 {
                let root = self.surd(n, &prime);
                result = result.times(&power_of(&root, left)?);
            }
        }
        Ok(result)
    }

    fn surd(&mut self, n: i64, of: &Q) -> Ratio {
        let poly = Poly::constant(of.clone());
        let kind = Kind::Root(n, poly.clone());
        let generator = self.known(&kind).unwrap_or_else(|| {
            // The interval is exact to nine digits.
            let scale = BigInt::from(10).pow(9);
            let degree = u32::try_from(n).unwrap_or(2);
            let scaled = of * Q::from_integer(scale.pow(degree));
            let floor = scaled.floor().to_integer().nth_root(degree);
            let low = Q::new(floor.clone(), scale.clone());
            let high = Q::new(floor + 1, scale);
            let interval = Interval::closed(low, high);
            self.enter(kind, interval, Some((n, poly)))
        });
        Ratio::monomial(Monomial::power(generator, Exponent::ONE))
    }

    /// Returns the absolute value.
    pub(crate) fn absolute(&mut self, of: &Ratio) -> Result<Ratio, Trouble> {
        let mut result = Ratio::number(of.number.abs());
        for (generator, exponent) in of.monomial.iter() {
            let power = Monomial::power(generator, exponent);
            let signs = Signs::within(self.interval(generator));
            let even = exponent.is_integer() && exponent.to_integer() % 2 == 0;
            if even || !exponent.is_integer() || signs.are(Signs::NOT_NEGATIVE)
            {
                result = result.times(&Ratio::monomial(power));
            } else if signs.are(Signs::NOT_POSITIVE) {
                result = result.times(&Ratio::monomial(power)).negated();
            } else {
                let absolute = self.absolute_of(&Poly::generator(generator));
                let times = exponent.to_integer();
                result = result.times(&power_of(&absolute, times)?);
            }
        }
        for (factor, exponent) in &of.factors {
            if exponent % 2 == 0 {
                result = result.times(&single(factor, *exponent));
                continue;
            }
            let signs = self.signs_of_poly(factor);
            if signs.are(Signs::NOT_NEGATIVE) {
                result = result.times(&single(factor, *exponent));
            } else if signs.are(Signs::NOT_POSITIVE) {
                result = result.times(&single(factor, *exponent)).negated();
            } else {
                let absolute = self.absolute_of(factor);
                result = result.times(&power_of(&absolute, *exponent)?);
            }
        }
        Ok(result)
    }

    fn absolute_of(&mut self, poly: &Poly) -> Ratio {
        let kind = Kind::Absolute(poly.clone());
        let generator = if let Some(known) = self.known(&kind) {
            known
        } else {
            let square = poly.times(poly);
            let square = self.reduced(&square).unwrap_or(square);
            let interval = Interval::from(Q::zero(), true);
            self.enter(kind, interval, Some((2, square)))
        };
        Ratio::monomial(Monomial::power(generator, Exponent::ONE))
    }
}

/// Divides an exponent by `n`, with a remainder from 0 to `n - 1`.
fn split(exponent: i64, n: i64) -> (i64, i64) {
    (exponent.div_euclid(n), exponent.rem_euclid(n))
}

fn power_of(ratio: &Ratio, exponent: i64) -> Result<Ratio, Trouble> {
    ratio.power(exponent).ok_or(Trouble::Division)
}

/// Returns a power of one polynomial.
fn single(factor: &Poly, exponent: i64) -> Ratio {
    let mut ratio = Ratio::one();
    if exponent != 0 {
        ratio.factors.insert(factor.clone(), exponent);
    }
    ratio
}

/// Divides a number by the highest power of a factor, and returns the exponent.
fn divide_out(of: &mut BigInt, factor: &BigInt) -> i64 {
    crate::work::spend(usize::try_from(of.bits() / 64).unwrap_or(usize::MAX));
    if !(&*of % factor).is_zero() {
        return 0;
    }
    *of /= factor;
    // Dividing by the square first takes few divisions for a large exponent.
    let twice = divide_out(of, &(factor * factor));
    let once = (&*of % factor).is_zero();
    if once {
        *of /= factor;
    }
    1 + 2 * twice + i64::from(once)
}

/// Returns the primes up to a thousand in a positive number, with their
/// exponents. The remaining factor counts as a prime.
pub(super) fn prime_powers(of: &Q) -> Vec<(BigInt, i64)> {
    let mut powers = vec![];
    for (part, sign) in [(of.numer(), 1), (of.denom(), -1)] {
        let mut rest = part.clone();
        let mut prime = BigInt::from(2);
        while prime <= BigInt::from(1000) && rest > BigInt::one() {
            let exponent = divide_out(&mut rest, &prime);
            if exponent != 0 {
                powers.push((prime.clone(), sign * exponent));
            }
            prime += 1;
        }
        if rest > BigInt::one() {
            powers.push((rest, sign));
        }
    }
    powers
}
