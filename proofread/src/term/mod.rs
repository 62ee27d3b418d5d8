//! Terms: expressions at one choice of sizes and indices.
//!
//! A term has no symbols, sums over ranges or definitions: only free variables
//! and operations. Algebra proves statements about a term, and ball arithmetic
//! evaluates the same term at points.
//!
//! # Layout
//!
//! | file | what |
//! | --- | --- |
//! | `mod` | the terms, each stored once |
//! | `build` | constructors of terms, which simplify obvious cases |
//! | `functions` | elementary functions, which make up densities |
//! | `parts` | the subterms of a term |
//! | `obligations` | conditions under which terms have values |
//! | `value` | a number or a vector |
//! | `vector` | linear combinations of vectors |
//! | `derivative` | derivatives |
//! | `substitute` | replacement of vectors by others |

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
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

/// The number of a term in its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Term(pub(crate) u32);

/// The number of a vector that is not a combination of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Atom(pub(crate) u32);

/// An operation on terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    /// A rational number.
    Number(Q),
    /// π.
    Pi,
    /// A free variable, by its number.
    Variable(u32),
    /// A sum.
    Sum(Vec<Term>),
    /// A product.
    Product(Vec<Term>),
    /// A quotient.
    Quotient(Term, Term),
    /// A power with a whole number as its exponent.
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
    /// The value of an unknown function.
    Call(Call),
    /// The first value whose guards all hold; the last value may have no
    /// guards.
    Cases(Vec<(Vec<Guard>, Term)>),
    /// An integral over a variable, with its two ends and its integrand.
    Integral(u32, [Term; 3]),
    /// The largest value if true, the smallest if false.
    Extremum(bool, Vec<Term>),
}

/// A condition on the difference of two terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Guard {
    /// The term that is compared with 0.
    pub(crate) term: Term,
    /// The signs that the term may have.
    pub(crate) signs: crate::value::Signs,
}

/// A call of an unknown function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    /// The function. Its name includes indices and whole arguments, because
    /// these select another function.
    pub(crate) function: Unknown,
    /// The arguments.
    pub(crate) arguments: Vec<Argument>,
}

/// A function of which nothing, or little, is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unknown {
    /// A function of the notation without a definition.
    Open(String),
    /// The logarithm of the density of `a x_0 + N(0, v I)` at a vector, where
    /// `x_0` has the distribution of the data. The arguments are `a`, `v` and
    /// the vector.
    DataLogDensity(String),
    /// The mean of `x_0` given that `a x_0 + N(0, v I)` equals a vector. The
    /// arguments are `a`, `v` and the vector.
    DataMean(String),
    /// The logarithm of the density, at a vector, of a variable of a process
    /// that has no closed form.
    LogDensity(String),
    /// The mean of the first argument over data and noise, which are bound in
    /// the argument. The mean is conditional on the further arguments.
    Mean(String),
}

/// An argument of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Argument {
    /// A number.
    Scalar(Term),
    /// A vector.
    Vector(Combination),
}

/// A vector that is not a combination of others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AtomKind {
    /// A free vector, by name.
    Free(String),
    /// The value of a function.
    Call(Call),
}

/// A free real variable.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// The name as LaTeX, with its index.
    pub(crate) name: String,
    /// The domain of the values.
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
    /// The dimension of vectors, once a term depends on the dimension.
    dimension: Option<Term>,
    /// The intervals of the values of functions, if the notation gives them.
    ranges: HashMap<Unknown, Interval>,
}

/// The largest number of terms of one claim.
const MOST: usize = 400_000;

impl Terms {
    /// Returns the operation of a term.
    pub(crate) fn op(&self, term: Term) -> &Op {
        &self.ops[term.0 as usize]
    }

    /// Returns whether a term is the inner product of a vector with itself.
    pub(crate) fn is_square(&self, term: Term) -> bool {
        self.squares.contains(&term)
    }

    /// Notes that `after` is a square if `before` is one. `after` was made from
    /// `before` by substitution of vectors or numbers.
    fn keep_square(&mut self, before: Term, after: Term) {
        if self.is_square(before) {
            self.squares.insert(after);
        }
    }

    /// Returns whether there are too many terms for one claim, or all work is
    /// spent.
    pub(crate) fn is_full(&self) -> bool {
        self.ops.len() > MOST || crate::work::is_spent()
    }

    /// Returns all operations.
    pub(super) fn ops(&self) -> impl Iterator<Item = &Op> {
        self.ops.iter()
    }

    /// Stores an operation, once.
    pub(crate) fn store(&mut self, op: Op) -> Term {
        // Looking up a long sum or product takes as long as copying it.
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

    /// Returns the kind of an atom.
    pub(crate) fn atom(&self, atom: Atom) -> &AtomKind {
        &self.atoms[atom.0 as usize]
    }

    /// Returns all atoms.
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

    /// Notes the interval of the values of a function.
    pub(crate) fn set_range(&mut self, function: &Unknown, range: &Interval) {
        self.ranges.insert(function.clone(), range.clone());
    }

    /// Returns the interval of the values of a function.
    pub(crate) fn range(&self, function: &Unknown) -> Interval {
        self.ranges.get(function).cloned().unwrap_or(Interval::REALS)
    }

    /// Returns the free variables, by number.
    pub(crate) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Enters a free variable, and returns its number.
    pub(crate) fn new_variable(&mut self, variable: Variable) -> u32 {
        self.variables.push(variable);
        u32::try_from(self.variables.len() - 1).unwrap_or(u32::MAX)
    }

    /// Returns the dimension of vectors: a whole number, 1 or more.
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

    /// Returns the number of the variable that stands for the dimension.
    pub(crate) fn dimension_variable(&self) -> Option<u32> {
        match self.op(self.dimension?) {
            Op::Variable(number) => Some(*number),
            _ => None,
        }
    }
}
