//! From terms to the ring.

use super::monomial::{Exponent, Gen, Monomial};
use super::poly::Poly;
use super::ratio::Ratio;
use super::ring::{Algebra, Argument, Combination, Kind};
use crate::expr::Function;
use crate::term::{self, Atom, AtomKind, Call, Guard, Op, Term, Terms};
use crate::value::{Interval, Q, Signs, Trouble, whole};
use crate::work;
use num_traits::Zero;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Units of work for one search for a certificate.
const CERTIFICATE: u64 = 150_000;

/// Takes the terms of a claim to one ring.
#[derive(Debug)]
pub(crate) struct Normalizer<'a> {
    pub(crate) terms: &'a Terms,
    pub(crate) algebra: Algebra,
    /// Domains that are smaller here than the variables' own.
    pub(crate) domains: HashMap<u32, Interval>,
    /// Variables that are known to equal something.
    pub(crate) values: HashMap<u32, Ratio>,
    /// Vectors that are known by their entries.
    pub(crate) entries: HashMap<Atom, Vec<Q>>,
    known: HashMap<Term, Result<Ratio, Trouble>>,
    /// Variables `x` of which the terms hold `1 - x`.
    complements: HashSet<u32>,
}

impl<'a> Normalizer<'a> {
    pub(crate) fn new(terms: &'a Terms) -> Self {
        Self {
            terms,
            algebra: Algebra::default(),
            domains: HashMap::new(),
            values: HashMap::new(),
            entries: HashMap::new(),
            known: HashMap::new(),
            complements: terms.complements(),
        }
    }

    /// The element of the ring that a term is.
    pub(crate) fn ratio(&mut self, term: Term) -> Result<Ratio, Trouble> {
        if let Some(known) = self.known.get(&term) {
            return known.clone();
        }
        let mut order = vec![];
        let known = &self.known;
        self.terms.visit(&[term], &mut |part| {
            if !known.contains_key(&part) {
                order.push(part);
            }
        });
        for part in order {
            let result = self.one(part);
            self.known.insert(part, result);
        }
        self.known[&term].clone()
    }

    /// The difference of two terms.
    pub(crate) fn difference(
        &mut self,
        a: Term,
        b: Term,
    ) -> Result<Ratio, Trouble> {
        let (a, b) = (self.ratio(a)?, self.ratio(b)?);
        self.algebra.difference(&a, &b)
    }

    /// The element for a term whose parts have theirs.
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
        // Where 1 - x is what the terms are made of, it is the generator: a
        // product of such stays a product.
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

    /// The first atom that is the same vector.
    fn atom(&mut self, atom: Atom) -> Result<u32, Trouble> {
        let AtomKind::Call(call) = self.terms.atom(atom) else {
            return Ok(atom.0);
        };
        let arguments = self.arguments(call)?;
        let name = format!("{:?}", call.function);
        let known = self.algebra.vectors.iter().find(|(_, other, theirs)| {
            *other == name && self.algebra.same_arguments(theirs, &arguments)
        });
        if let Some((known, ..)) = known {
            return Ok(*known);
        }
        self.algebra.vectors.push((atom.0, name, arguments));
        Ok(atom.0)
    }

    fn inner(&mut self, a: Atom, b: Atom) -> Result<Ratio, Trouble> {
        let entries = (self.entries.get(&a), self.entries.get(&b));
        if let (Some(a), Some(b)) = entries {
            let sum: Q = a.iter().zip(b).map(|(x, y)| x * y).sum();
            return Ok(Ratio::number(sum));
        }
        let (a, b) = (self.atom(a)?, self.atom(b)?);
        for vector in [a, b] {
            let kind = Kind::Inner(vector, vector);
            let interval = Interval::from(Q::zero(), true);
            self.algebra.plain(kind, interval);
        }
        let kind = Kind::Inner(a.min(b), a.max(b));
        let of = self.algebra.plain(kind, Interval::REALS);
        Ok(Ratio::monomial(Monomial::power(of, Exponent::ONE)))
    }

    fn arguments(&mut self, call: &Call) -> Result<Vec<Argument>, Trouble> {
        let mut arguments = vec![];
        for argument in &call.arguments {
            arguments.push(match argument {
                term::Argument::Scalar(term) => {
                    Argument::Scalar(self.part(*term)?)
                }
                term::Argument::Vector(vector) => {
                    Argument::Vector(self.combination(vector)?)
                }
            });
        }
        Ok(arguments)
    }

    /// A combination of vectors over the atoms that are different ones.
    pub(crate) fn combination(
        &mut self,
        vector: &term::Combination,
    ) -> Result<Combination, Trouble> {
        let mut combination: Combination = BTreeMap::new();
        for (atom, coefficient) in vector.iter() {
            for part in self.terms.atom_parts(atom) {
                self.ratio(part)?;
            }
            let atom = self.atom(atom)?;
            let coefficient = self.ratio(coefficient)?;
            let before = combination.remove(&atom).unwrap_or(Ratio::zero());
            let sum = self.algebra.sum(&before, &coefficient)?;
            if !sum.is_zero() {
                combination.insert(atom, sum);
            }
        }
        Ok(combination)
    }

    fn call(&mut self, call: &Call) -> Result<Ratio, Trouble> {
        let arguments = self.arguments(call)?;
        let name = format!("{:?}", call.function);
        let known = self.algebra.generators().find(|(_, generator)| {
            matches!(
                &generator.kind,
                Kind::Call(other, theirs) if *other == name
                    && self.algebra.same_arguments(theirs, &arguments)
            )
        });
        let known = known.map(|(of, _)| of);
        let interval = match known {
            Some(_) => Interval::REALS,
            None => self.interval_of_mean(call),
        };
        let of = known.unwrap_or_else(|| {
            let kind = Kind::Call(name, arguments);
            self.algebra.enter(kind, interval, None)
        });
        Ok(Ratio::monomial(Monomial::power(of, Exponent::ONE)))
    }

    /// The mean of what has one sign has this sign.
    fn interval_of_mean(&mut self, call: &Call) -> Interval {
        let (term::Unknown::Mean(_), Some(term::Argument::Scalar(body))) =
            (&call.function, call.arguments.first())
        else {
            return Interval::REALS;
        };
        let signs = self.signs(*body).unwrap_or(Signs::ANY);
        let strict = signs.are(Signs::NOT_ZERO);
        if signs.are(Signs::NOT_NEGATIVE) {
            return Interval::from(Q::zero(), !strict);
        }
        let mut interval = Interval::REALS;
        if signs.are(Signs::NOT_POSITIVE) {
            interval.high = Some(Q::zero());
            interval.with_high = !strict;
        }
        interval
    }

    /// The signs that a term may have: by its form, and by what it is in the
    /// ring.
    pub(crate) fn signs(&mut self, term: Term) -> Result<Signs, Trouble> {
        let ratio = self.ratio(term)?;
        let signs = self.algebra.signs(&ratio);
        if signs.single().is_some() {
            return Ok(signs);
        }
        let signs = signs.and(self.signs_by_form(term)?);
        self.algebra.learn(&ratio, signs);
        Ok(signs)
    }

    /// Takes conditions to hold.
    pub(crate) fn assume(&mut self, guards: &[Guard]) {
        let mut ratios = vec![];
        for guard in guards {
            if let Ok(ratio) = self.ratio(guard.term) {
                self.algebra.assume(&ratio, guard.signs);
                ratios.push((ratio, guard.signs));
            }
        }
        for (ratio, signs) in ratios {
            self.algebra.learn(&ratio, signs);
        }
    }

    /// Whether a term has one of the signs wherever it has a value, by the
    /// conditions that hold.
    pub(crate) fn follows(&mut self, term: Term, signs: Signs) -> bool {
        let ratio = self.ratio(term);
        ratio.is_ok_and(|ratio| {
            work::within(CERTIFICATE, || self.algebra.follows(&ratio, signs))
        })
    }

    /// The signs of sums, products and powers by those of their parts: a sum
    /// of squares shows its sign before it is multiplied out.
    fn signs_by_form(&mut self, term: Term) -> Result<Signs, Trouble> {
        if self.terms.is_square(term) {
            return Ok(Signs::NOT_NEGATIVE);
        }
        Ok(match self.terms.op(term) {
            Op::Sum(parts) => {
                let mut sum = Signs::ZERO;
                for part in parts {
                    sum = sum.plus(self.signs(*part)?);
                }
                sum
            }
            Op::Product(parts) => {
                let mut product = Signs::POSITIVE;
                for part in parts {
                    product = product.times(self.signs(*part)?);
                }
                product
            }
            Op::Quotient(a, b) => {
                let b = self.signs(*b)?.and(Signs::NOT_ZERO);
                self.signs(*a)?.times(b)
            }
            Op::Power(a, exponent) => self.signs(*a)?.power(*exponent),
            Op::Absolute(a) => {
                let a = self.signs(*a)?;
                a.or(a.flipped()).and(Signs::NOT_NEGATIVE)
            }
            _ => Signs::ANY,
        })
    }

    /// The case that applies on the whole domain, if one does.
    fn cases(
        &mut self,
        cases: &[(Vec<Guard>, Term)],
    ) -> Result<Ratio, Trouble> {
        for (guards, value) in cases {
            let mut applies = true;
            for guard in guards {
                let ratio = self.part(guard.term)?;
                let signs = self.algebra.signs(&ratio);
                if signs.and(guard.signs) == Signs::NONE {
                    applies = false;
                    break;
                }
                if !signs.are(guard.signs) {
                    let why = "which case applies depends on the point";
                    return Err(Trouble::Unsupported(why.into()));
                }
            }
            if applies {
                return self.part(*value);
            }
        }
        Err(Trouble::Undefined("a value where no case applies"))
    }

    fn extremum(
        &mut self,
        most: bool,
        parts: &[Term],
    ) -> Result<Ratio, Trouble> {
        let mut best: Option<Ratio> = None;
        for part in parts {
            let part = self.part(*part)?;
            let Some(known) = best else {
                best = Some(part);
                continue;
            };
            let gap = self.algebra.difference(&part, &known)?;
            let signs = self.algebra.signs(&gap);
            let signs = if most { signs } else { signs.flipped() };
            best = Some(if signs.are(Signs::NOT_NEGATIVE) {
                part
            } else if signs.are(Signs::NOT_POSITIVE) {
                known
            } else {
                let why = "which value is the largest depends on the point";
                return Err(Trouble::Unsupported(why.into()));
            });
        }
        best.ok_or(Trouble::Undefined("an extremum of nothing"))
    }
}

impl Algebra {
    /// Whether a ratio depends on a generator, also through others.
    pub(crate) fn depends(&self, ratio: &Ratio, on: Gen) -> bool {
        let mut all: Vec<Gen> =
            ratio.monomial.iter().map(|(of, _)| of).collect();
        for factor in ratio.factors.keys() {
            all.extend(factor.generators());
        }
        all.into_iter().any(|of| of == on || self.generator_depends(of, on))
    }

    fn generator_depends(&self, of: Gen, on: Gen) -> bool {
        let poly = |poly: &super::Poly| {
            let all = poly.generators();
            all.into_iter().any(|g| g == on || self.generator_depends(g, on))
        };
        match &self.generator(of).kind {
            Kind::Variable(_)
            | Kind::Complement(_)
            | Kind::Pi
            | Kind::Inner(..) => false,
            Kind::Root(_, inner) | Kind::Absolute(inner) => poly(inner),
            Kind::Exponential(inner)
            | Kind::Logarithm(inner)
            | Kind::Sine(inner)
            | Kind::Cosine(inner) => self.depends(inner, on),
            Kind::Call(_, arguments) => arguments.iter().any(|a| match a {
                Argument::Scalar(inner) => self.depends(inner, on),
                Argument::Vector(vector) => {
                    vector.values().any(|inner| self.depends(inner, on))
                }
            }),
        }
    }
}
