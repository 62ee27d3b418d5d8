//! The noise that functions depend on, and the tower property.

use super::{Means, equal};
use crate::term::{Argument, Atom, AtomKind, Op, Term, Unknown};
use crate::value::Trouble;

impl Means<'_> {
    /// Returns the noise that the first function depends on, with coefficients.
    pub(super) fn seen(
        &mut self,
        pairs: &[(Atom, Atom)],
        kept: &[Term],
    ) -> Result<Vec<(Atom, Term)>, Trouble> {
        let mut calls = vec![];
        for (a, b) in pairs {
            for atom in [a, b] {
                if let AtomKind::Call(call) = self.terms.atom(*atom) {
                    calls.push(call.clone());
                }
            }
        }
        for factor in kept {
            if let Op::Call(call) = self.terms.op(*factor) {
                calls.push(call.clone());
            } else {
                let why = "the mean of this has no closed form";
                return Err(Trouble::Unsupported(why.into()));
            }
        }
        for call in &calls {
            for vector in call.vectors() {
                let noise = vector
                    .iter()
                    .filter(|(atom, _)| self.noises.contains(atom));
                let seen: Vec<(Atom, Term)> = noise.collect();
                if !seen.is_empty() {
                    return Ok(seen);
                }
            }
        }
        let why = "the mean of a function within a function";
        Err(Trouble::Unsupported(why.into()))
    }

    /// Applies `E[E[x_0 | y]] = E[x_0]`, where the expectation averages over
    /// `y`.
    pub(super) fn tower(
        &mut self,
        pairs: &[(Atom, Atom)],
        kept: &[Term],
        seen: &[(Atom, Term)],
    ) -> Result<Option<(Vec<Term>, Term)>, Trouble> {
        let Some(data) = self.data.clone() else { return Ok(None) };
        let ([(a, b)], []) = (pairs, kept) else { return Ok(None) };
        for (inner, outer) in [(*a, *b), (*b, *a)] {
            let AtomKind::Call(call) = self.terms.atom(inner).clone() else {
                continue;
            };
            let Unknown::DataMean(family) = &call.function else { continue };
            let [
                Argument::Scalar(gain),
                Argument::Scalar(v),
                Argument::Vector(y),
            ] = call.arguments.as_slice()
            else {
                continue;
            };
            let plain = *family == data.family
                && data.condition.is_empty()
                && !self.is_random_atom(outer)
                && y.iter().all(|(atom, _)| {
                    atom == data.atom || self.noises.contains(&atom)
                });
            if !plain {
                continue;
            }
            let zero = self.terms.zero();
            let own = y.coefficient(data.atom).unwrap_or(zero);
            let mut squares = vec![];
            for (_, c) in seen {
                squares.push(self.terms.power(*c, 2)?);
            }
            let variance = self.terms.sum(&squares);
            if equal(self.terms, own, *gain) && equal(self.terms, variance, *v)
            {
                let outer = self.terms.vector_of(outer);
                let inner = self.terms.inner(&outer, &data.mean);
                let one = self.terms.whole(1);
                return Ok(Some((vec![inner], one)));
            }
        }
        Ok(None)
    }
}
