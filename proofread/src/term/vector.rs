//! Linear combinations of vectors, in any dimension.

use super::{Atom, AtomKind, Op, Term, Terms};
use crate::value::Trouble;

/// A linear combination of vectors, in the order of their numbers.
///
/// Vectors have no entries here: only their inner products are numbers. So a
/// proof about a combination holds in every dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Combination(Vec<(Atom, Term)>);

impl Combination {
    /// Returns the vector 0.
    pub(crate) fn zero() -> Self {
        Self::default()
    }

    /// Returns the vectors with their coefficients.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Atom, Term)> + '_ {
        self.0.iter().copied()
    }

    /// Returns the coefficients.
    pub(crate) fn coefficients(&self) -> impl Iterator<Item = Term> + '_ {
        self.0.iter().map(|(_, term)| *term)
    }

    /// Returns the coefficient of a vector.
    pub(crate) fn coefficient(&self, of: Atom) -> Option<Term> {
        let found = self.0.iter().find(|(atom, _)| *atom == of);
        found.map(|(_, term)| *term)
    }

    /// Returns the combination without one of its vectors.
    pub(crate) fn without(&self, of: Atom) -> Self {
        Self(self.iter().filter(|(atom, _)| *atom != of).collect())
    }
}

impl Terms {
    /// Returns a free vector.
    pub(crate) fn free_vector(&mut self, name: &str) -> Combination {
        let atom = self.store_atom(AtomKind::Free(name.to_owned()));
        self.vector_of(atom)
    }

    /// Returns the combination of one vector with the coefficient 1.
    pub(crate) fn vector_of(&mut self, atom: Atom) -> Combination {
        let one = self.whole(1);
        Combination(vec![(atom, one)])
    }

    pub(crate) fn add_vectors(
        &mut self,
        a: &Combination,
        b: &Combination,
    ) -> Combination {
        let mut sum = a.clone();
        for (atom, term) in b.iter() {
            match sum.0.binary_search_by_key(&atom, |(atom, _)| *atom) {
                Ok(place) => {
                    let both = self.add(sum.0[place].1, term);
                    sum.0[place].1 = both;
                }
                Err(place) => sum.0.insert(place, (atom, term)),
            }
        }
        sum.0.retain(|(_, term)| !self.is_zero(*term));
        sum
    }

    pub(crate) fn scale_vector(
        &mut self,
        by: Term,
        vector: &Combination,
    ) -> Combination {
        let scaled = vector.0.iter().map(|(a, t)| (*a, self.mul(by, *t)));
        let mut scaled: Vec<(Atom, Term)> = scaled.collect();
        scaled.retain(|(_, term)| !self.is_zero(*term));
        Combination(scaled)
    }

    pub(crate) fn sub_vectors(
        &mut self,
        a: &Combination,
        b: &Combination,
    ) -> Combination {
        let minus = self.whole(-1);
        let b = self.scale_vector(minus, b);
        self.add_vectors(a, &b)
    }

    /// Divides every coefficient by a number.
    pub(crate) fn divide_vector(
        &mut self,
        vector: &Combination,
        by: Term,
    ) -> Result<Combination, Trouble> {
        let mut divided = vec![];
        for (atom, term) in vector.iter() {
            divided.push((atom, self.div(term, by)?));
        }
        Ok(Combination(divided))
    }

    /// Returns the inner product.
    pub(crate) fn inner(&mut self, a: &Combination, b: &Combination) -> Term {
        let mut terms = vec![];
        for (x, s) in a.iter() {
            for (y, t) in b.iter() {
                let product = self.inner_of_atoms(x, y);
                terms.push(self.product(&[s, t, product]));
            }
        }
        let inner = self.sum(&terms);
        if a == b {
            self.squares.insert(inner);
        }
        inner
    }

    /// Returns a zero vector that has no value where `hidden` has none.
    pub(crate) fn nowhere(&mut self, hidden: Term) -> Combination {
        let any = self.free_vector("no direction");
        self.scale_vector(hidden, &any)
    }

    /// Returns the vector of length 1, if there is one.
    pub(crate) fn unit(&self) -> Option<Atom> {
        self.unit
    }

    /// Returns the component of a vector along a vector of length 1.
    pub(crate) fn along_unit(&mut self, of: Atom) -> Term {
        let kind = AtomKind::Free("a vector of length 1".into());
        let unit = self.store_atom(kind);
        self.unit = Some(unit);
        self.inner_of_atoms(of, unit)
    }

    /// Returns the inner product of two vectors, stored in one order.
    pub(crate) fn inner_of_atoms(&mut self, a: Atom, b: Atom) -> Term {
        if a == b && self.unit == Some(a) {
            return self.whole(1);
        }
        self.store(Op::Inner(a.min(b), a.max(b)))
    }

    /// Returns the length.
    pub(crate) fn norm(&mut self, of: &Combination) -> Result<Term, Trouble> {
        let square = self.inner(of, of);
        self.sqrt(square)
    }
}
