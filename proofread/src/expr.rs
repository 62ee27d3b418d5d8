//! Expressions: the meaning of a formula, as a tree.

mod chance;
mod names;
mod parts;

pub(crate) use chance::{Density, Expectation, Normal, Over, Variables};
pub(crate) use names::names;

use crate::relation::Relation;
use crate::span::Span;

/// An expression and its place in the formula.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    /// The kind of expression, with its operands.
    pub(crate) kind: Kind,
    /// The place of the expression, in bytes of the formula.
    pub(crate) span: Span,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A decimal number: `digits · 10^-decimals`.
    Number {
        /// The digits as a whole number.
        digits: i64,
        /// The number of digits after the decimal point.
        decimals: u32,
    },
    /// A symbol of the notation, or the variable of a sum.
    Symbol(Symbol),
    /// A sum. The first of each pair is true if the term is subtracted.
    Sum(Vec<(bool, Expr)>),
    /// A product, with its factors in the order of writing.
    Product(Vec<Expr>),
    /// A fraction.
    Quotient(Box<Expr>, Box<Expr>),
    /// A power.
    Power(Box<Expr>, Box<Expr>),
    /// The square root, never negative.
    Root(Box<Expr>),
    /// A function of one number, such as `\log` or `\exp`.
    Function(Function, Box<Expr>),
    /// `\sum` or `\prod` over a range of whole numbers.
    Big(Box<Big>),
    /// The Euclidean norm, or the absolute value of a scalar.
    Norm(Box<Expr>),
    /// The inner product of two vectors.
    Inner(Box<Expr>, Box<Expr>),
    /// `\mathcal N(x; \mu, v I)`, a density at `x`; or, without `x`, the
    /// distribution itself.
    Normal(Box<Normal>),
    /// `q(a, b \mid c)`: a density of a process, at the values of its
    /// variables.
    Density(Density),
    /// `\mathbb E[\dots]`.
    Expectation(Box<Expectation>),
    /// `\mathrm{KL}(p \,\|\, q)`.
    Divergence(Box<Expr>, Box<Expr>),
    /// A root of odd degree, such as `\sqrt[3]{a}`: negative where the
    /// radicand is.
    OddRoot(u32, Box<Expr>),
    /// `\begin{cases}`: the value of the first case whose conditions all
    /// hold. Only the last case may have no conditions.
    Cases(Vec<(Expr, Vec<Condition>)>),
    /// `\min` or `\max`.
    Extremum(Box<Extremum>),
    /// `\frac{d}{da}` of an expression.
    Derivative(Box<Derivative>),
    /// `\int_a^b … da`.
    Integral(Box<Integral>),
    /// `\lim_{h \to 0}` of an expression.
    Limit(Box<Approach>),
    /// `x_j`: the entry `j` of a vector, counted from 1.
    Entry(Box<Expr>, Box<Expr>),
}

/// A relation that must hold for a claim, or a case, to apply.
pub(crate) type Condition = (Expr, Relation, Expr);

/// The least or the largest of several values, or of all values that an
/// expression takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Extremum {
    /// True for `\max`, false for `\min`.
    pub(crate) maximum: bool,
    /// The variable, which runs over its domain: `a` of `\min_a a^2`.
    pub(crate) over: Option<Symbol>,
    /// The values: one if there is a variable, else two or more.
    pub(crate) of: Vec<Expr>,
}

/// A derivative.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Derivative {
    /// The variable of differentiation.
    pub(crate) by: Symbol,
    /// The order of the derivative.
    pub(crate) order: u32,
    /// True if the derivative is written with `\partial`.
    pub(crate) partial: bool,
    /// True if the derivative is written with `\nabla`.
    pub(crate) gradient: bool,
    /// The expression that is differentiated.
    pub(crate) of: Expr,
}

/// A limit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Approach {
    /// The variable, which has a meaning in the body only.
    pub(crate) by: Symbol,
    /// The point or the infinity that the variable approaches.
    pub(crate) to: Destination,
    /// True if the variable approaches from above only, false if it approaches
    /// from below only.
    pub(crate) from_above: Option<bool>,
    /// The expression whose limit is taken.
    pub(crate) of: Expr,
}

/// The point or the infinity that the variable of a limit approaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Number(i64),
    Infinity,
    MinusInfinity,
}

/// A definite integral.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Integral {
    /// The variable, which has a meaning in the body only.
    pub(crate) by: Symbol,
    /// The lower limit of integration.
    pub(crate) from: Expr,
    /// The upper limit of integration.
    pub(crate) to: Expr,
    /// The integrand.
    pub(crate) body: Expr,
}

/// A symbol with its indices and arguments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Symbol {
    /// The name in one standard spelling, such as `\bar{\alpha}`.
    pub(crate) name: String,
    /// The indices, such as `t-1`.
    pub(crate) indices: Vec<Expr>,
    /// The arguments, if the symbol is a function.
    pub(crate) arguments: Vec<Expr>,
}

/// The identity of a symbol of the notation: `a_t`, `a_{t,r}` and `a(t)` are
/// three different symbols.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    pub(crate) name: String,
    pub(crate) indices: usize,
    pub(crate) arguments: usize,
}

impl Id {
    /// Returns the id of a symbol without indices and arguments.
    pub(crate) fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), indices: 0, arguments: 0 }
    }
}

impl Symbol {
    /// Returns a symbol without indices and arguments.
    pub(crate) fn plain(name: &str) -> Self {
        let name = name.to_owned();
        Self { name, indices: vec![], arguments: vec![] }
    }

    /// Returns whether two symbols may be the same entry of a family, ignoring
    /// their arguments: `a_1` may be `a_t`, but not `a_2`.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        let number = |e: &Expr| matches!(e.kind, Kind::Number { .. });
        let mut indices = self.indices.iter().zip(&other.indices);
        self.id() == other.id()
            && indices.all(|(a, b)| a == b || !(number(a) && number(b)))
    }

    pub(crate) fn id(&self) -> Id {
        Id {
            name: self.name.clone(),
            indices: self.indices.len(),
            arguments: self.arguments.len(),
        }
    }
}

/// Functions of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // their names say it
pub(crate) enum Function {
    Log,
    Exp,
    Sin,
    Cos,
    Tanh,
}

/// A sum or product over a range.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Big {
    /// True for a product, false for a sum.
    pub(crate) product: bool,
    /// The name of the index.
    pub(crate) index: String,
    /// The first value of the index.
    pub(crate) from: Expr,
    /// The last value of the index.
    pub(crate) to: Expr,
    /// The summand or the factor.
    pub(crate) body: Expr,
}

/// Compares expressions by meaning: spans do not count.
impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Expr {
    pub(crate) fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }

    /// Returns the expression of a whole number.
    pub(crate) fn whole(value: i64) -> Self {
        let kind = Kind::Number { digits: value, decimals: 0 };
        Self::new(kind, Span::default())
    }
}

/// A definition that a formula may use: `symbol := body`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rewriting {
    pub(crate) symbol: Symbol,
    pub(crate) body: Expr,
}
