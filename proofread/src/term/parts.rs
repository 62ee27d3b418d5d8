//! The subterms of a term.

use super::{Argument, Atom, AtomKind, Call, Combination, Op, Term, Terms};

impl Terms {
    /// Calls `f` once with each of the roots and each of their subterms, parts
    /// first.
    pub(crate) fn visit(&self, roots: &[Term], f: &mut dyn FnMut(Term)) {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut stack: Vec<(Term, bool)> =
            roots.iter().rev().map(|t| (*t, false)).collect();
        while let Some((term, ready)) = stack.pop() {
            if ready {
                f(term);
                continue;
            }
            if !seen.insert(term) {
                continue;
            }
            stack.push((term, true));
            let parts = self.parts(term);
            stack.extend(parts.into_iter().rev().map(|t| (t, false)));
        }
        crate::work::spend(seen.len());
    }

    /// Returns a term and those of its subterms that are not known yet, parts
    /// first.
    pub(crate) fn order(
        &self,
        of: Term,
        is_known: impl Fn(Term) -> bool,
    ) -> Vec<Term> {
        let mut order = vec![];
        self.visit(&[of], &mut |term| {
            if !is_known(term) {
                order.push(term);
            }
        });
        order
    }

    /// Returns the direct subterms of a term.
    pub(crate) fn parts(&self, term: Term) -> Vec<Term> {
        match self.op(term) {
            Op::Number(_) | Op::Pi | Op::Variable(_) => vec![],
            Op::Sum(parts) | Op::Product(parts) | Op::Extremum(_, parts) => {
                parts.clone()
            }
            Op::Quotient(a, b) | Op::RealPower(a, b) => vec![*a, *b],
            Op::Power(a, _)
            | Op::Root(_, a)
            | Op::Absolute(a)
            | Op::Function(_, a) => vec![*a],
            Op::Inner(a, b) => {
                let mut all = self.atom_parts(*a);
                all.extend(self.atom_parts(*b));
                all
            }
            Op::Call(call) => call.parts(),
            Op::Cases(cases) => cases
                .iter()
                .flat_map(|(guards, value)| {
                    guards.iter().map(|g| g.term).chain([*value])
                })
                .collect(),
            Op::Integral(_, parts) => parts.to_vec(),
        }
    }

    /// Returns the terms in the arguments of an atom that is a call.
    pub(crate) fn atom_parts(&self, atom: Atom) -> Vec<Term> {
        match self.atom(atom) {
            AtomKind::Free(_) => vec![],
            AtomKind::Call(call) => call.parts(),
        }
    }
}

impl Call {
    fn parts(&self) -> Vec<Term> {
        let of = |argument: &Argument| match argument {
            Argument::Scalar(term) => vec![*term],
            Argument::Vector(vector) => vector.coefficients().collect(),
        };
        self.arguments.iter().flat_map(of).collect()
    }

    /// Returns the vectors among the arguments.
    pub(crate) fn vectors(&self) -> impl Iterator<Item = &Combination> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Vector(vector) => Some(vector),
            Argument::Scalar(_) => None,
        })
    }
}
