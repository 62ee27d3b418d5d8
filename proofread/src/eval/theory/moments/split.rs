//! Noise as the direction that functions depend on and an independent
//! remainder.

use super::bound::bound_noise;
use super::{Means, PRODUCTS, equal};
use crate::term::{Argument, Atom, AtomKind, Call, Combination, Op, Term};
use crate::value::Trouble;
use rustc_hash::FxHashMap as HashMap;

impl Means<'_> {
    /// Returns the expectation of a product in which functions depend on the
    /// noise along one direction.
    pub(super) fn split(
        &mut self,
        pairs: &[(Atom, Atom)],
        kept: &[Term],
    ) -> Result<Vec<(Vec<Term>, Term)>, Trouble> {
        let seen = self.seen(pairs, kept)?;
        // `E[E[x_0 | y]] = E[x_0]` needs no split (the tower property).
        if let Some(mean) = self.tower(pairs, kept, &seen)? {
            return Ok(vec![mean]);
        }
        let mut squares = vec![];
        for (_, coefficient) in &seen {
            squares.push(self.terms.power(*coefficient, 2)?);
        }
        let variance = self.terms.sum(&squares);
        let std = self.terms.sqrt(variance)?;
        let depth = self.depth(kept);
        let direction = self.terms.free_vector(&bound_noise(0, depth));
        let bound = direction.iter().next().map(|(atom, _)| atom);
        let bound = bound.ok_or(Trouble::Budget)?;
        let moved = self.terms.scale_vector(std, &direction);
        // Each noise is its share of the direction plus a remainder.
        let mut rests: HashMap<Atom, (Term, Atom)> = HashMap::default();
        let mut covariance = HashMap::default();
        for (noise, coefficient) in &seen {
            let share = self.terms.div(*coefficient, std)?;
            let kind = AtomKind::Free(format!("rest of {}", noise.0));
            let rest = self.terms.store_atom(kind);
            rests.insert(*noise, (share, rest));
        }
        for (a, c) in &seen {
            for (b, e) in &seen {
                let product = self.terms.mul(*c, *e);
                let less = self.terms.div(product, variance)?;
                let own = self.terms.whole(i64::from(a == b));
                let both = self.terms.sub(own, less);
                covariance.insert((rests[a].1, rests[b].1), both);
            }
        }
        let one = self.terms.whole(1);
        let mut products = vec![(vec![], one)];
        for (a, b) in pairs {
            let mut next = vec![];
            for x in self.shares(*a, &rests, bound, &seen, &moved)? {
                for y in self.shares(*b, &rests, bound, &seen, &moved)? {
                    let factor = self.terms.mul(x.1, y.1);
                    for (before, c) in &products {
                        let mut all: Vec<(Atom, Atom)> = before.clone();
                        all.push((x.0, y.0));
                        next.push((all, self.terms.mul(*c, factor)));
                    }
                }
            }
            products = next;
            if products.len() > PRODUCTS {
                return Err(Trouble::Budget);
            }
        }
        let kept = kept
            .iter()
            .map(|factor| self.with_direction(*factor, &seen, &moved))
            .collect::<Result<Vec<Term>, Trouble>>()?;
        self.depends.clear();
        let mut all = vec![];
        for (pairs, factor) in products {
            for (pairs, factor) in self.paired(pairs, factor, &covariance)? {
                let mut factors = vec![];
                for (a, b) in pairs {
                    factors.push(self.terms.inner_of_atoms(a, b));
                }
                factors.extend(&kept);
                self.noises.insert(bound);
                self.depends.clear();
                let (random, mut free): (Vec<Term>, Vec<Term>) =
                    factors.into_iter().partition(|f| self.is_random(*f));
                self.noises.remove(&bound);
                self.depends.clear();
                if random.is_empty() {
                    all.push((free, factor));
                } else {
                    let (bound, one) = self.bound(&random)?;
                    free.extend(bound);
                    all.push((free, self.terms.mul(factor, one)));
                }
            }
        }
        Ok(all)
    }

    /// Decomposes one vector of a pair. Noise becomes its share of the
    /// direction and a remainder; in the arguments of a function, the direction
    /// replaces the noise.
    fn shares(
        &mut self,
        atom: Atom,
        rests: &HashMap<Atom, (Term, Atom)>,
        bound: Atom,
        seen: &[(Atom, Term)],
        moved: &Combination,
    ) -> Result<Vec<(Atom, Term)>, Trouble> {
        let one = self.terms.whole(1);
        if let Some((share, rest)) = rests.get(&atom) {
            return Ok(vec![(bound, *share), (*rest, one)]);
        }
        if let AtomKind::Call(call) = self.terms.atom(atom).clone() {
            let call = self.call_with_direction(&call, seen, moved)?;
            let atom = self.terms.store_atom(AtomKind::Call(call));
            return Ok(vec![(atom, one)]);
        }
        Ok(vec![(atom, one)])
    }

    fn with_direction(
        &mut self,
        factor: Term,
        seen: &[(Atom, Term)],
        moved: &Combination,
    ) -> Result<Term, Trouble> {
        if let Op::Call(call) = self.terms.op(factor).clone() {
            let call = self.call_with_direction(&call, seen, moved)?;
            Ok(self.terms.store(Op::Call(call)))
        } else {
            let why = "a mean that has no closed form";
            Err(Trouble::Unsupported(why.into()))
        }
    }

    /// Replaces the noise in the arguments of a call by the direction.
    fn call_with_direction(
        &mut self,
        call: &Call,
        seen: &[(Atom, Term)],
        moved: &Combination,
    ) -> Result<Call, Trouble> {
        let mut arguments = vec![];
        for argument in &call.arguments {
            arguments.push(match argument {
                Argument::Scalar(term) if self.is_random(*term) => {
                    let why = "the mean of a function within a function";
                    return Err(Trouble::Unsupported(why.into()));
                }
                Argument::Scalar(term) => Argument::Scalar(*term),
                Argument::Vector(vector) => {
                    let mut rest = vector.clone();
                    for (noise, _) in seen {
                        rest = rest.without(*noise);
                    }
                    let scale = self.scale_of(vector, seen)?;
                    let along = self.terms.scale_vector(scale, moved);
                    let sum = self.terms.add_vectors(&rest, &along);
                    Argument::Vector(sum)
                }
            });
        }
        Ok(Call { function: call.function.clone(), arguments })
    }

    /// Returns the factor between the noise of a vector and the seen noise.
    fn scale_of(
        &mut self,
        vector: &Combination,
        seen: &[(Atom, Term)],
    ) -> Result<Term, Trouble> {
        let zero = self.terms.zero();
        let own: Vec<Term> = seen
            .iter()
            .map(|(noise, _)| vector.coefficient(*noise).unwrap_or(zero))
            .collect();
        if own.iter().all(|c| *c == zero) {
            return Ok(zero);
        }
        let pairs = own.iter().zip(seen);
        if pairs.clone().all(|(c, (_, d))| c == d) {
            return Ok(self.terms.whole(1));
        }
        let scale = self.terms.div(own[0], seen[0].1)?;
        for (c, (_, d)) in pairs {
            let expected = self.terms.mul(scale, *d);
            if !equal(self.terms, *c, expected) {
                let why = "functions that see different noise in one mean";
                return Err(Trouble::Unsupported(why.into()));
            }
        }
        Ok(scale)
    }
}
