//! Integrals, by antiderivatives.
//!
//! The integrand is a sum of products. Each is a power of the variable times at
//! most one of these: an exponential, a sine or a cosine of a multiple of the
//! variable, a negative power of a linear function, a root or a logarithm of the
//! variable, an absolute value of a linear function. Where the integrand does not have a value everywhere, the
//! signs at both ends show that it has one between them.

use super::monomial::{Exponent, Gen, Monomial};
use super::normal::Normalizer;
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, Kind};
use crate::term::Term;
use crate::value::{Interval, Q, Signs, Trouble, whole};

/// The highest power of the variable beside another function.
const DEGREE: i64 = 12;

fn open<T>() -> Result<T, Trouble> {
    let why = "an integral whose closed form is not known";
    Err(Trouble::Unsupported(why.into()))
}

/// A linear function of the variable.
struct Linear {
    /// Its value at 0.
    start: Ratio,
    /// How fast it grows.
    slope: Ratio,
}

impl Algebra {
    /// An integral over a variable.
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

    /// The integral of a product.
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
        // The factors that depend on the variable, but for its own power.
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

    /// The difference of the values of `a^n` at both ends.
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

    /// A polynomial as a linear function of a variable.
    fn linear(&self, of: Gen, poly: &Poly) -> Option<Linear> {
        let mut linear = Linear { start: Ratio::zero(), slope: Ratio::zero() };
        for (exponent, coefficient) in poly.collected(of) {
            let coefficient = Ratio::from_poly(&coefficient);
            if self.depends(&coefficient, of) {
                return None;
            }
            if exponent == Exponent::ZERO {
                linear.start = coefficient;
            } else if exponent == Exponent::ONE {
                linear.slope = coefficient;
            } else {
                return None;
            }
        }
        Some(linear)
    }

    /// The values of a linear function at both ends.
    fn at_ends(
        &self,
        of: &Linear,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<[Ratio; 2], Trouble> {
        let at = |end: &Ratio| self.sum(&of.start, &of.slope.times(end));
        Ok([at(from)?, at(to)?])
    }

    /// A negative power of a linear function that is not zero between the ends.
    fn of_linear_power(
        &mut self,
        of: Gen,
        poly: &Poly,
        power: i64,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let Some(linear) = self.linear(of, poly) else { return open() };
        if power >= 0 || !self.signs(&linear.slope).are(Signs::NOT_ZERO) {
            return open();
        }
        let Some(inverse) = linear.slope.inverse() else { return open() };
        let [low, high] = self.at_ends(&linear, from, to)?;
        let ends = self.signs(&low).or(self.signs(&high));
        let (low, high) = if ends.are(Signs::POSITIVE) {
            (low, high)
        } else if ends.are(Signs::NEGATIVE) && power == -1 {
            (low.negated(), high.negated())
        } else if ends.are(Signs::NEGATIVE) {
            (low, high)
        } else {
            return open();
        };
        let gap = if power == -1 {
            let (low, high) = (self.log(&low)?, self.log(&high)?);
            self.difference(&high, &low)?
        } else {
            let next = power + 1;
            self.gap(next, &low, &high)?.scaled(&(whole(1) / whole(next)))
        };
        Ok(gap.times(&inverse))
    }

    /// `a^n exp(c a)`, by parts.
    fn of_exponential(
        &mut self,
        of: Gen,
        n: i64,
        argument: &Ratio,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let slope = argument
            .times(&Ratio::monomial(Monomial::power(of, Exponent::from(-1))));
        if self.depends(&slope, of) || !self.signs(&slope).are(Signs::NOT_ZERO)
        {
            return open();
        }
        let Some(inverse) = slope.inverse() else { return open() };
        let mut values = vec![];
        for end in [from, to] {
            let exponential = self.exp(&slope.times(end))?;
            let mut sum = Ratio::zero();
            let mut factor = inverse.clone();
            for k in (0..=n).rev() {
                let Some(power) = end.power(k) else { return open() };
                sum = self.sum(&sum, &power.times(&factor))?;
                factor = factor.times(&inverse).scaled(&whole(-k));
            }
            values.push(exponential.times(&sum));
        }
        self.difference(&values[1], &values[0])
    }

    /// `a^n ln a`, between positive ends.
    fn of_logarithm(
        &mut self,
        n: i64,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let mut values = vec![];
        for end in [from, to] {
            if !self.signs(end).are(Signs::POSITIVE) {
                return open();
            }
            let share = whole(1) / whole(n + 1);
            let log = self.log(end)?;
            let inner = self.difference(&log, &Ratio::number(share.clone()))?;
            let Some(power) = end.power(n + 1) else { return open() };
            values.push(power.times(&inner).scaled(&share));
        }
        self.difference(&values[1], &values[0])
    }

    /// `a^n sin(c a)` or `a^n cos(c a)`, by parts.
    fn of_wave(
        &mut self,
        of: Gen,
        (n, is_cosine): (i64, bool),
        argument: &Ratio,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let down = Monomial::power(of, Exponent::from(-1));
        let slope = argument.times(&Ratio::monomial(down));
        if self.depends(&slope, of) || !self.signs(&slope).are(Signs::NOT_ZERO)
        {
            return open();
        }
        let Some(inverse) = slope.inverse() else { return open() };
        let mut values = vec![];
        for end in [from, to] {
            let angle = slope.times(end);
            // The integral of the cosine is the sine, that of the sine less
            // the cosine.
            let mut next_is_sine = is_cosine;
            let mut factor = inverse.clone();
            let mut sum = Ratio::zero();
            for k in (0..=n).rev() {
                let Some(power) = end.power(k) else { return open() };
                let wave = if next_is_sine {
                    self.sine(&angle)?
                } else {
                    factor = factor.negated();
                    self.cosine(&angle)?
                };
                let part = power.times(&wave).times(&factor);
                sum = self.sum(&sum, &part)?;
                // By parts: less k times the integral of what was found.
                factor = factor.times(&inverse).scaled(&whole(-k));
                next_is_sine = !next_is_sine;
            }
            values.push(sum);
        }
        self.difference(&values[1], &values[0])
    }

    /// `a^n √a`, between ends that are not negative.
    fn of_root(
        &mut self,
        n: i64,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let mut values = vec![];
        for end in [from, to] {
            if !self.signs(end).are(Signs::NOT_NEGATIVE) {
                return open();
            }
            let root = self.root(2, end)?;
            let Some(power) = end.power(n + 1) else { return open() };
            let share = whole(2) / whole(2 * n + 3);
            values.push(power.times(&root).scaled(&share));
        }
        self.difference(&values[1], &values[0])
    }

    /// `a^n |u|` for a linear `u` whose signs at both ends are known: on each
    /// side of the zero of `u` it is `a^n u` or `-a^n u`.
    fn of_absolute(
        &mut self,
        of: Gen,
        n: i64,
        inside: &Poly,
        from: &Ratio,
        to: &Ratio,
    ) -> Result<Ratio, Trouble> {
        let Some(linear) = self.linear(of, inside) else { return open() };
        if !self.signs(&linear.slope).are(Signs::NOT_ZERO) {
            return open();
        }
        let Some(inverse) = linear.slope.inverse() else { return open() };
        let zero = linear.start.times(&inverse).negated();
        let ends = self.at_ends(&linear, from, to)?;
        let mut total = Ratio::zero();
        for (end, value, sign) in
            [(from, &ends[0], whole(-1)), (to, &ends[1], whole(1))]
        {
            let signs = self.signs(value);
            let above = signs.are(Signs::NOT_NEGATIVE);
            if !above && !signs.are(Signs::NOT_POSITIVE) {
                return open();
            }
            let sign = if above { sign } else { -sign };
            // From the zero to the end.
            let start = self.of_power(n, &zero, end)?.times(&linear.start);
            let slope = self.of_power(n + 1, &zero, end)?.times(&linear.slope);
            let part = self.sum(&start, &slope)?;
            total = self.sum(&total, &part.scaled(&sign))?;
        }
        Ok(total)
    }
}

impl Normalizer<'_> {
    /// Whether a term has one of the signs wherever a variable is between two
    /// ends.
    pub(crate) fn holds_between(
        &mut self,
        variable: u32,
        (from, to): (Term, Term),
        term: Term,
        signs: Signs,
    ) -> bool {
        if self.signs(term).is_ok_and(|found| found.are(signs)) {
            return true;
        }
        let (Ok(from), Ok(to)) = (self.ratio(from), self.ratio(to)) else {
            return false;
        };
        if let (Some(a), Some(b)) = (from.as_number(), to.as_number()) {
            let between = Interval::closed(a.min(b).clone(), a.max(b).clone());
            let mut inside = Normalizer::new(self.terms);
            inside.domains.clone_from(&self.domains);
            inside.domains.insert(variable, between);
            return inside.signs(term).is_ok_and(|found| found.are(signs));
        }
        // A linear function is between its values at the ends.
        let own = &self.terms.variables()[variable as usize];
        let of = self.algebra.variable(variable, &own.domain);
        let Ok(ratio) = self.ratio(term) else { return false };
        if ratio != ratio.numerator() {
            return false;
        }
        let Ok(poly) = self.algebra.expanded(&ratio) else { return false };
        let Some(linear) = self.algebra.linear(of, &poly) else { return false };
        let Ok(ends) = self.algebra.at_ends(&linear, &from, &to) else {
            return false;
        };
        let found =
            self.algebra.signs(&ends[0]).or(self.algebra.signs(&ends[1]));
        found.are(signs)
            && (found.are(Signs::NOT_NEGATIVE)
                || found.are(Signs::NOT_POSITIVE))
    }
}

fn generator(of: Gen) -> Ratio {
    Ratio::monomial(Monomial::power(of, Exponent::ONE))
}
