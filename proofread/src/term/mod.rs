//! Terms: what an expression comes to at one choice of sizes and indices.
//!
//! A term has no symbols, sums over ranges or definitions any more: only free
//! quantities and operations. The same term is proved about by algebra and
//! evaluated at points in ball arithmetic.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `mod` | the terms, each stored once |
//! | `build` | operations that make terms, and simplify what is plain |
//! | `functions` | elementary functions, of which densities are made |
//! | `parts` | the terms below a term |
//! | `obligations` | what terms need of their parts to have values |
//! | `value` | a number or a vector |
//! | `vector` | combinations of vectors |
//! | `derivative` | derivatives |
//! | `substitute` | vectors replaced by others |

mod build;
mod derivative;
mod functions;
mod obligations;
mod parts;
mod substitute;
mod value;
mod vector;

pub(crate) use obligations::Obligation;
pub(crate) use substitute::Replacement;
pub(crate) use value::Value;
pub(crate) use vector::Combination;

use crate::expr::Function;
use crate::value::{Interval, Q};
use std::collections::{HashMap, HashSet};

/// The number of a term in its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Term(pub(crate) u32);

/// The number of a vector that is no combination of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Atom(pub(crate) u32);

/// An operation on terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    /// A rational number.
    Number(Q),
    /// π.
    Pi,
    /// A free quantity, by its number.
    Variable(u32),
    /// A sum.
    Sum(Vec<Term>),
    /// A product.
    Product(Vec<Term>),
    /// A quotient.
    Quotient(Term, Term),
    /// A whole power.
    Power(Term, i64),
    /// A root of this degree.
    Root(u32, Term),
    /// The absolute value.
    Absolute(Term),
    /// An elementary function.
    Function(Function, Term),
    /// A power of a positive number whose exponent is not whole.
    RealPower(Term, Term),
    /// The inner product of two vectors.
    Inner(Atom, Atom),
    /// The value of a function of which nothing is known.
    Call(Call),
    /// The first value whose guard holds; the last guard may be empty.
    Cases(Vec<(Vec<Guard>, Term)>),
    /// An integral from one end to the other over a variable.
    Integral(u32, [Term; 3]),
    /// The largest, or the smallest, of some values.
    Extremum(bool, Vec<Term>),
}

/// A condition on the difference of two terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Guard {
    /// What is compared with 0.
    pub(crate) term: Term,
    /// Which signs it may have.
    pub(crate) signs: crate::value::Signs,
}

/// A call of a function of which nothing is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    /// Its name, with the indices and whole arguments that make it another.
    pub(crate) function: Unknown,
    /// What it is called with.
    pub(crate) arguments: Vec<Argument>,
}

/// A function of which nothing, or little, is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unknown {
    /// A function of the notation without a meaning.
    Open(String),
    /// The logarithm of the density of `a x_0 + N(0, v I)` at a vector, where
    /// `x_0` is distributed as the data: arguments `a`, `v` and the vector.
    DataLogDensity(String),
    /// The mean of `x_0` given that `a x_0 + N(0, v I)` is a vector: arguments
    /// as above.
    DataMean(String),
    /// The logarithm of the density of a variable of a process that has no
    /// closed form, at a vector.
    LogDensity(String),
    /// The mean of its first argument over data and noise, which are bound in
    /// it; further arguments say what it is conditional on.
    Mean(String),
}

/// What a function is called with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Argument {
    /// A number.
    Scalar(Term),
    /// A vector.
    Vector(Combination),
}

/// A vector that is no combination of others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AtomKind {
    /// A free vector, by name.
    Free(String),
    /// The value of a function.
    Call(Call),
}

/// A free real quantity.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// As LaTeX, with its index.
    pub(crate) name: String,
    /// Where its values lie.
    pub(crate) domain: Interval,
    /// The part of the domain that points are drawn from first.
    pub(crate) draw: Interval,
}

/// All terms of a claim, each stored once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    ops: Vec<Op>,
    index: HashMap<Op, Term>,
    atoms: Vec<AtomKind>,
    atom_index: HashMap<AtomKind, Atom>,
    variables: Vec<Variable>,
    /// Inner products of a vector with itself, which are never negative.
    squares: HashSet<Term>,
    /// A vector of length 1, whose inner products with noise are numbers.
    unit: Option<Atom>,
    /// The dimension of vectors, once something depends on it.
    dimension: Option<Term>,
    /// Where the values of functions lie, if the notation says so.
    ranges: HashMap<Unknown, Interval>,
}

/// The most terms of one claim.
const MOST: usize = 400_000;

impl Terms {
    /// The operation of a term.
    pub(crate) fn op(&self, term: Term) -> &Op {
        &self.ops[term.0 as usize]
    }

    /// Whether a term is the inner product of a vector with itself.
    pub(crate) fn is_square(&self, term: Term) -> bool {
        self.squares.contains(&term)
    }

    /// Notes that a term is one if another is, from which it was made by
    /// putting other vectors or numbers in its place.
    fn keep_square(&mut self, before: Term, after: Term) {
        if self.is_square(before) {
            self.squares.insert(after);
        }
    }

    /// Whether there are more than one claim may have.
    pub(crate) fn is_full(&self) -> bool {
        self.ops.len() > MOST || crate::work::is_spent()
    }

    /// All operations.
    pub(super) fn ops(&self) -> impl Iterator<Item = &Op> {
        self.ops.iter()
    }

    /// Stores an operation, once.
    pub(crate) fn store(&mut self, op: Op) -> Term {
        // A long sum or product takes as long to look up as to copy.
        if let Op::Sum(parts) | Op::Product(parts) = &op {
            crate::work::spend(parts.len() / 8);
        }
        if let Some(known) = self.index.get(&op) {
            return *known;
        }
        crate::work::spend(1);
        let term = Term(u32::try_from(self.ops.len()).unwrap_or(u32::MAX));
        self.ops.push(op.clone());
        self.index.insert(op, term);
        term
    }

    /// What an atom is.
    pub(crate) fn atom(&self, atom: Atom) -> &AtomKind {
        &self.atoms[atom.0 as usize]
    }

    /// All atoms.
    pub(crate) fn atoms(&self) -> impl Iterator<Item = (Atom, &AtomKind)> {
        (0..).map(Atom).zip(&self.atoms)
    }

    /// Stores an atom, once.
    pub(crate) fn store_atom(&mut self, kind: AtomKind) -> Atom {
        if let Some(known) = self.atom_index.get(&kind) {
            return *known;
        }
        let atom = Atom(u32::try_from(self.atoms.len()).unwrap_or(u32::MAX));
        self.atoms.push(kind.clone());
        self.atom_index.insert(kind, atom);
        atom
    }

    /// Notes where the values of a function lie.
    pub(crate) fn set_range(&mut self, function: &Unknown, range: &Interval) {
        self.ranges.insert(function.clone(), range.clone());
    }

    /// Where the values of a function lie.
    pub(crate) fn range(&self, function: &Unknown) -> Interval {
        self.ranges.get(function).cloned().unwrap_or(Interval::REALS)
    }

    /// The free quantities, by number.
    pub(crate) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Enters a free quantity.
    pub(crate) fn new_variable(&mut self, variable: Variable) -> u32 {
        self.variables.push(variable);
        u32::try_from(self.variables.len() - 1).unwrap_or(u32::MAX)
    }

    /// The dimension of vectors: a whole number, 1 or more.
    pub(crate) fn dimension(&mut self) -> Term {
        if let Some(known) = self.dimension {
            return known;
        }
        let one = crate::value::whole(1);
        let number = self.new_variable(Variable {
            name: "d".into(),
            domain: Interval::from(one.clone(), true),
            draw: Interval::closed(one, crate::value::whole(3)),
        });
        let term = self.store(Op::Variable(number));
        self.dimension = Some(term);
        term
    }

    /// The number of the variable that stands for the dimension.
    pub(crate) fn dimension_variable(&self) -> Option<u32> {
        match self.op(self.dimension?) {
            Op::Variable(number) => Some(*number),
            _ => None,
        }
    }
}
