//! Integrals, by antiderivatives.
//!
//! The integrand is a sum of products. Each product is a power of the variable
//! times at most one of these factors: an exponential, a sine or a cosine of a
//! multiple of the variable; a negative power of a linear function; a root or a
//! logarithm of the variable; an absolute value of a linear function. If the
//! integrand does not have a value everywhere, the signs at both ends show that
//! it has one between them.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `linear` | integrals of powers and absolute values of linear functions |
//! | `parts` | integrals of a power times another function, by parts |
//! | `between` | signs of a term between the ends of an integral |

mod between;
mod linear;
mod parts;

use super::monomial::{Exponent, Gen, Monomial};
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, Kind};
use crate::value::{Q, Trouble, whole};

/// The highest power of the variable next to another function.
const DEGREE: i64 = 12;

fn open<T>() -> Result<T, Trouble> {
    let why = "an integral whose closed form is not known";
    Err(Trouble::Unsupported(why.into()))
}

impl Algebra {
    /// Returns the integral over a variable.
    pub(super) fn integral(
        &mut self,
        of: Gen,
        from: &Ratio,
        to: &Ratio,
        body: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let mut sum = Ratio::zero();
        for (term, coefficient) in self.split_terms(body)? {
            let part = self.of_product(of, from, to, &term)?;
            sum = self.sum(&sum, &part.scaled(&coefficient))?;
        }
        Ok(sum)
    }

    /// Returns the integral of a product.
    fn of_product(
        &mut self,
        of: Gen,
        from: &Ratio,
        to: &Ratio,
        term: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let exponent = term.monomial.exponent(of);
        let mut rest =
            Ratio { monomial: term.monomial.without(of), ..term.clone() };
        if !exponent.is_integer() {
            return open();
        }
        let n = exponent.to_integer();
        // These factors depend on the variable, except for its own power.
        let mut special: Vec<(Kind, Exponent)> = vec![];
        for (generator, power) in rest.monomial.clone().iter() {
            let one = Ratio::monomial(Monomial::power(generator, power));
            if self.depends(&one, of) {
                special.push((self.generator(generator).kind.clone(), power));
                rest.monomial = rest.monomial.without(generator);
            }
        }
        let factors: Vec<(Poly, i64)> =
            rest.factors.iter().map(|(f, e)| (f.clone(), *e)).collect();
        let mut below: Vec<(Poly, i64)> = vec![];
        for (factor, power) in factors {
            if self.depends(&Ratio::from_poly(&factor), of) {
                rest.factors.remove(&factor);
                below.push((factor, power));
            }
        }
        let value = match (special.as_slice(), below.as_slice()) {
            ([], []) if n >= 0 => self.of_power(n, from, to)?,
            ([], []) => {
                let own = Poly::generator(of);
                self.of_linear_power(of, &own, n, from, to)?
            }
            ([], [(factor, power)]) if n == 0 => {
                self.of_linear_power(of, factor, *power, from, to)?
            }
            ([(Kind::Exponential(argument), power)], [])
                if (0..=DEGREE).contains(&n) =>
            {
                let (over, under) = (*power.numer(), *power.denom());
                let share = Q::new(over.into(), under.into());
                let argument = argument.scaled(&share);
                self.of_exponential(of, n, &argument, from, to)?
            }
            ([(Kind::Logarithm(argument), power)], [])
                if (0..=DEGREE).contains(&n)
                    && *power == Exponent::ONE
                    && *argument == generator(of) =>
            {
                self.of_logarithm(n, from, to)?
            }
            ([(Kind::Sine(argument), power)], [])
                if (0..=DEGREE).contains(&n) && *power == Exponent::ONE =>
            {
                let argument = argument.clone();
                self.of_wave(of, (n, false), &argument, from, to)?
            }
            ([(Kind::Cosine(argument), power)], [])
                if (0..=DEGREE).contains(&n) && *power == Exponent::ONE =>
            {
                let argument = argument.clone();
                self.of_wave(of, (n, true), &argument, from, to)?
            }
            ([(Kind::Root(2, inside), power)], [])
                if (0..=DEGREE).contains(&n)
                    && *power == Exponent::ONE
                    && *inside == Poly::generator(of) =>
            {
                self.of_root(n, from, to)?
            }
            ([(Kind::Absolute(inside), power)], [])
                if (0..=DEGREE).contains(&n) && *power == Exponent::ONE =>
            {
                let inside = inside.clone();
                self.of_absolute(of, n, &inside, from, to)?
            }
            _ => return open(),
        };
        Ok(value.times(&rest))
    }

    /// Returns the difference of the values of `a^n` at both ends.
    fn gap(&self, n: i64, from: &Ratio, to: &Ratio) -> Result<Ratio, Trouble> {
        let [high, low] = [to, from].map(|end| end.power(n));
        let (Some(high), Some(low)) = (high, low) else { return open() };
        self.difference(&high, &low)
    }

    fn of_power(
        &self,
        n: i64,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let next = n + 1;
        Ok(self.gap(next, from, to)?.scaled(&(whole(1) / whole(next))))
    }
}

fn generator(of: Gen) -> Ratio {
    Ratio::monomial(Monomial::power(of, Exponent::ONE))
}
