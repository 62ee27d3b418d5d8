//! Densities and expectations.

use super::{Expr, Symbol};

/// A Gaussian with a covariance that is a multiple of the identity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Normal {
    /// The point of the density; none for the distribution itself.
    pub(crate) at: Option<Expr>,
    /// The mean.
    pub(crate) mean: Expr,
    /// The variance: `v` of `v I`.
    pub(crate) variance: Expr,
    /// True if the covariance is written with `I`, so that the Gaussian is one
    /// of vectors.
    pub(crate) of_vectors: bool,
}

/// A density of a process.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Density {
    /// The name of the process, such as `q` or `p_{\theta}`.
    pub(crate) name: String,
    /// The variables before the bar.
    pub(crate) of: Vec<Variables>,
    /// The variables behind the bar.
    pub(crate) given: Vec<Variables>,
}

/// A variable of a process, or a range of them such as `x_{1:T}`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variables {
    /// The family, such as `x`.
    pub(crate) name: String,
    /// The first index.
    pub(crate) from: Expr,
    /// The last index, if this is a range.
    pub(crate) to: Option<Expr>,
}

/// An expectation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expectation {
    /// The random variables that the subscript gives.
    pub(crate) over: Vec<Over>,
    /// The expression whose mean is taken.
    pub(crate) body: Expr,
    /// The variables that the expectation is conditional on.
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
    /// A variable with the Gaussian that the subscript gives:
    /// `\mathbb E_{y \sim \mathcal N(m, v I)}`.
    Drawn(Symbol, Box<Expr>),
    /// An index, uniform over its own range, as in `\mathbb E_{t, x_0}`, or
    /// over the given range, as in `\mathbb E_{t \sim \mathcal U(1, T)}`.
    Index(String, Option<Box<(Expr, Expr)>>),
}
