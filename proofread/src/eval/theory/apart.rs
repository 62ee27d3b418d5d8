//! Expectations of products of independent factors, and nested expectations.

use super::moments::{Means, bound_data, bound_noise, equal};
use super::process::mentions;
use crate::term::{
    Argument, Atom, AtomKind, Call, Combination, Op, Replacement, Term, Unknown,
};
use crate::value::Trouble;

impl Means<'_> {
    /// Partitions the factors into independent groups: no noise occurs in two
    /// groups, and the data occur in at most one.
    pub(super) fn independent(&self, factors: &[Term]) -> Vec<Vec<Term>> {
        if factors.len() < 2 {
            return vec![factors.to_vec()];
        }
        let data = self.data.iter().map(|data| data.atom);
        let random: Vec<Atom> =
            self.noises.iter().copied().chain(data).collect();
        let mut groups: Vec<(Vec<Atom>, Vec<Term>)> = vec![];
        for factor in factors {
            let of = |atom: &&Atom| mentions(self.terms, &[*factor], **atom);
            let own: Vec<Atom> = random.iter().filter(of).copied().collect();
            let (with, without): (Vec<_>, Vec<_>) = groups
                .into_iter()
                .partition(|(atoms, _)| atoms.iter().any(|a| own.contains(a)));
            let mut joined = (own, vec![]);
            for (atoms, list) in with {
                joined.0.extend(atoms);
                joined.1.extend(list);
            }
            joined.1.push(*factor);
            groups = without;
            groups.push(joined);
        }
        groups.into_iter().map(|(_, list)| list).collect()
    }

    /// Replaces the expectations in a product by their bodies, as in
    /// `E[E[f(x, y) | x] g(x)] = E[f(x, y) g(x)]`. Returns `None` if the
    /// product contains no such expectation.
    pub(super) fn unfolded(
        &mut self,
        factors: &[Term],
    ) -> Result<Option<Term>, Trouble> {
        let mut all = vec![];
        let mut found = false;
        for factor in factors {
            let body = match self.terms.op(*factor).clone() {
                Op::Call(call) => {
                    self.body_of_mean(&call, factors.len() == 1)?
                }
                _ => None,
            };
            found |= body.is_some();
            all.push(body.unwrap_or(*factor));
        }
        Ok(found.then(|| self.terms.product(&all)))
    }

    /// Returns the body of a nested expectation, with fresh noise. The nested
    /// expectation must be over noise alone, or over the data given an
    /// observation that the outer expectation averages over.
    fn body_of_mean(
        &mut self,
        call: &Call,
        is_alone: bool,
    ) -> Result<Option<Term>, Trouble> {
        let Unknown::Mean(family) = &call.function else { return Ok(None) };
        let Some((Argument::Scalar(body), condition)) =
            call.arguments.split_first()
        else {
            return Ok(None);
        };
        let depth = self.depth(&[*body]);
        let mut by = Replacement::default();
        let kind = AtomKind::Free(bound_data(depth));
        let data = self.terms.store_atom(kind);
        if mentions(self.terms, &[*body], data) {
            if !is_alone || !self.is_observed(family, condition)? {
                return Ok(None);
            }
            let Some(own) = &self.data else { return Ok(None) };
            by.insert(data, self.terms.vector_of(own.atom));
        } else if !condition.is_empty() {
            return Ok(None);
        }
        for number in 0.. {
            let kind = AtomKind::Free(bound_noise(number, depth));
            let bound = self.terms.store_atom(kind);
            if !mentions(self.terms, &[*body], bound) {
                break;
            }
            let count = self.terms.atoms().count();
            let kind = AtomKind::Free(format!("noise of its own, {count}"));
            let noise = self.terms.store_atom(kind);
            self.noises.insert(noise);
            by.insert(bound, self.terms.vector_of(noise));
        }
        self.depends.clear();
        self.terms.replaced(*body, &by).map(Some)
    }

    /// Checks whether a condition `a`, `v` and `y` states that `y` is
    /// `a x + N(0, v I)`, where `x` are the data of this expectation and no
    /// other condition on the data is given.
    fn is_observed(
        &mut self,
        family: &str,
        condition: &[Argument],
    ) -> Result<bool, Trouble> {
        let Some(data) = self.data.clone() else { return Ok(false) };
        let [Argument::Scalar(gain), Argument::Scalar(v), Argument::Vector(y)] =
            condition
        else {
            return Ok(false);
        };
        let (gain, v, y): (Term, Term, &Combination) = (*gain, *v, y);
        let plain = family == data.family
            && data.condition.is_empty()
            && y.iter().all(|(atom, _)| {
                atom == data.atom || self.noises.contains(&atom)
            });
        if !plain {
            return Ok(false);
        }
        let zero = self.terms.zero();
        let own = y.coefficient(data.atom).unwrap_or(zero);
        let mut squares = vec![];
        for (atom, coefficient) in y.iter() {
            if atom != data.atom {
                squares.push(self.terms.power(coefficient, 2)?);
            }
        }
        let variance = self.terms.sum(&squares);
        Ok(equal(self.terms, own, gain) && equal(self.terms, variance, v))
    }
}
