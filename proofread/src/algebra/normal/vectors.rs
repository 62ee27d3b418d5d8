//! Vectors and their inner products: equal vectors get one number, and inner
//! products are generators.

use super::Normalizer;
use crate::algebra::monomial::{Exponent, Monomial};
use crate::algebra::ratio::Ratio;
use crate::algebra::ring::{Argument, Combination, Kind};
use crate::term::{self, Atom, AtomKind, Call};
use crate::value::{Interval, Q, Trouble};
use num_traits::Zero;
use std::collections::BTreeMap;

impl Normalizer<'_> {
    pub(super) fn inner(&mut self, a: Atom, b: Atom) -> Result<Ratio, Trouble> {
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

    pub(super) fn arguments(
        &mut self,
        call: &Call,
    ) -> Result<Vec<Argument>, Trouble> {
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

    /// Returns a combination in which atoms that are the same vector are
    /// merged.
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

    /// Returns the first atom that is the same vector.
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
}
