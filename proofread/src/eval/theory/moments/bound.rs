//! Expectations as opaque terms, with bound data and noise.

use super::super::process::mentions;
use super::Means;
use crate::term::{Argument, Atom, Call, Op, Replacement, Term, Unknown};
use crate::value::Trouble;
use rustc_hash::FxHashMap as HashMap;

impl Means<'_> {
    /// Takes the expectation over the data of factors without noise.
    pub(super) fn over_data(
        &mut self,
        pairs: &[(Atom, Atom)],
        kept: &[Term],
        factor: Term,
    ) -> Result<(Vec<Term>, Term), Trouble> {
        let mut factors = vec![];
        for (a, b) in pairs {
            factors.push(self.terms.inner_of_atoms(*a, *b));
        }
        factors.extend(kept);
        let (random, mut free): (Vec<Term>, Vec<Term>) =
            factors.into_iter().partition(|f| self.is_random(*f));
        if random.is_empty() {
            return Ok((free, factor));
        }
        if let Some(data) = self.data.clone()
            && let [only] = random.as_slice()
            && let Op::Inner(a, b) = *self.terms.op(*only)
            && (a == data.atom) != (b == data.atom)
        {
            let other = if a == data.atom { b } else { a };
            if !self.is_random_atom(other) {
                let other = self.terms.vector_of(other);
                free.push(self.terms.inner(&other, &data.mean));
                return Ok((free, factor));
            }
        }
        let (bound, one) = self.bound(&random)?;
        free.extend(bound);
        Ok((free, self.terms.mul(factor, one)))
    }

    /// Returns the expectation of a product without a closed form as an opaque
    /// term in which all noise is bound.
    pub(super) fn open(
        &mut self,
        factors: &[Term],
        trouble: Trouble,
    ) -> Result<(Vec<Term>, Term), Trouble> {
        if !self.is_open {
            return Err(trouble);
        }
        let product = self.terms.product(factors);
        let mut noises: Vec<Atom> = self.noises.iter().copied().collect();
        noises.sort_unstable();
        noises.retain(|noise| mentions(self.terms, &[product], *noise));
        let depth = self.depth(&[product]);
        let mut by = Replacement::default();
        for (i, noise) in noises.into_iter().enumerate() {
            by.insert(noise, self.terms.free_vector(&bound_noise(i, depth)));
        }
        let product = self.terms.replaced(product, &by)?;
        self.bound(&[product])
    }

    /// Returns the expectation of a product as an opaque term in which the data
    /// are bound.
    pub(super) fn bound(
        &mut self,
        factors: &[Term],
    ) -> Result<(Vec<Term>, Term), Trouble> {
        let mut product = self.terms.product(factors);
        let mut arguments = vec![];
        let mut name = String::from("noise");
        if let Some(data) = self.data.clone() {
            let mut by = Replacement::default();
            let depth = self.depth(&[product]);
            let bound = bound_data(depth);
            by.insert(data.atom, self.terms.free_vector(&bound));
            product = self.terms.replaced(product, &by)?;
            name = data.family;
            arguments.extend(data.condition);
        }
        arguments.insert(0, Argument::Scalar(product));
        let call = Call { function: Unknown::Mean(name), arguments };
        let one = self.terms.whole(1);
        Ok((vec![self.terms.store(Op::Call(call))], one))
    }

    /// Returns the largest nesting depth of expectations in some terms. Bound
    /// variables at different depths have different names.
    pub(in crate::eval::theory) fn depth(&self, of: &[Term]) -> usize {
        let mut depths: HashMap<Term, usize> = HashMap::default();
        self.terms.visit(of, &mut |part| {
            let below = self.terms.parts(part).into_iter();
            let below = below.map(|p| depths[&p]).max().unwrap_or(0);
            let own = matches!(
                self.terms.op(part),
                Op::Call(Call { function: Unknown::Mean(_), .. })
            );
            depths.insert(part, below + usize::from(own));
        });
        of.iter().map(|term| depths[term]).max().unwrap_or(0)
    }
}

/// Returns the name of a bound noise; `depth` counts the expectations nested in
/// its scope.
pub(in crate::eval::theory) fn bound_noise(
    number: usize,
    depth: usize,
) -> String {
    format!("bound noise {number}, {depth}")
}

/// Returns the name of the bound data of an expectation.
pub(in crate::eval::theory) fn bound_data(depth: usize) -> String {
    format!("bound data, {depth}")
}
