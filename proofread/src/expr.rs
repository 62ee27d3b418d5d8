//! Expressions: what a formula means, as a tree.

mod chance;
mod names;
mod parts;

pub(crate) use chance::{Density, Expectation, Normal, Over, Variables};
pub(crate) use names::names;

use crate::relation::Relation;
use crate::span::Span;

/// An expression, and where it stands in its formula.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    /// What it is.
    pub(crate) kind: Kind,
    /// Where it stands, in bytes of the formula.
    pub(crate) span: Span,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A decimal number: `digits · 10^-decimals`.
    Number {
        /// The digits as a whole number.
        digits: i64,
        /// How many of them stand behind the point.
        decimals: u32,
    },
    /// A symbol of the notation, or the variable of a sum.
    Symbol(Symbol),
    /// A sum; the first of each pair is true for a term that is subtracted.
    Sum(Vec<(bool, Expr)>),
    /// A product, in the order of writing.
    Product(Vec<Expr>),
    /// A fraction.
    Quotient(Box<Expr>, Box<Expr>),
    /// A power.
    Power(Box<Expr>, Box<Expr>),
    /// The square root, never negative.
    Root(Box<Expr>),
    /// `\log`, `\exp` and the like.
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
    /// Whether it is the largest.
    pub(crate) maximum: bool,
    /// The symbol that runs over its domain: `a` of `\min_a a^2`.
    pub(crate) over: Option<Symbol>,
    /// The values: one if there is a symbol that runs, else two or more.
    pub(crate) of: Vec<Expr>,
}

/// A derivative.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Derivative {
    /// The symbol that it is taken by.
    pub(crate) by: Symbol,
    /// How often it is taken.
    pub(crate) order: u32,
    /// Whether it is written with `\partial`.
    pub(crate) partial: bool,
    /// Whether it is written with `\nabla`.
    pub(crate) gradient: bool,
    /// What is differentiated.
    pub(crate) of: Expr,
}

/// A limit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Approach {
    /// The variable, which has a meaning in the body only.
    pub(crate) by: Symbol,
    /// Where it goes.
    pub(crate) to: Destination,
    /// Whether it comes from above only, or from below only.
    pub(crate) from_above: Option<bool>,
    /// What it is the limit of.
    pub(crate) of: Expr,
}

/// Where the variable of a limit goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Number(i64),
    Infinity,
    MinusInfinity,
}

/// An integral between two ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Integral {
    /// The variable, which has a meaning in the body only.
    pub(crate) by: Symbol,
    /// The lower end.
    pub(crate) from: Expr,
    /// The upper end.
    pub(crate) to: Expr,
    /// What is integrated.
    pub(crate) body: Expr,
}

/// A symbol with its indices and arguments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Symbol {
    /// The name in one standard spelling, such as `\bar{\alpha}`.
    pub(crate) name: String,
    /// The indices, such as `t-1`.
    pub(crate) indices: Vec<Expr>,
    /// The arguments, of a function.
    pub(crate) arguments: Vec<Expr>,
}

/// What tells one symbol of the notation from another: `a_t`, `a_{t,r}` and
/// `a(t)` are three.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    pub(crate) name: String,
    pub(crate) indices: usize,
    pub(crate) arguments: usize,
}

impl Id {
    /// Of a symbol without indices and arguments.
    pub(crate) fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), indices: 0, arguments: 0 }
    }
}

impl Symbol {
    /// A symbol that is only a name.
    pub(crate) fn plain(name: &str) -> Self {
        let name = name.to_owned();
        Self { name, indices: vec![], arguments: vec![] }
    }

    /// Whether two symbols may be one entry of a family, arguments aside: `a_1`
    /// may be `a_t`, and is not `a_2`.
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
    /// Whether it is a product.
    pub(crate) product: bool,
    /// The running index.
    pub(crate) index: String,
    /// Its first value.
    pub(crate) from: Expr,
    /// Its last value.
    pub(crate) to: Expr,
    /// What is summed or multiplied.
    pub(crate) body: Expr,
}

/// Spans do not count: what is compared is what is meant.
impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Expr {
    pub(crate) fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }

    /// A whole number.
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
