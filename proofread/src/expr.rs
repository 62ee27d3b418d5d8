//! Expressions: what a formula means, as a tree.

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
    /// What is differentiated.
    pub(crate) of: Expr,
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
    pub(crate) fn id(&self) -> Id {
        Id {
            name: self.name.clone(),
            indices: self.indices.len(),
            arguments: self.arguments.len(),
        }
    }
}

/// Functions of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// A Gaussian with a covariance that is a multiple of the identity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Normal {
    /// The point at which the density is taken; none for the distribution.
    pub(crate) at: Option<Expr>,
    /// The mean.
    pub(crate) mean: Expr,
    /// The variance: `v` of `v I`.
    pub(crate) variance: Expr,
    /// Whether the covariance is written with `I`, so that it is one of
    /// vectors.
    pub(crate) of_vectors: bool,
}

/// A density of a process.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Density {
    /// The name of the process, such as `q` or `p_{\theta}`.
    pub(crate) name: String,
    /// The variables before the bar.
    pub(crate) of: Vec<Variables>,
    /// Those behind it.
    pub(crate) given: Vec<Variables>,
}

/// A variable of a process, or a range of them such as `x_{1:T}`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variables {
    /// The family, such as `x`.
    pub(crate) name: String,
    /// The first index.
    pub(crate) from: Expr,
    /// The last index, of a range.
    pub(crate) to: Option<Expr>,
}

/// An expectation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expectation {
    /// What is random: what the subscript says.
    pub(crate) over: Vec<Over>,
    /// What is averaged.
    pub(crate) body: Expr,
    /// What it is conditional on.
    pub(crate) given: Vec<Variables>,
}

/// An entry in the subscript of an expectation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Over {
    /// A process with all its variables: `\mathbb E_q`.
    Process(String),
    /// A density: `\mathbb E_{q(x_t \mid x_0)}`.
    Density(Density),
    /// A variable with a distribution of its own: `\mathbb E_{\epsilon}`.
    Variable(Symbol),
    /// An index, uniform over its range: `\mathbb E_{t, x_0}`.
    Index(String),
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

    /// The expressions right below this one.
    pub(crate) fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Number { .. } => vec![],
            Kind::Symbol(symbol) => {
                symbol.indices.iter().chain(&symbol.arguments).collect()
            }
            Kind::Sum(terms) => terms.iter().map(|(_, term)| term).collect(),
            Kind::Product(factors) => factors.iter().collect(),
            Kind::Quotient(a, b)
            | Kind::Power(a, b)
            | Kind::Inner(a, b)
            | Kind::Entry(a, b)
            | Kind::Divergence(a, b) => vec![a, b],
            Kind::OddRoot(_, a) => vec![a],
            Kind::Cases(cases) => {
                let mut all = vec![];
                for (value, conditions) in cases {
                    all.push(value);
                    for (a, _, b) in conditions {
                        all.extend([a, b]);
                    }
                }
                all
            }
            Kind::Extremum(extremum) => extremum.of.iter().collect(),
            Kind::Derivative(derivative) => vec![&derivative.of],
            Kind::Integral(integral) => {
                vec![&integral.from, &integral.to, &integral.body]
            }
            Kind::Root(a) | Kind::Function(_, a) | Kind::Norm(a) => vec![a],
            Kind::Big(big) => vec![&big.from, &big.to, &big.body],
            Kind::Normal(normal) => normal
                .at
                .iter()
                .chain([&normal.mean, &normal.variance])
                .collect(),
            Kind::Density(density) => density.children(),
            Kind::Expectation(expectation) => {
                let given = expectation.given.iter();
                let mut all: Vec<_> =
                    given.flat_map(Variables::children).collect();
                for over in &expectation.over {
                    match over {
                        Over::Process(_) | Over::Index(_) => {}
                        Over::Density(density) => {
                            all.extend(density.children());
                        }
                        Over::Variable(symbol) => all.extend(&symbol.indices),
                    }
                }
                all.push(&expectation.body);
                all
            }
        }
    }

    /// The expression at this place among the [`children`](Self::children).
    pub(crate) fn child_mut(&mut self, i: usize) -> Option<&mut Expr> {
        match &mut self.kind {
            Kind::Number { .. } => None,
            Kind::Density(density) => {
                let Density { of, given, .. } = density;
                let variables = of.iter_mut().chain(given);
                variables
                    .flat_map(|v| std::iter::once(&mut v.from).chain(&mut v.to))
                    .nth(i)
            }
            Kind::Symbol(symbol) => {
                symbol.indices.iter_mut().chain(&mut symbol.arguments).nth(i)
            }
            Kind::Sum(terms) => terms.get_mut(i).map(|(_, term)| term),
            Kind::Product(factors) => factors.get_mut(i),
            Kind::Quotient(a, b)
            | Kind::Power(a, b)
            | Kind::Inner(a, b)
            | Kind::Entry(a, b)
            | Kind::Divergence(a, b) => {
                [a, b].into_iter().nth(i).map(|e| &mut **e)
            }
            Kind::Root(a) | Kind::Function(_, a) | Kind::Norm(a) => {
                (i == 0).then_some(&mut **a)
            }
            Kind::OddRoot(_, a) => (i == 0).then_some(&mut **a),
            Kind::Cases(cases) => {
                let parts = cases.iter_mut().flat_map(|(value, conditions)| {
                    let sides = conditions.iter_mut();
                    let sides = sides.flat_map(|(a, _, b)| [a, b]);
                    std::iter::once(value).chain(sides)
                });
                parts.into_iter().nth(i)
            }
            Kind::Extremum(extremum) => extremum.of.get_mut(i),
            Kind::Derivative(derivative) => {
                (i == 0).then_some(&mut derivative.of)
            }
            Kind::Integral(integral) => {
                let Integral { from, to, body, .. } = &mut **integral;
                [from, to, body].into_iter().nth(i)
            }
            Kind::Big(big) => {
                let Big { from, to, body, .. } = &mut **big;
                [from, to, body].into_iter().nth(i)
            }
            Kind::Normal(normal) => {
                let Normal { at, mean, variance, .. } = &mut **normal;
                at.iter_mut().chain([mean, variance]).nth(i)
            }
            // Only the body, which comes last.
            Kind::Expectation(expectation) => {
                let count = Expr::new(
                    Kind::Expectation(expectation.clone()),
                    Span::default(),
                )
                .children()
                .len();
                (i + 1 == count).then_some(&mut expectation.body)
            }
        }
    }

    /// Calls `f` with this expression and all below it.
    pub(crate) fn visit<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        f(self);
        for child in self.children() {
            child.visit(f);
        }
    }
}

impl Density {
    fn children(&self) -> Vec<&Expr> {
        let variables = self.of.iter().chain(&self.given);
        variables.flat_map(Variables::children).collect()
    }
}

impl Variables {
    fn children(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.from).chain(&self.to)
    }
}
