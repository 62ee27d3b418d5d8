//! The values of terms at a point.

use super::real::Real;
use crate::expr::Function;
use crate::term::{Atom, AtomKind, Combination, Guard, Op, Term, Terms};
use crate::value::{Q, Signs, Trouble};
use rustc_hash::FxHashMap as HashMap;
use std::cmp::Ordering;

/// A point of the domain: a value for every free variable and vector.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Point {
    /// The values of the variables, by number.
    pub(crate) variables: HashMap<u32, Q>,
    /// The entries of the vectors.
    pub(crate) vectors: HashMap<Atom, Vec<Q>>,
}

/// An evaluator of terms at one point, which evaluates each term once.
#[derive(Debug)]
pub(crate) struct Numbers<'a> {
    terms: &'a Terms,
    point: &'a Point,
    known: HashMap<Term, Result<Real, Trouble>>,
}

impl<'a> Numbers<'a> {
    pub(crate) fn new(terms: &'a Terms, point: &'a Point) -> Self {
        Self { terms, point, known: HashMap::default() }
    }

    /// Returns the value of a term.
    pub(crate) fn value(&mut self, term: Term) -> Result<Real, Trouble> {
        if let Some(known) = self.known.get(&term) {
            return known.clone();
        }
        let known = |part| self.known.contains_key(&part);
        for part in self.terms.order(term, known) {
            crate::work::spend(super::real::cost());
            if crate::work::is_spent() {
                return Err(Trouble::Budget);
            }
            let value = self.one(part);
            self.known.insert(part, value);
        }
        self.known[&term].clone()
    }

    /// Returns the entries of a vector.
    pub(crate) fn vector(
        &mut self,
        vector: &Combination,
    ) -> Result<Vec<Real>, Trouble> {
        let mut sum: Vec<Real> = vec![];
        for (atom, coefficient) in vector.iter() {
            let factor = self.value(coefficient)?;
            let entries = self.entries(atom)?;
            sum.resize(entries.len(), Real::whole(0));
            for (x, entry) in sum.iter_mut().zip(entries) {
                *x = x.add(&factor.mul(&Real::rational(entry)));
            }
        }
        Ok(sum)
    }

    fn entries(&self, atom: Atom) -> Result<&'a [Q], Trouble> {
        if let Some(entries) = self.point.vectors.get(&atom) {
            Ok(entries)
        } else {
            let what = match self.terms.atom(atom) {
                AtomKind::Free(name) => name.clone(),
                AtomKind::Call(call) => format!("{:?}", call.function),
            };
            Err(Trouble::Unsupported(format!("{what} has no value")))
        }
    }

    fn part(&self, term: Term) -> Result<Real, Trouble> {
        self.known.get(&term).cloned().unwrap_or(Err(Trouble::Budget))
    }

    fn one(&mut self, term: Term) -> Result<Real, Trouble> {
        match self.terms.op(term) {
            Op::Number(value) => Ok(Real::rational(value)),
            Op::Pi => Ok(Real::pi()),
            Op::Variable(number) => {
                if let Some(value) = self.point.variables.get(number) {
                    Ok(Real::rational(value))
                } else {
                    let name = &self.terms.variables()[*number as usize].name;
                    let why = format!("{name} has no value");
                    Err(Trouble::Unsupported(why))
                }
            }
            Op::Sum(parts) => {
                let mut sum = Real::whole(0);
                for part in parts {
                    sum = sum.add(&self.part(*part)?);
                }
                Ok(sum)
            }
            Op::Product(parts) => {
                let mut product = Real::whole(1);
                for part in parts {
                    product = product.mul(&self.part(*part)?);
                }
                Ok(product)
            }
            Op::Quotient(a, b) => self.part(*a)?.div(&self.part(*b)?),
            Op::Power(a, exponent) => self.part(*a)?.powi(*exponent),
            Op::Root(degree, a) => self.root(*degree, *a),
            Op::Absolute(a) => Ok(self.part(*a)?.abs()),
            Op::Function(Function::Sin, a) if self.part(*a)?.is_zero() => {
                Ok(Real::whole(0))
            }
            Op::Function(function, a) => {
                let a = self.part(*a)?;
                if *function == Function::Exp && a.is_zero() {
                    return Ok(Real::whole(1));
                }
                a.apply(*function)
            }
            Op::RealPower(a, b) => {
                let (a, b) = (self.part(*a)?, self.part(*b)?);
                match (a.sign(), b.sign()) {
                    (Some(Ordering::Greater), _) => a.power(&b),
                    (Some(Ordering::Equal), Some(Ordering::Greater)) => Ok(a),
                    (Some(Ordering::Equal), Some(Ordering::Less)) => {
                        Err(Trouble::Division)
                    }
                    (None, _) | (Some(Ordering::Equal), None) => {
                        Err(Trouble::Unclear)
                    }
                    _ => Err(Trouble::disputed_power()),
                }
            }
            Op::Inner(a, b) => {
                let (a, b) = (self.entries(*a)?, self.entries(*b)?);
                let sum: Q = a.iter().zip(b).map(|(x, y)| x * y).sum();
                Ok(Real::rational(&sum))
            }
            Op::Call(call) => {
                let why = format!("{:?} has no value", call.function);
                Err(Trouble::Unsupported(why))
            }
            Op::Cases(cases) => self.cases(cases),
            Op::Extremum(most, parts) => {
                let mut best: Option<Real> = None;
                for part in parts {
                    let part = self.part(*part)?;
                    best = Some(match best {
                        None => part,
                        Some(known) => {
                            let gap = part.sub(&known).sign();
                            let above = gap.ok_or(Trouble::Unclear)?
                                == Ordering::Greater;
                            if above == *most { part } else { known }
                        }
                    });
                }
                best.ok_or(Trouble::Undefined("an extremum of nothing"))
            }
            Op::Integral(..) => {
                let why = "an integral has no value at a point here";
                Err(Trouble::Unsupported(why.into()))
            }
        }
    }

    /// Returns the value of the first case that applies. Readers may disagree on
    /// whether a condition without a value is met, so such a condition is unclear.
    fn cases(&self, cases: &[(Vec<Guard>, Term)]) -> Result<Real, Trouble> {
        for (guards, value) in cases {
            let mut applies = true;
            for guard in guards {
                let part = match self.part(guard.term) {
                    Err(trouble) if trouble.is_undefined() => {
                        return Err(Trouble::Unclear);
                    }
                    part => part?,
                };
                applies &= signs(&part)?.are(guard.signs);
            }
            if applies {
                return self.part(*value);
            }
        }
        Err(Trouble::Undefined("a value where no case applies"))
    }

    fn root(&self, degree: u32, of: Term) -> Result<Real, Trouble> {
        let of = self.part(of)?;
        if degree == 2 {
            return of.sqrt();
        }
        let sign = of.sign().ok_or(Trouble::Unclear)?;
        let share = Q::new(1.into(), degree.into());
        match sign {
            Ordering::Equal => Ok(of),
            Ordering::Greater => of.power(&Real::rational(&share)),
            Ordering::Less if degree % 2 == 1 => {
                Ok(of.neg().power(&Real::rational(&share))?.neg())
            }
            Ordering::Less => {
                Err(Trouble::Undefined("the root of a negative number"))
            }
        }
    }
}

/// Returns the sign of a value; an error if the sign is not clear.
pub(crate) fn signs(of: &Real) -> Result<Signs, Trouble> {
    match of.sign() {
        Some(Ordering::Less) => Ok(Signs::NEGATIVE),
        Some(Ordering::Equal) => Ok(Signs::ZERO),
        Some(Ordering::Greater) => Ok(Signs::POSITIVE),
        None => Err(Trouble::Unclear),
    }
}
