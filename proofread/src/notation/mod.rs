//! The notation file: the meaning of each symbol.
//!
//! The notation file is a TOML file of four tables. `sizes` are whole numbers
//! that are drawn, such as the length of a chain; `indices` run over ranges;
//! `symbols` are numbers, vectors and functions, free or defined by others;
//! `processes` are chains of random variables. The keys are LaTeX, and are
//! parsed as the text is.
//!
//! # Layout
//!
//! | file | content |
//! | --- | --- |
//! | `dependence` | names that definitions depend on |
//! | `free` | free names of expressions, and names that would be captured |
//! | `granted` | conditions that the notation grants |
//! | `whole` | expressions that are indices, sizes and numbers |

mod dependence;
mod free;
mod granted;
mod whole;

pub(crate) use granted::{granted, wider};
pub(crate) use whole::{is_whole, mentions, sets_index};

use crate::expr::{Expr, Id, Kind, Symbol};
use crate::span::Span;
use crate::value::Interval;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The meanings of the symbols of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notation {
    pub(crate) sizes: BTreeMap<String, (i64, i64)>,
    pub(crate) indices: BTreeMap<String, (Bound, Bound)>,
    pub(crate) symbols: BTreeMap<Id, Declaration>,
    pub(crate) processes: BTreeMap<String, Process>,
    /// True if `a = b` defines an unknown `a`.
    pub(crate) implicit: bool,
    /// True if a claim passes that holds wherever both of its sides have
    /// values.
    pub(crate) allows_undefined: bool,
    /// True if a claim passes for which a search found no counterexample.
    pub(crate) allows_searched: bool,
}

/// One end of the range of an index: a size, another index or nothing, plus an
/// offset.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) size: Option<String>,
    pub(crate) offset: i64,
}

/// The type of a symbol's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sort {
    /// A real number.
    Scalar,
    /// A vector.
    Vector,
}

/// A symbol of the notation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Declaration {
    pub(crate) name: String,
    /// The names of the indices.
    pub(crate) indices: Vec<String>,
    /// The range of the first index.
    pub(crate) range: Option<(Bound, Bound)>,
    /// The parameters of a function.
    pub(crate) parameters: Vec<Symbol>,
    pub(crate) sort: Sort,
    pub(crate) domain: Interval,
    /// The interval from which values are drawn.
    pub(crate) draw: Interval,
    /// The definition by other symbols.
    pub(crate) means: Option<Expr>,
    /// True if the symbol is random, with a standard normal distribution.
    pub(crate) standard_normal: bool,
    /// True if the definition contains an index that is not the symbol's own,
    /// so that the value depends on the place of use.
    pub(crate) ambient: bool,
    /// The names that the definition depends on, also through other
    /// definitions.
    pub(crate) depends: BTreeSet<String>,
    /// The span of the name in the notation file.
    pub(crate) place: Span,
}

/// A chain of random variables.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Process {
    /// The family of the variables, such as `x`.
    pub(crate) variable: String,
    /// The initial distribution, or `None` for any distribution.
    pub(crate) start: Option<Expr>,
    /// The distribution of each further variable, given the variable before.
    pub(crate) step: Expr,
    /// True if the process runs from the last variable to the first.
    pub(crate) backwards: bool,
    /// The index of the step.
    pub(crate) index: String,
    /// The first and the last index of the variables.
    pub(crate) range: (Bound, Bound),
}

impl Notation {
    /// Returns the domain of a symbol that is declared, and not defined.
    pub(crate) fn domain(&self, expr: &Expr) -> Option<&Interval> {
        let Kind::Symbol(symbol) = &expr.kind else { return None };
        let declared = self.symbols.get(&symbol.id())?;
        declared.means.is_none().then_some(&declared.domain)
    }

    /// Returns the name of a size, if the expression is one.
    pub(crate) fn size<'a>(&self, expr: &'a Expr) -> Option<&'a str> {
        let Kind::Symbol(symbol) = &expr.kind else { return None };
        let is_size =
            symbol.indices.is_empty() && self.sizes.contains_key(&symbol.name);
        is_size.then_some(symbol.name.as_str())
    }
}

impl Declaration {
    pub(crate) fn id(&self) -> Id {
        Id {
            name: self.name.clone(),
            indices: self.indices.len(),
            arguments: self.parameters.len(),
        }
    }
}

impl Bound {
    /// Returns the bound as an expression, for a range that the text omits.
    pub(crate) fn expr(&self) -> Expr {
        let Some(size) = &self.size else { return Expr::whole(self.offset) };
        let size = Kind::Symbol(Symbol::plain(size));
        let size = Expr::new(size, Span::default());
        if self.offset == 0 {
            return size;
        }
        let offset = Expr::whole(self.offset.abs());
        let terms = vec![(false, size), (self.offset < 0, offset)];
        Expr::new(Kind::Sum(terms), Span::default())
    }
}
