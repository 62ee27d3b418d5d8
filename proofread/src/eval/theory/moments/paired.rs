//! Pairings of noise, and functions that depend on noise.

use super::super::process::{mentions, mentions_in_atom};
use super::Means;
use crate::term::{Atom, Term};
use crate::value::Trouble;
use rustc_hash::FxHashMap as HashMap;

/// Pairs of vectors whose inner products are multiplied.
type Pairs = Vec<(Atom, Atom)>;

impl Means<'_> {
    /// Checks whether an unknown function among the factors depends on noise.
    pub(super) fn sees_noise(
        &self,
        pairs: &[(Atom, Atom)],
        kept: &[Term],
    ) -> bool {
        let atoms = pairs.iter().flat_map(|(a, b)| [*a, *b]);
        let calls = atoms.filter(|a| !self.noises.contains(a));
        let noise = |atom: Atom| {
            self.noises
                .iter()
                .any(|noise| mentions_in_atom(self.terms, atom, *noise))
        };
        calls.into_iter().any(noise)
            || self.noises.iter().any(|n| mentions(self.terms, kept, *n))
    }

    /// Returns all pairings of the noise, each with its factor. `covariance`
    /// holds the covariances of noises that are not independent with variance
    /// 1.
    pub(super) fn paired(
        &mut self,
        pairs: Vec<(Atom, Atom)>,
        factor: Term,
        covariance: &HashMap<(Atom, Atom), Term>,
    ) -> Result<Vec<(Pairs, Term)>, Trouble> {
        let is_noise = |atom: &Atom| {
            self.noises.contains(atom)
                || covariance.contains_key(&(*atom, *atom))
        };
        let slots: Vec<(usize, bool)> = pairs
            .iter()
            .enumerate()
            .flat_map(|(i, (a, b))| {
                let a = is_noise(a).then_some((i, false));
                a.into_iter().chain(is_noise(b).then_some((i, true)))
            })
            .collect();
        let Some(first) = slots.first().copied() else {
            return Ok(vec![(pairs, factor)]);
        };
        let at = |(i, second): (usize, bool)| {
            if second { pairs[i].1 } else { pairs[i].0 }
        };
        let beside = |(i, second): (usize, bool)| {
            if second { pairs[i].0 } else { pairs[i].1 }
        };
        let mut all = vec![];
        for other in &slots[1..] {
            let (a, b) = (at(first), at(*other));
            let share = match covariance.get(&(a, b)) {
                Some(covariance) => self.terms.mul(factor, *covariance),
                None if a == b && self.noises.contains(&a) => factor,
                None => continue,
            };
            let mut rest: Vec<(Atom, Atom)> = pairs
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != first.0 && *i != other.0)
                .map(|(_, pair)| *pair)
                .collect();
            let share = if first.0 == other.0 {
                self.terms.mul(share, self.dimension)
            } else {
                rest.push((beside(first), beside(*other)));
                share
            };
            all.extend(self.paired(rest, share, covariance)?);
        }
        Ok(all)
    }
}
