//! Substitution of vectors in terms.

use super::{Argument, Atom, AtomKind, Call, Combination, Op, Term, Terms};
use crate::value::Trouble;
use rustc_hash::FxHashMap as HashMap;

/// The combinations that vectors are replaced by.
pub(crate) type Replacement = HashMap<Atom, Combination>;

impl Terms {
    /// Returns a term with vectors replaced, also in the arguments of
    /// functions.
    pub(crate) fn replaced(
        &mut self,
        of: Term,
        by: &Replacement,
    ) -> Result<Term, Trouble> {
        let mut known: HashMap<Term, Term> = HashMap::default();
        for term in self.order(of, |_| false) {
            if let Some(result) = self.rebuilt(term, &known)? {
                self.keep_square(term, result);
                known.insert(term, result);
                continue;
            }
            let result = match self.op(term).clone() {
                Op::Inner(a, b) => {
                    let a = self.replaced_atom(a, by)?;
                    let b = self.replaced_atom(b, by)?;
                    self.inner(&a, &b)
                }
                Op::Call(call) => {
                    let call = self.replaced_call(&call, by)?;
                    self.store(Op::Call(call))
                }
                _ if self.parts(term).iter().all(|t| known[t] == *t) => term,
                _ => {
                    let why = "a mean of an expression with cases";
                    return Err(Trouble::Unsupported(why.into()));
                }
            };
            known.insert(term, result);
        }
        Ok(known[&of])
    }

    /// Returns a term without the absolute values whose argument lies on a
    /// known side of zero: `true` in `below` means below zero.
    pub(crate) fn without_bars(
        &mut self,
        of: Term,
        below: &HashMap<Term, bool>,
    ) -> Result<Term, Trouble> {
        let mut known: HashMap<Term, Term> = HashMap::default();
        for term in self.order(of, |_| false) {
            let new = match self.op(term) {
                Op::Absolute(inner) => {
                    let (inner, inside) = (known[inner], below.get(inner));
                    match inside {
                        Some(true) => self.neg(inner),
                        Some(false) => inner,
                        None => self.absolute(inner),
                    }
                }
                _ => self.rebuilt(term, &known)?.unwrap_or(term),
            };
            known.insert(term, new);
        }
        Ok(known[&of])
    }

    /// Rebuilds a plain operation from its replaced parts; none for an unknown
    /// function, an inner product, cases or an integral.
    pub(super) fn rebuilt(
        &mut self,
        term: Term,
        known: &HashMap<Term, Term>,
    ) -> Result<Option<Term>, Trouble> {
        let new = |t: &Term| known[t];
        let list = |ts: &[Term]| ts.iter().map(new).collect::<Vec<_>>();
        Ok(Some(match self.op(term).clone() {
            Op::Number(_) | Op::Pi | Op::Variable(_) => term,
            Op::Sum(terms) => self.sum(&list(&terms)),
            Op::Product(factors) => self.product(&list(&factors)),
            Op::Quotient(a, b) => self.div(new(&a), new(&b))?,
            Op::Power(a, exponent) => self.power(new(&a), exponent)?,
            Op::Root(degree, a) => self.root(degree, new(&a))?,
            Op::Absolute(a) => self.absolute(new(&a)),
            Op::Function(function, a) => self.apply(function, new(&a))?,
            Op::RealPower(a, b) => self.store(Op::RealPower(new(&a), new(&b))),
            Op::Extremum(most, parts) => {
                self.store(Op::Extremum(most, list(&parts)))
            }
            _ => return Ok(None),
        }))
    }

    fn replaced_call(
        &mut self,
        call: &Call,
        by: &Replacement,
    ) -> Result<Call, Trouble> {
        let mut arguments = vec![];
        for argument in &call.arguments {
            arguments.push(match argument {
                Argument::Scalar(term) => {
                    Argument::Scalar(self.replaced(*term, by)?)
                }
                Argument::Vector(vector) => {
                    Argument::Vector(self.replaced_vector(vector, by)?)
                }
            });
        }
        Ok(Call { function: call.function.clone(), arguments })
    }

    /// Returns an atom with vectors replaced.
    pub(crate) fn replaced_atom(
        &mut self,
        atom: Atom,
        by: &Replacement,
    ) -> Result<Combination, Trouble> {
        if let Some(value) = by.get(&atom) {
            return Ok(value.clone());
        }
        match self.atom(atom).clone() {
            AtomKind::Free(_) => Ok(self.vector_of(atom)),
            AtomKind::Call(call) => {
                let call = self.replaced_call(&call, by)?;
                let atom = self.store_atom(AtomKind::Call(call));
                Ok(self.vector_of(atom))
            }
        }
    }

    /// Returns a combination with vectors replaced.
    pub(crate) fn replaced_vector(
        &mut self,
        vector: &Combination,
        by: &Replacement,
    ) -> Result<Combination, Trouble> {
        let mut sum = Combination::zero();
        for (atom, coefficient) in vector.iter() {
            let value = self.replaced_atom(atom, by)?;
            let coefficient = self.replaced(coefficient, by)?;
            let scaled = self.scale_vector(coefficient, &value);
            sum = self.add_vectors(&sum, &scaled);
        }
        Ok(sum)
    }
}
