//! Means of products of inner products.
//!
//! For independent standard normal vectors the mean of a product of inner
//! products is a sum over all ways to pair the vectors (Isserlis): a pair
//! `(ε·a)(ε·b)` becomes `a·b`, and `ε·ε` becomes the dimension. A factor that
//! is an unknown function of the noise is kept: the noise is split into the
//! direction that the function sees and a rest that is independent of it, and
//! the mean over what is left is a number of its own, with bound data and noise
//! in it.

use super::integral;
use super::process::mentions_in_atom;
use super::random::{Data, Randomness};
use crate::algebra::Normalizer;
use crate::expr::Function;
use crate::term::{
    Argument, Atom, AtomKind, Call, Combination, Op, Replacement, Term, Terms,
    Unknown,
};
use crate::value::Trouble;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Products of factors, with their coefficients.
type Sums = BTreeMap<Vec<Term>, Term>;

/// Vectors whose inner products are multiplied.
type Pairs = Vec<(Atom, Atom)>;

/// Means over data and noise.
pub(super) struct Means<'a> {
    pub(super) terms: &'a mut Terms,
    pub(super) noises: HashSet<Atom>,
    pub(super) data: Option<Data>,
    dimension: Term,
    pub(super) depends: HashMap<Term, bool>,
    /// Whether a mean without a closed form is a number of its own.
    is_open: bool,
}

/// The most factors of one product.
const FACTORS: usize = 10;
/// The most products of one mean.
const PRODUCTS: usize = 4000;

impl<'a> Means<'a> {
    pub(super) fn new(
        terms: &'a mut Terms,
        part: &Randomness,
        dimension: Term,
        is_open: bool,
    ) -> Self {
        let noises = part.noises.iter().copied().collect();
        let data = part.data.clone();
        let depends = HashMap::new();
        Self { terms, noises, data, dimension, depends, is_open }
    }

    /// The mean of a number.
    pub(super) fn of(&mut self, term: Term) -> Result<Term, Trouble> {
        let mut sum = vec![];
        for (mut factors, coefficient) in self.of_terms(term)? {
            factors.push(coefficient);
            sum.push(self.terms.product(&factors));
        }
        Ok(self.terms.sum(&sum))
    }

    /// The mean as products of factors that are not random.
    pub(super) fn of_terms(
        &mut self,
        term: Term,
    ) -> Result<Vec<(Vec<Term>, Term)>, Trouble> {
        let mut all = vec![];
        for (factors, coefficient) in self.expand(term)? {
            for (left, factor) in self.mean_of(&factors)? {
                let coefficient = self.terms.mul(coefficient, factor);
                all.push((left, coefficient));
            }
        }
        Ok(all)
    }

    /// The one vector whose inner product with `any` is a factor, and the other
    /// factors.
    pub(super) fn direction(
        &self,
        factors: &[Term],
        any: Atom,
    ) -> Option<(Atom, Vec<Term>)> {
        let mut found = None;
        let mut rest = vec![];
        for factor in factors {
            match self.terms.op(*factor) {
                Op::Inner(a, b) if *a == any && found.is_none() => {
                    found = Some(*b);
                }
                Op::Inner(a, b) if *b == any && found.is_none() => {
                    found = Some(*a);
                }
                _ => rest.push(*factor),
            }
        }
        let clean = !super::process::mentions(self.terms, &rest, any);
        found.filter(|_| clean).map(|atom| (atom, rest))
    }

    /// Whether a vector depends on data or noise.
    pub(super) fn is_random_atom(&self, atom: Atom) -> bool {
        let own = self.data.iter().map(|data| data.atom);
        let mut all = self.noises.iter().copied().chain(own);
        all.any(|random| mentions_in_atom(self.terms, atom, random))
    }

    /// Whether a term depends on data or noise.
    pub(super) fn is_random(&mut self, term: Term) -> bool {
        if let Some(known) = self.depends.get(&term) {
            return *known;
        }
        let mut order = vec![];
        self.terms.visit(&[term], &mut |part| order.push(part));
        for part in order {
            if self.depends.contains_key(&part) {
                continue;
            }
            let parts = self.terms.parts(part);
            let mut random = parts.iter().any(|p| self.depends[p]);
            random |= match self.terms.op(part) {
                Op::Inner(a, b) => {
                    self.is_random_atom(*a) || self.is_random_atom(*b)
                }
                Op::Call(call) => {
                    let atoms = call.vectors().flat_map(Combination::iter);
                    let atoms: Vec<Atom> = atoms.map(|(a, _)| a).collect();
                    atoms.into_iter().any(|a| self.is_random_atom(a))
                }
                _ => false,
            };
            self.depends.insert(part, random);
        }
        self.depends[&term]
    }

    /// A term as a polynomial in what is random.
    fn expand(&mut self, term: Term) -> Result<Sums, Trouble> {
        if !self.is_random(term) {
            return Ok(Sums::from([(vec![], term)]));
        }
        match self.terms.op(term).clone() {
            Op::Sum(parts) => {
                let mut sum = Sums::new();
                for part in parts {
                    for (factors, c) in self.expand(part)? {
                        self.put(&mut sum, factors, c);
                    }
                }
                Ok(sum)
            }
            Op::Product(parts) => {
                let one = self.terms.whole(1);
                let mut product = Sums::from([(vec![], one)]);
                for part in parts {
                    let part = self.expand(part)?;
                    product = self.product(&product, &part)?;
                }
                Ok(product)
            }
            Op::Power(base, exponent @ 1..=8) => {
                let base = self.expand(base)?;
                let mut product = base.clone();
                for _ in 1..exponent {
                    product = self.product(&product, &base)?;
                }
                Ok(product)
            }
            Op::Quotient(a, b) if !self.is_random(b) => {
                let one = self.terms.whole(1);
                let inverse = self.terms.div(one, b)?;
                let mut result = Sums::new();
                for (factors, c) in self.expand(a)? {
                    let c = self.terms.mul(c, inverse);
                    self.put(&mut result, factors, c);
                }
                Ok(result)
            }
            // A quotient of exponentials is one.
            Op::Quotient(a, b) => {
                if let Op::Function(Function::Exp, inner) =
                    self.terms.op(b).clone()
                {
                    let minus = self.terms.neg(inner);
                    let inverse = self.terms.exp(minus)?;
                    let product = self.terms.mul(a, inverse);
                    self.expand(product)
                } else {
                    let one = self.terms.whole(1);
                    Ok(Sums::from([(vec![term], one)]))
                }
            }
            _ => {
                let one = self.terms.whole(1);
                Ok(Sums::from([(vec![term], one)]))
            }
        }
    }

    fn put(&mut self, sums: &mut Sums, factors: Vec<Term>, c: Term) {
        let sum = match sums.get(&factors) {
            Some(before) => self.terms.add(*before, c),
            None => c,
        };
        sums.insert(factors, sum);
    }

    fn product(&mut self, a: &Sums, b: &Sums) -> Result<Sums, Trouble> {
        if a.len() * b.len() > PRODUCTS {
            return Err(Trouble::Budget);
        }
        let mut product = Sums::new();
        for (f, c) in a {
            for (g, e) in b {
                let mut factors = [f.as_slice(), g].concat();
                factors.sort_unstable();
                let c = self.terms.mul(*c, *e);
                self.put(&mut product, factors, c);
            }
        }
        Ok(product)
    }

    /// The mean of a product of random factors.
    fn mean_of(
        &mut self,
        factors: &[Term],
    ) -> Result<Vec<(Vec<Term>, Term)>, Trouble> {
        if factors.len() > FACTORS {
            return Err(Trouble::Budget);
        }
        if let Some(all) = self.unfolded(factors)? {
            return self.of_terms(all);
        }
        let groups = self.independent(factors);
        let one = self.terms.whole(1);
        let mut all = vec![(vec![], one)];
        for group in groups {
            let mut next = vec![];
            for (left, factor) in self.mean_of_group(&group)? {
                for (before, c) in &all {
                    let left = [before.as_slice(), &left].concat();
                    next.push((left, self.terms.mul(*c, factor)));
                }
            }
            all = next;
            if all.len() > PRODUCTS {
                return Err(Trouble::Budget);
            }
        }
        Ok(all)
    }

    /// The mean of a product of factors that depend on each other.
    fn mean_of_group(
        &mut self,
        factors: &[Term],
    ) -> Result<Vec<(Vec<Term>, Term)>, Trouble> {
        let exponents: Vec<Term> = factors
            .iter()
            .filter_map(|factor| match self.terms.op(*factor) {
                Op::Function(Function::Exp, inner) => Some(*inner),
                _ => None,
            })
            .collect();
        if !exponents.is_empty() && exponents.len() == factors.len() {
            let sum = self.terms.sum(&exponents);
            let noises: Vec<Atom> = {
                let mut all: Vec<Atom> = self.noises.iter().copied().collect();
                all.sort_unstable();
                all
            };
            let left = integral::mean_of_exp(
                self.terms,
                sum,
                &noises,
                self.dimension,
            )?;
            let Some(left) = left else {
                let why = "the mean of the exponential of what is not \
                           quadratic";
                return self
                    .open(factors, Trouble::Unsupported(why.into()))
                    .map(|mean| vec![mean]);
            };
            if !self.is_random(left) {
                let one = self.terms.whole(1);
                return Ok(vec![(vec![left], one)]);
            }
            return self.bound(&[left]).map(|mean| vec![mean]);
        }
        // Inner products as pairs; other factors are kept.
        let (mut pairs, mut kept) = (vec![], vec![]);
        for factor in factors {
            match self.terms.op(*factor) {
                Op::Inner(a, b) => pairs.push((*a, *b)),
                _ => kept.push(*factor),
            }
        }
        if self.sees_noise(&pairs, &kept) {
            return match self.split(&pairs, &kept) {
                Err(trouble @ Trouble::Unsupported(_)) => {
                    self.open(factors, trouble).map(|mean| vec![mean])
                }
                result => result,
            };
        }
        let one = self.terms.whole(1);
        let covariance = HashMap::new();
        let mut all = vec![];
        for (pairs, factor) in self.paired(pairs, one, &covariance)? {
            all.push(self.over_data(&pairs, &kept, factor)?);
        }
        Ok(all)
    }

    /// Whether an unknown function among the factors depends on noise.
    fn sees_noise(&self, pairs: &[(Atom, Atom)], kept: &[Term]) -> bool {
        let atoms = pairs.iter().flat_map(|(a, b)| [*a, *b]);
        let calls = atoms.filter(|a| !self.noises.contains(a));
        let noise = |atom: Atom| {
            self.noises
                .iter()
                .any(|noise| mentions_in_atom(self.terms, atom, *noise))
        };
        calls.into_iter().any(noise)
            || self
                .noises
                .iter()
                .any(|n| super::process::mentions(self.terms, kept, *n))
    }

    /// All ways to pair the noise, with the factor of each. `covariance` holds
    /// those of noises that are neither independent nor of variance 1.
    fn paired(
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

    /// The mean over the data of what is left when there is no noise.
    fn over_data(
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

    /// The mean of a product as a number of its own, where it has no closed
    /// form: all noise in it is bound.
    fn open(
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
        noises.retain(|noise| {
            super::process::mentions(self.terms, &[product], *noise)
        });
        let depth = self.depth(&[product]);
        let mut by = Replacement::new();
        for (i, noise) in noises.into_iter().enumerate() {
            by.insert(noise, self.terms.free_vector(&bound_noise(i, depth)));
        }
        let product = self.terms.replaced(product, &by)?;
        self.bound(&[product])
    }

    /// The mean of a product as a number of its own, in which the data and the
    /// noise are bound.
    fn bound(
        &mut self,
        factors: &[Term],
    ) -> Result<(Vec<Term>, Term), Trouble> {
        let mut product = self.terms.product(factors);
        let mut arguments = vec![];
        let mut name = String::from("noise");
        if let Some(data) = self.data.clone() {
            let mut by = Replacement::new();
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

    /// How many means are within each other in some terms: what is bound in one
    /// has another name than what is bound in the next.
    pub(super) fn depth(&self, of: &[Term]) -> usize {
        let mut depths: HashMap<Term, usize> = HashMap::new();
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

    /// The mean of a product with functions that see noise in one direction.
    fn split(
        &mut self,
        pairs: &[(Atom, Atom)],
        kept: &[Term],
    ) -> Result<Vec<(Vec<Term>, Term)>, Trouble> {
        let seen = self.seen(pairs, kept)?;
        // The mean of what the data are, given what is seen, is that of the
        // data (the tower property).
        if let Some(mean) = self.tower(pairs, kept, &seen)? {
            return Ok(vec![mean]);
        }
        let mut squares = vec![];
        for (_, coefficient) in &seen {
            squares.push(self.terms.power(*coefficient, 2)?);
        }
        let variance = self.terms.sum(&squares);
        let deviation = self.terms.sqrt(variance)?;
        let depth = self.depth(kept);
        let direction = self.terms.free_vector(&bound_noise(0, depth));
        let bound = direction.iter().next().map(|(atom, _)| atom);
        let bound = bound.ok_or(Trouble::Budget)?;
        let moved = self.terms.scale_vector(deviation, &direction);
        // Each noise is its share of the direction and a rest.
        let mut rests: HashMap<Atom, (Term, Atom)> = HashMap::new();
        let mut covariance = HashMap::new();
        for (noise, coefficient) in &seen {
            let share = self.terms.div(*coefficient, deviation)?;
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

    /// A vector of a pair as its shares: of noise, the direction and a rest; of
    /// a function, the same with the direction in its arguments.
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

    /// A call whose vectors have the noise replaced by the direction.
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

    /// How many times the noise of a vector is the noise that is seen.
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

    /// The noise that the first function sees, with its coefficients.
    fn seen(
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

    /// `E[E[x_0 | y]] = E[x_0]`, where `y` is what the mean is over.
    fn tower(
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

/// The name of a noise that is bound in a mean, of so many means within it.
pub(super) fn bound_noise(number: usize, depth: usize) -> String {
    format!("bound noise {number}, {depth}")
}

/// The name of the data that are bound in a mean.
pub(super) fn bound_data(depth: usize) -> String {
    format!("bound data, {depth}")
}

/// Whether two terms are one element of the ring.
pub(super) fn equal(terms: &Terms, a: Term, b: Term) -> bool {
    a == b
        || Normalizer::new(terms)
            .difference(a, b)
            .is_ok_and(|difference| difference.is_zero())
}
